"""Who owes whom, counted from the facts instead of from what moved in euro."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    rows,
    stream,
    with_count,
)
from reciproca.control_room.verification.facts import funds_of_policies
from reciproca.registry import queries as registry

Pairs = dict[tuple[UUID, UUID], int]

LEDGER = """
SELECT d.owner, c.owner, sum(t.amount)::bigint FROM ledger_transfer t
JOIN ledger_account d ON d.id = t.debit_account_id AND d.purpose = 'clearing'
JOIN ledger_account c ON c.id = t.credit_account_id AND c.purpose = 'clearing'
GROUP BY 1, 2
"""

# Each branch of the purchases, from the purchases themselves.
BRANCHES = """
WITH lands AS (
  SELECT * FROM unnest(%(policies)s::varchar[], %(branches)s::varchar[], %(funds)s::uuid[])
    AS f (policy, branch, fund)
)
SELECT p.seller_id, f.fund, sum(CASE f.branch
    WHEN 'member' THEN p.member_cents WHEN 'common' THEN p.common_cents
    WHEN 'territory' THEN p.territory_cents ELSE p.solidarity_cents END)::bigint
FROM purchases_purchase p JOIN lands f ON f.policy = p.policy_id GROUP BY 1, 2
"""

# A purchase says how much credit paid, the lots say whose it was: credit is counted in its own
# unit, apart from the euro that follow from it.
SPENT = """
SELECT CASE WHEN t.code = 'refund-spend' THEN c.party ELSE d.party END,
  coalesce(p.seller_id, g.project_id),
  sum(CASE WHEN t.code = 'refund-spend' THEN -t.amount ELSE t.amount END)::bigint
FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account_id
JOIN ledger_account c ON c.id = t.credit_account_id
LEFT JOIN purchases_purchase p ON p.id = t.reference
LEFT JOIN valueback_gift g ON g.id = t.reference
WHERE t.code IN ('spend', 'refund-spend', 'gift') GROUP BY 1, 2
"""

TRANCHES = """
SELECT c.fund_id, a.node_id, sum(t.amount_cents)::bigint FROM projects_tranche t
JOIN projects_receipt r ON r.id = t.receipt_id JOIN projects_award a ON a.project_id = r.award_id
JOIN projects_project p ON p.id = a.project_id JOIN projects_call c ON c.id = p.call_id
WHERE t.amount_cents > 0 GROUP BY 1, 2
"""

EXPIRED = """
SELECT issuer_id, fund_id, sum(amount_cents)::bigint FROM valueback_expiredlot GROUP BY 1, 2
"""

# Value that had ended and a refund called back, lot by lot, and the funds where those lots lie.
CALLED_BACK = """
SELECT p.buyer_id, p.seller_id, p.expires_on, sum(p.expired_cents)::bigint
FROM purchases_purchase p WHERE p.expired_cents > 0 GROUP BY 1, 2, 3
"""
ENDED = """
SELECT fund_id, amount_cents FROM valueback_expiredlot
WHERE member_id = %(member)s AND issuer_id = %(issuer)s AND expires_on = %(expires_on)s ORDER BY id
"""

# The common fund's part of a pool: of a first run all of it, of a correction the difference.
REDISTRIBUTED = """
SELECT r.pool_id, (p.document::jsonb ->> 'common_fund')::uuid, sum(r.common_cents - coalesce((
    SELECT b.common_cents FROM redistribution_run b
    WHERE r.corrects_id IS NOT NULL AND b.paid_at < r.paid_at
      AND (b.id = r.corrects_id OR b.corrects_id = r.corrects_id)
    ORDER BY b.paid_at DESC LIMIT 1), 0))::bigint
FROM redistribution_run r JOIN governance_policy p ON p.digest = r.policy_id
WHERE r.paid_at IS NOT NULL GROUP BY 1, 2
"""

SETTLED = """
SELECT debtor_id, creditor_id, -sum(amount_cents)::bigint FROM clearing_obligation GROUP BY 1, 2
UNION ALL
SELECT debtor_id, creditor_id, sum(amount_cents)::bigint FROM clearing_payment GROUP BY 1, 2
UNION ALL
SELECT p.debtor_id, p.creditor_id, -sum(p.amount_cents)::bigint
FROM clearing_settlement s JOIN clearing_payment p ON p.id = s.payment_id GROUP BY 1, 2
"""


def obligations_equal_independent_count(count: Count) -> Faults:
    """For each pair: what facts make one owe the other, less netted, plus to pay, less settled."""
    posted, counted = _signed(LEDGER), _counted(count)
    wrong = {
        pair: (posted.get(pair, 0), counted.get(pair, 0))
        for pair in posted.keys() | counted.keys()
        if posted.get(pair, 0) != counted.get(pair, 0)
    }
    names = registry.names_of({node for pair in wrong for node in pair})
    for (debtor, creditor), (owes, should) in sorted(wrong.items()):
        yield _(
            "%(debtor)s risulta dovere %(owes)s a %(creditor)s; contando i fatti sono %(should)s."
        ) % {
            "debtor": names.get(debtor, debtor),
            "creditor": names.get(creditor, creditor),
            "owes": in_words(owes),
            "should": in_words(should),
        }
    pairs = len(counted)
    return with_count(ngettext("%(n)s coppia", "%(n)s coppie", pairs), pairs)


def _counted(count: Count) -> Pairs:
    pairs: Pairs = defaultdict(int)
    steps: list[tuple[str, dict[str, Any] | None]] = [
        (BRANCHES, funds_of_policies()),
        (SPENT, None),
        (EXPIRED, None),
        (REDISTRIBUTED, None),
        (TRANCHES, None),
        (SETTLED, None),
    ]
    for done, (sql, params) in enumerate(steps, start=1):
        for pair, cents in _signed(sql, params).items():
            pairs[pair] += cents
        count(done, len(steps))
    for member, seller, expires_on, cents in rows(CALLED_BACK):
        lot = {"member": member, "issuer": seller, "expires_on": expires_on}
        for fund, ended in rows(ENDED, lot):
            called, cents = min(ended, cents), max(0, cents - ended)
            _add(pairs, fund, seller, called)
    return pairs


def _signed(sql: str, params: dict[str, Any] | None = None) -> Pairs:
    """Return what each pair's first owes its second, less what the second owes the first."""
    pairs: Pairs = defaultdict(int)
    for debtor, creditor, cents in stream(sql, params):
        _add(pairs, debtor, creditor, cents)
    return pairs


def _add(pairs: Pairs, debtor: UUID, creditor: UUID, cents: int) -> None:
    if debtor == creditor:
        return
    if debtor < creditor:
        pairs[debtor, creditor] += cents
    else:
        pairs[creditor, debtor] -= cents
