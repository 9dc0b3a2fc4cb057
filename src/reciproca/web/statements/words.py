"""What moved a member's credit, in a person's words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.ledger.sums import Flow


class Amount(NamedTuple):
    """One line of an account: what it is, and how much."""

    label: str
    cents: int


MEMBER_CREDIT: Mapping[str, str | Promise] = {
    "value-back": _("Tornati con gli acquisti"),
    "patronage-credit": _("Tornati con il ristorno"),
    "redistributed": _("Arrivati con i riparti"),
    "redistributed-back": _("Ripresi con un riparto corretto"),
    "spend": _("Spesi"),
    "gift": _("Donati"),
    "refund-spend": _("Restituiti con i resi"),
    "refund-value": _("Ripresi con i resi"),
    "expiry": _("Scaduti"),
}


def credit_lines(flows: Iterable[Flow]) -> list[Amount]:
    """Return what moved, in the order of a statement; what did not move is left out."""
    by_code = {flow.code: flow.amount for flow in flows}
    return [
        Amount(str(label), by_code[code])
        for code, label in MEMBER_CREDIT.items()
        if by_code.get(code)
    ]
