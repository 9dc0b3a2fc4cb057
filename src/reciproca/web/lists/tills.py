"""Closed days and held sales as files."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest, Role
from reciproca.tills import queries
from reciproca.tills.page_forms import ClosingsForm, HeldForm
from reciproca.tills.views.places import own_organisation
from reciproca.web.lists.table import Rows, Table, local_day, local_hour

MANAGERS: tuple[Role, ...] = ("manager",)


def _closings(request: MemberRequest) -> Rows:
    organisation = own_organisation(request)
    form = ClosingsForm(request.GET, tills=queries.tills_of(organisation_id=organisation))
    for each in queries.all_closings(organisation_id=organisation, filters=form.filters()):
        totals = each.totals
        yield (
            local_day(each.closed_at),
            local_hour(each.closed_at),
            each.till_name,
            each.number,
            each.by,
            totals.sale_count,
            cents_cell(totals.sale_cents),
            totals.refund_count,
            cents_cell(totals.refund_cents),
            cents_cell(totals.credit_cents),
            cents_cell(totals.money_cents),
            each.note,
        )


def _held(request: MemberRequest) -> Rows:
    form = HeldForm(request.GET)
    found = queries.all_held(organisation_id=own_organisation(request), **form.asked())
    for each in found:
        yield (
            local_day(each.happened_at or each.received_at),
            local_hour(each.happened_at or each.received_at),
            each.till_name,
            each.operator or "",
            cents_cell(each.total_cents),
            each.why,
            local_day(each.settled_at),
            each.reason,
        )


CLOSINGS = Table(
    title=_("Giornate chiuse"),
    roles=MANAGERS,
    header=(
        _("Giorno"),
        _("Ora"),
        _("Cassa"),
        _("Numero"),
        _("Chi"),
        _("Quante vendite"),
        _("Vendite"),
        _("Quanti resi"),
        _("Resi"),
        _("Credito"),
        _("In cassa"),
        _("Nota"),
    ),
    rows=_closings,
)
HELD = Table(
    title=_("Vendite da guardare"),
    roles=MANAGERS,
    header=(
        _("Giorno"),
        _("Ora"),
        _("Cassa"),
        _("Chi"),
        _("Importo"),
        _("Perché"),
        _("Decisa il"),
        _("Motivo"),
    ),
    rows=_held,
)
