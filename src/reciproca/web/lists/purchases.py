"""What a cooperative sold, as a file: with register numbers, never with names."""

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.purchases import queries
from reciproca.purchases.models import Kind
from reciproca.purchases.page_forms import FilterForm
from reciproca.purchases.queries import Filters
from reciproca.purchases.views.listing import meant, own_seller
from reciproca.registry import queries as registry
from reciproca.shared.access import note_accesses
from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import branch_name
from reciproca.web.lists.table import Header, Rows, Table, local_day, local_hour


def _asked(request: MemberRequest) -> Filters:
    form = FilterForm(request.GET)
    form.is_valid()
    return meant(request, form.filters())


def _note(request: MemberRequest) -> None:
    buyers = queries.buyers_sold(seller_id=own_seller(request), filters=_asked(request))
    note_accesses(reader=request.actor, subjects=buyers, what="purchases")


def _count(request: MemberRequest) -> int:
    total = queries.sold_total(seller_id=own_seller(request), filters=_asked(request))
    return total.sale_count + total.back_count


def _rows(request: MemberRequest) -> Rows:
    seller = own_seller(request)
    branch_count = len(_branches())
    kinds = {Kind.SALE: _now("acquisto"), Kind.REFUND: _now("reso")}
    undo = _now("annullamento")
    numbers = registry.register_numbers(cooperative_id=seller)
    for row in queries.sold_figures(seller_id=seller, filters=_asked(request)):
        branches = (row.member_cents, row.common_cents, row.territory_cents, row.solidarity_cents)
        yield (
            local_day(row.happened_at),
            local_hour(row.happened_at),
            undo if row.is_undo else kinds[Kind(row.kind)],
            row.key,
            numbers.get(row.buyer) if row.buyer else None,
            cents_cell(row.total_cents),
            cents_cell(row.credit_cents),
            cents_cell(row.value_cents),
            *map(cents_cell, branches[:branch_count]),
        )


def _header() -> Header:
    return (
        _("Giorno"),
        _("Ora"),
        _("Tipo"),
        _("Scontrino"),
        _("Numero di socio"),
        _("Importo"),
        _("Di cui con credito"),
        _("Ritorno"),
        *_branches(),
    )


def _branches() -> list[str]:
    """Return the names of the branches that this community has, in their order."""
    force = valueback.policy_in_force(on=timezone.localdate())
    return [branch_name(each) for each in force.policy.branches] if force else []


PURCHASES = Table(
    title=_("Acquisti"),
    roles=("manager",),
    header=_header,
    rows=_rows,
    note=_note,
    count=_count,
)
