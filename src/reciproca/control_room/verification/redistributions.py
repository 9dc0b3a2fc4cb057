"""Every redistribution computed again from what it froze, and held against what moved."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import Count, Faults, in_words, stream, with_count
from reciproca.redistribution.approving import check_untouched
from reciproca.redistribution.models import Run
from reciproca.shared.errors import DomainError

# What each line and each common share of a paid run says, against what moved under its id.
MOVED = """
WITH said AS (
  SELECT l.id, l.paid_cents AS cents, l.member_id AS taker, r.pool_id AS pool
  FROM redistribution_line l JOIN redistribution_run r ON r.id = l.run_id
  WHERE r.paid_at IS NOT NULL AND l.paid_cents <> 0
  UNION ALL
  SELECT r.common_id, r.common_cents - coalesce((
      SELECT b.common_cents FROM redistribution_run b
      WHERE r.corrects_id IS NOT NULL AND b.paid_at < r.paid_at
        AND (b.id = r.corrects_id OR b.corrects_id = r.corrects_id)
      ORDER BY b.paid_at DESC LIMIT 1), 0),
    (p.document::jsonb ->> 'common_fund')::uuid, r.pool_id
  FROM redistribution_run r JOIN governance_policy p ON p.digest = r.policy_id
  WHERE r.paid_at IS NOT NULL
), moved AS (
  SELECT t.reference AS id, f.taker, f.pool, sum(f.cents) AS cents
  FROM ledger_transfer t
  JOIN ledger_account d ON d.id = t.debit_account_id
  JOIN ledger_account c ON c.id = t.credit_account_id
  CROSS JOIN LATERAL (SELECT
    CASE WHEN t.code IN ('redistributed', 'redistributed-recovery', 'redistributed-common')
      THEN c.owner ELSE d.owner END AS taker,
    CASE WHEN t.code IN ('redistributed', 'redistributed-recovery', 'redistributed-common')
      THEN d.owner ELSE c.owner END AS pool,
    CASE WHEN t.code IN ('redistributed', 'redistributed-recovery', 'redistributed-common')
      THEN t.amount ELSE -t.amount END AS cents) AS f
  WHERE t.code LIKE 'redistributed%' GROUP BY 1, 2, 3
)
SELECT id, coalesce(s.cents, 0), coalesce(m.cents, 0)
FROM said s FULL JOIN moved m USING (id, taker, pool)
WHERE coalesce(s.cents, 0) <> coalesce(m.cents, 0) ORDER BY id
"""


def redistributions_recomputed(count: Count) -> Faults:
    """Policy, scores and parts of every run are what they were, and its parts are what moved."""
    runs = list(Run.objects.exclude(measured_at=None).order_by("id"))
    for done, run in enumerate(runs, start=1):
        for fault in _faults(run):
            yield _("Riparto %(run)s: %(fault)s") % {"run": run.run_key, "fault": fault}
        count(done, len(runs))
    for fact, said, moved in stream(MOVED):
        yield _("La parte %(fact)s dice %(said)s, i suoi movimenti %(moved)s.") % {
            "fact": fact,
            "said": in_words(said),
            "moved": in_words(moved),
        }
    return with_count(ngettext("%(n)s riparto", "%(n)s riparti", len(runs)), len(runs))


def _faults(run: Run) -> Iterator[str]:
    try:
        check_untouched(run)
    except DomainError as refusal:
        yield str(refusal)
