"""`{% load clearing_words %}`: why one node owes another, in a person's words."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

REASONS = {
    "branch": _("Parte comune degli acquisti"),
    "spend-owed": _("Crediti spesi qui"),
    "gift-owed": _("Crediti donati"),
    "expiry-owed": _("Crediti scaduti"),
    "refund-branch": _("Resi: parte comune restituita"),
    "refund-spend-owed": _("Resi: crediti restituiti"),
    "refund-expired": _("Resi: valore già scaduto"),
    "redistributed-common": _("Parte comune di un riparto"),
    "redistributed-returned": _("Riparto corretto: parte comune restituita"),
    "tranche": _("Progetti: spese pagate dal fondo"),
}


@register.filter
def debt_reason(code: str) -> str:
    """`{{ reason.code|debt_reason }}`: one of the ledger's codes of debt."""
    return str(REASONS[code])
