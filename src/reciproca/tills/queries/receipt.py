"""A receipt: what was bought, what paid for it, and what comes back. It names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.purchases.rules import receipt_number
from reciproca.registry import queries as registry
from reciproca.tills.models import TillSale
from reciproca.tills.queries.sales import SaleHere, SaleLine, lines_of, sale_rows
from reciproca.tills.rules import masked, purchase_key
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import BRANCH_KEYS, branch_name


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What a receipt says; `parts` are (name of the branch, cents) of the value that was born, and
    `card` the last digits of the card, empty where nobody showed one.
    """

    sale: SaleHere
    seller: str
    till: str
    lines: Sequence[SaleLine]
    card: str
    parts: Sequence[tuple[str, int]]

    @property
    def number(self) -> str:
        """Return the number by which till and desk find it again."""
        return receipt_number(purchase_key(self.sale.key))

    @property
    def due_cents(self) -> int:
        """Return what was paid in money, negative when it was given back."""
        return self.sale.total_cents - self.sale.credit_cents


def receipt_of(*, purchase_id: UUID) -> Receipt:
    """Return the receipt of a sale, refund or undo at a till, in six SQL queries."""
    made = TillSale.objects.select_related("till__organisation").get(pk=purchase_id)
    [sale] = sale_rows(TillSale.objects.filter(pk=purchase_id))
    number = registry.live_card_number(person_id=sale.buyer_id) if sale.buyer_id else ""
    return Receipt(
        sale=sale,
        seller=made.till.organisation.name,
        till=made.till.name,
        lines=lines_of(purchase_id=sale.id),
        card=masked(number) if number else "",
        parts=_parts(sale),
    )


def _parts(sale: SaleHere) -> list[tuple[str, int]]:
    if not sale.value_cents:
        return []
    force = valueback.policy_in_force(on=localdate(sale.happened_at))
    names = {branch.key: branch_name(branch) for branch in force.policy.branches} if force else {}
    cents = {key: getattr(sale, f"{key}_cents") for key in BRANCH_KEYS}
    return [(names.get(key, key), part) for key, part in cents.items() if part]
