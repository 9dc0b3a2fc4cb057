"""The ledger by itself: nothing created, nothing lost, nobody beyond a limit."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    row_count,
    rows,
    stream,
    with_count,
)

UNITS = """
SELECT unit, sum(credits_posted - debits_posted + coalesce(striped, 0))::bigint, count(*)
FROM ledger_account LEFT JOIN (
  SELECT account_id, sum(credits_posted - debits_posted) AS striped
  FROM ledger_stripe GROUP BY account_id
) AS stripes ON account_id = id
GROUP BY unit ORDER BY unit
"""

LIMITS = """
SELECT id, credits_posted - debits_posted, floor, ceiling FROM ledger_account
WHERE credits_posted - debits_posted - debits_pending < floor
   OR credits_posted - debits_posted + credits_pending > ceiling
   OR least(debits_posted, credits_posted, debits_pending, credits_pending) < 0
   OR (floor IS NOT NULL OR ceiling IS NOT NULL)
      AND id IN (SELECT account_id FROM ledger_stripe)
ORDER BY id
"""

PENDING = """
WITH entry AS (
  SELECT debit_account_id AS id, amount AS debit, 0::bigint AS credit
  FROM ledger_reservation WHERE ended_at IS NULL
  UNION ALL
  SELECT credit_account_id, 0, amount FROM ledger_reservation WHERE ended_at IS NULL
), counted AS (
  SELECT id, sum(debit)::bigint AS debits, sum(credit)::bigint AS credits FROM entry GROUP BY id
)
SELECT coalesce(a.id, c.id), a.debits_pending, a.credits_pending,
       coalesce(c.debits, 0), coalesce(c.credits, 0)
FROM ledger_account a FULL JOIN counted c ON c.id = a.id
WHERE a.id IS NULL OR a.debits_pending <> coalesce(c.debits, 0)
   OR a.credits_pending <> coalesce(c.credits, 0)
ORDER BY 1
"""

TAKEN = """
SELECT r.id FROM ledger_reservation r LEFT JOIN ledger_transfer t ON t.id = r.transfer_id
WHERE r.transfer_id IS NOT NULL
  AND (t.debit_account_id, t.credit_account_id, t.amount, t.unit, t.code) IS DISTINCT FROM
      (r.debit_account_id, r.credit_account_id, r.taken_amount, r.unit, r.code)
ORDER BY r.id
"""


def units_sum_to_zero(count: Count) -> Faults:
    """Every cent, minute and share that somebody has, somebody else is owed for."""
    units = rows(UNITS)
    for unit, balance, _accounts in units:
        if balance:
            yield _("I saldi in %(unit)s non si pareggiano: restano %(cents)s.") % {
                "unit": unit,
                "cents": in_words(balance),
            }
    accounts = sum(accounts for _unit, _balance, accounts in units)
    return ", ".join(
        (
            with_count(ngettext("%(n)s unità", "%(n)s unità", len(units)), len(units)),
            with_count(ngettext("%(n)s conto", "%(n)s conti", accounts), accounts),
        )
    )


def accounts_within_limits(count: Count) -> Faults:
    """No account is below its floor or above its ceiling."""
    for account, balance, floor, ceiling in stream(LIMITS):
        yield _("Il conto %(account)s ha un saldo di %(balance)s, fuori dai suoi limiti.") % {
            "account": account,
            "balance": balance,
            "floor": floor,
            "ceiling": ceiling,
        }
    [(limited,)] = rows(
        "SELECT count(*) FROM ledger_account WHERE floor IS NOT NULL OR ceiling IS NOT NULL"
    )
    return with_count(
        ngettext("%(n)s conto con un limite", "%(n)s conti con un limite", limited), limited
    )


def pending_equals_open_reservations(count: Count) -> Faults:
    """What waits on an account is what is reserved there; what was taken has moved, once."""
    for account, leaving, coming, counted_debits, counted_credits in stream(PENDING):
        yield _(
            "Il conto %(account)s tiene riservati %(debits)s in uscita e %(credits)s in entrata; le"
            " sue riserve aperte fanno %(counted_debits)s e %(counted_credits)s."
        ) % {
            "account": account,
            "debits": leaving,
            "credits": coming,
            "counted_debits": counted_debits,
            "counted_credits": counted_credits,
        }
    for (reservation,) in stream(TAKEN):
        yield _("La riserva %(reservation)s è stata presa, ma il suo movimento dice altro.") % {
            "reservation": reservation
        }
    reservations = row_count("ledger_reservation")
    return with_count(ngettext("%(n)s riserva", "%(n)s riserve", reservations), reservations)
