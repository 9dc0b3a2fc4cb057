"""What the closings of tills say, against the purchases that were made there."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    row_count,
    stream,
    with_count,
)

SUMS = """
WITH counted AS (
  SELECT s.till_id, s.day_number AS number,
    count(*) FILTER (WHERE p.kind = 'sale') AS sale_count,
    coalesce(sum(p.total_cents) FILTER (WHERE p.kind = 'sale'), 0) AS sale_cents,
    count(*) FILTER (WHERE p.kind = 'refund') AS refund_count,
    coalesce(-sum(p.total_cents) FILTER (WHERE p.kind = 'refund'), 0) AS refund_cents,
    sum(p.credit_cents) AS credit_cents
  FROM tills_tillsale s JOIN purchases_purchase p ON p.id = s.purchase_id GROUP BY 1, 2
)
SELECT t.name, c.number, c.sale_cents - c.refund_cents,
  coalesce(n.sale_cents - n.refund_cents, 0)
FROM tills_closing c JOIN tills_till t ON t.id = c.till_id
LEFT JOIN counted n USING (till_id, number)
WHERE (c.sale_count, c.sale_cents, c.refund_count, c.refund_cents, c.credit_cents)
  IS DISTINCT FROM (coalesce(n.sale_count, 0), coalesce(n.sale_cents, 0),
    coalesce(n.refund_count, 0), coalesce(n.refund_cents, 0), coalesce(n.credit_cents, 0))
ORDER BY t.id, c.number
"""


def closings_equal_sales(count: Count) -> Faults:
    """What a till's closing says of its day is the sum of the purchases of that day."""
    for till, number, kept, counted in stream(SUMS):
        yield _(
            "%(till)s, giornata %(number)s: la chiusura dice %(kept)s, gli acquisti %(counted)s."
        ) % {"till": till, "number": number, "kept": in_words(kept), "counted": in_words(counted)}
    closings = row_count("tills_closing")
    return with_count(ngettext("%(n)s chiusura", "%(n)s chiusure", closings), closings)
