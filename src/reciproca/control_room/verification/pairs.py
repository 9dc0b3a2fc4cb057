"""The sums of two nodes that pages of the whole network read, against every transfer."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.clearing.queries import OBLIGATION_CODES
from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    row_count,
    stream,
    with_count,
)
from reciproca.registry import queries as registry

SUMS = """
WITH counted AS (
  SELECT d.owner AS debtor_id, c.owner AS creditor_id, t.code,
    date_trunc('month', t.happened_at AT TIME ZONE %(zone)s)::date AS month,
    sum(t.amount)::bigint AS cents, count(DISTINCT t.reference) AS facts
  FROM ledger_transfer t
  JOIN ledger_account d ON d.id = t.debit_account_id AND d.purpose = 'clearing'
  JOIN ledger_account c ON c.id = t.credit_account_id AND c.purpose = 'clearing'
  WHERE d.owner <> c.owner AND t.code = ANY(%(codes)s) GROUP BY 1, 2, 3, 4
)
SELECT debtor_id, creditor_id, month, p.amount_cents, c.cents FROM counted c
FULL JOIN control_room_pairmonth p USING (debtor_id, creditor_id, code, month)
WHERE (p.amount_cents, p.fact_count) IS DISTINCT FROM (c.cents, c.facts)
ORDER BY 1, 2, 3
"""


def pair_months_equal_transfers(count: Count) -> Faults:
    """What two nodes came to owe each other in a month is the sum of its transfers."""
    told = {"zone": settings.TIME_ZONE, "codes": list(OBLIGATION_CODES)}
    for debtor, creditor, month, kept, counted in stream(SUMS, told):
        names = registry.names_of([debtor, creditor])
        yield _(
            "%(debtor)s verso %(creditor)s, %(month)s: la somma dice %(kept)s, i movimenti"
            " %(counted)s."
        ) % {
            "debtor": names.get(debtor, debtor),
            "creditor": names.get(creditor, creditor),
            "month": f"{month:%m/%Y}",
            "kept": in_words(kept or 0),
            "counted": in_words(counted or 0),
        }
    sums = row_count("control_room_pairmonth")
    return with_count(ngettext("%(n)s somma", "%(n)s somme", sums), sums)
