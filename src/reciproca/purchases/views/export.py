"""The list of a cooperative's own purchases as a file that a spreadsheet opens."""

from collections.abc import Mapping
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reciproca.purchases import queries
from reciproca.purchases.models import Kind
from reciproca.purchases.page_forms import FilterForm
from reciproca.purchases.queries import SoldFigures
from reciproca.purchases.views.listing import meant, own_seller
from reciproca.registry import queries as registry
from reciproca.shared.access import note_accesses
from reciproca.shared.gates import role_required
from reciproca.shared.tables import csv_euro, csv_response
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import branch_name

UNDO = "undo"


@require_safe
@role_required("manager")
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Hand out the purchases that are looked for: with register numbers, never with names."""
    seller = own_seller(request)
    form = FilterForm(request.GET)
    form.is_valid()
    filters = meant(request, form.filters())
    buyers = queries.buyers_sold(seller_id=seller, filters=filters)
    note_accesses(reader=request.actor, subjects=buyers, what="purchases")
    rows = queries.sold_figures(seller_id=seller, filters=filters)
    # The words are chosen here, in the reader's language: the rows leave after the request.
    branches = _branches()
    kinds = {Kind.SALE: _("acquisto"), Kind.REFUND: _("reso"), UNDO: _("annullamento")}
    numbers = registry.register_numbers(cooperative_id=seller)
    cells = (_cells(row, kinds, numbers, len(branches)) for row in rows)
    return csv_response(name=f"{_('acquisti')}.csv", head=_head(branches), rows=cells)


def _head(branches: list[str]) -> list[str]:
    what = [_("giorno"), _("ora"), _("tipo"), _("scontrino"), _("numero di socio")]
    return [*what, _("importo"), _("di cui con credito"), _("ritorno"), *branches]


def _branches() -> list[str]:
    """Return the names of the branches that this community has, in their order."""
    force = valueback.policy_in_force(on=timezone.localdate())
    return [branch_name(each) for each in force.policy.branches] if force else []


def _cells(
    row: SoldFigures, kinds: Mapping[str, str], numbers: Mapping[UUID, int], branch_count: int
) -> list[str]:
    at = timezone.localtime(row.happened_at)
    branches = (row.member_cents, row.common_cents, row.territory_cents, row.solidarity_cents)
    figures = (row.total_cents, row.credit_cents, row.value_cents, *branches[:branch_count])
    return [
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M}",
        kinds[UNDO if row.is_undo else row.kind],
        row.key,
        str(numbers.get(row.buyer, "")) if row.buyer else "",
        *(csv_euro(cents) for cents in figures),
    ]
