"""
VAT when credits pay part of a basket: the two treatments a scheme may have.

Source: docs/rules/vat.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reciproca.shared.allocation import largest_remainder, tie_key
from reciproca.shared.errors import DomainError
from reciproca.shared.money import half_up


class CreditAboveBasket(DomainError):
    code = "credit-above-basket"
    message = _("I crediti superano il totale della spesa: riducili.")
    status = 422


class Treatment(StrEnum):
    """Fixed with an accountant for the scheme: credits are a means of payment, or a discount."""

    PAYMENT = "payment"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line with its price, VAT included, in cents, and its VAT in percent."""

    id: str
    gross_cents: int
    vat_pct: Fraction


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What one VAT rate sums up to, in cents: gross = net + VAT."""

    gross_cents: int
    net_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True)
class VatOnRedemption:
    """The answer: the discount by line, the totals by rate in rising order, and what is due."""

    discount_by_line_cents: dict[str, int]
    by_rate: dict[Fraction, RateTotal]
    vat_total_cents: int
    cash_due_cents: int


def vat_on_redemption(
    *, run_id: str, treatment: Treatment, credit_cents: int, lines: Sequence[BasketLine]
) -> VatOnRedemption:
    """
    Return the VAT of a basket of which credits pay `credit_cents`.

    As a payment the VAT is that of the full price. As a discount the credit is spread over the
    lines by gross price (largest remainder, ties by `tie_key(run_id, line id)`) and VAT falls on
    what is left. Net = half-up(gross x 100 / (100 + rate)) on the total of each rate.

    Raises: CreditAboveBasket.
    Source: docs/rules/vat.md
    """
    gross = sum(line.gross_cents for line in lines)
    if not 0 <= credit_cents <= gross:
        raise CreditAboveBasket
    discounts = [0] * len(lines)
    if treatment is Treatment.DISCOUNT and gross:
        discounts = largest_remainder(
            exact=[Fraction(credit_cents * line.gross_cents, gross) for line in lines],
            key=lambda index: tie_key(run_id=run_id, member_id=lines[index].id),
        )
    by_rate = _totals_by_rate(lines, discounts)
    return VatOnRedemption(
        discount_by_line_cents={
            line.id: discount for line, discount in zip(lines, discounts, strict=True)
        },
        by_rate=by_rate,
        vat_total_cents=sum(total.vat_cents for total in by_rate.values()),
        cash_due_cents=gross - credit_cents,
    )


def _totals_by_rate(
    lines: Sequence[BasketLine], discounts: Sequence[int]
) -> dict[Fraction, RateTotal]:
    gross_by_rate: dict[Fraction, int] = {}
    for line, discount in zip(lines, discounts, strict=True):
        taxed = line.gross_cents - discount
        gross_by_rate[line.vat_pct] = gross_by_rate.get(line.vat_pct, 0) + taxed
    totals = {}
    for rate, gross in sorted(gross_by_rate.items()):
        net = half_up(gross * 100 / (100 + rate))
        totals[rate] = RateTotal(gross, net, gross - net)
    return totals
