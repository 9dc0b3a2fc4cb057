"""The list of a cooperative's own purchases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reciproca.purchases import queries
from reciproca.purchases.page_forms import FilterForm
from reciproca.purchases.queries import Filters
from reciproca.registry import queries as registry
from reciproca.shared.access import note_access
from reciproca.shared.gates import role_required
from reciproca.shared.timeline import Moment
from reciproca.shared.types import MemberRequest

PAGE_SIZE = 50

seller_required = role_required("manager", "till")


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that is an address: `components/chips.html`."""

    label: str
    url: str
    current: bool
    count: int | None = None


@require_safe
@seller_required
def purchases(request: MemberRequest) -> HttpResponse:
    """List the purchases of one's own cooperative; a till sees those of today."""
    seller = own_seller(request)
    form = FilterForm(request.GET)
    form.is_valid()
    filters = meant(request, form.filters())
    rows = queries.sold_by(
        seller_id=seller,
        filters=filters,
        before=Moment.read(request.GET.get("before", "")),
        limit=PAGE_SIZE + 1,
    )
    if len(filters.buyers) == 1:
        note_access(reader=request.actor, subject=next(iter(filters.buyers)), what="purchases")
    context = {
        "form": form,
        "filters": filters,
        "rows": rows[:PAGE_SIZE],
        "older_url": _older(request.GET, rows),
        "is_first_page": "before" not in request.GET,
        "is_till": request.actor.role == "till",
        "chips": _chips(request.GET, filters),
        "filtered": any(value for name, value in request.GET.items() if name != "before"),
        "query": urlencode(_kept(request.GET)),
    }
    if request.actor.role == "manager":
        context |= _for_the_manager(seller, filters)
    return render(request, "purchases/list.html", context)


def own_seller(request: MemberRequest) -> UUID:
    """Return the organisation that somebody acts for."""
    assert request.actor.node_id is not None
    return request.actor.node_id


def _for_the_manager(seller: UUID, filters: Filters) -> dict[str, object]:
    return {
        "total": queries.sold_total(seller_id=seller, filters=filters),
        "years": queries.years_sold(seller_id=seller),
        "categories": queries.categories_sold(seller_id=seller),
    }


def meant(request: MemberRequest, filters: Filters) -> Filters:
    """Return the filters with whom the text names; a till looks only through today."""
    if request.actor.role == "till":
        today = timezone.localdate()
        filters = Filters(first_day=today, last_day=today, kind=filters.kind, text=filters.text)
    if not filters.text:
        return filters
    named = registry.members_named(cooperative_id=own_seller(request), text=filters.text)
    holder = registry.holder_of(number=filters.text.replace(" ", ""))
    return replace(filters, buyers=named | ({holder.person_id} if holder else set()))


def _kept(query: QueryDict) -> dict[str, str]:
    """Return what an address asks for, without the place in the list."""
    return {name: str(query[name]) for name in query if name != "before" and query[name]}


def _older(query: QueryDict, rows: Sequence[queries.SoldRow]) -> str:
    if len(rows) <= PAGE_SIZE:
        return ""
    return "?" + urlencode({**_kept(query), "before": rows[PAGE_SIZE - 1].moment.key})


def _chips(query: QueryDict, filters: Filters) -> list[Chip]:
    kinds = {
        "": _("Tutti"),
        "sale": _("Acquisti"),
        "refund": _("Resi"),
        "undo": _("Annullati"),
    }
    kept = {name: value for name, value in _kept(query).items() if name != "kind"}

    def url(kind: str) -> str:
        return "?" + urlencode({**kept, **({"kind": kind} if kind else {})})

    return [Chip(label, url(kind), filters.kind == kind) for kind, label in kinds.items()]
