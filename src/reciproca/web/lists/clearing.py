"""What is settled between nodes, as files."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.clearing import queries
from reciproca.clearing.views import asked_of
from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest
from reciproca.web.lists.table import Rows, Table


def _payments(request: MemberRequest) -> Rows:
    asked = asked_of(request.GET)
    due = _now("Da pagare")
    for each in queries.payments(state=asked.state, text=asked.text).iterator(chunk_size=2_000):
        settled = getattr(each, "settlement", None)
        yield (
            each.debtor.name,
            each.creditor.name,
            cents_cell(each.amount_cents),
            each.run.label,
            settled.settled_on if settled else due,
            settled.bank_reference if settled else "",
        )


def _obligations(request: MemberRequest, run_id: UUID) -> Rows:
    run = queries.run_named(run_id=run_id)
    if run is None:
        raise Http404
    found = queries.obligations_of(run=run, text=asked_of(request.GET).text)
    return (
        (each.debtor.name, each.creditor.name, cents_cell(each.amount_cents))
        for each in found.iterator(chunk_size=2_000)
    )


PAYMENTS = Table(
    title=_("Pagamenti"),
    roles=("officer",),
    header=(
        _("Chi paga"),
        _("A chi"),
        _("Importo"),
        _("Periodo"),
        _("Pagato il"),
        _("Riferimento della banca"),
    ),
    rows=_payments,
)
OBLIGATIONS = Table(
    title=_("Debiti compensati"),
    roles=("officer",),
    header=(_("Chi deve"), _("A chi"), _("Importo")),
    rows=_obligations,
)
