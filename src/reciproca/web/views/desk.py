"""A cooperative's desk: its day, and its money within the community."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from reciproca.purchases import queries as purchases
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.desk.statement import ALL_PURCHASES, PairRow, pair_page, statement
from reciproca.web.desk.today import Desk, till_desk
from reciproca.web.desk.today import desk as manager_desk
from reciproca.web.member.branches import branch_parts
from reciproca.web.words import count, euro, whole_euro

PAIRS_SHOWN = 12
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number of `components/kpis.html`."""

    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A row of what two nodes owe each other, with the list of the purchases behind it."""

    row: PairRow
    url: str


@require_safe
@role_required("manager", "till")
def desk(request: MemberRequest) -> HttpResponse:
    """Show the day: to a manager with what waits, to a till only its own."""
    today, own = timezone.localdate(), own_id(request)
    if request.actor.role == "till":
        day = {"page": till_desk(cooperative_id=own, today=today), "day": today}
        return render(request, "web/desk_till.html", day)
    assert request.actor.person_id is not None
    page = manager_desk(cooperative_id=own, person_id=request.actor.person_id, now=timezone.now())
    context = {"page": page, "day": today, "kpis": _kpis(page, today)}
    return render(request, "web/desk.html", context)


@require_safe
@role_required("manager")
def desk_statement(request: MemberRequest) -> HttpResponse:
    """Show a year of credit issued and of who owes whom; each figure opens into its rows."""
    years = _years(own_id(request))
    year = _year(request, years)
    chosen = sorted({*years, year}, reverse=True)
    page = statement(cooperative_id=own_id(request), year=year, years=chosen)
    force = valueback.policy_in_force(on=date(year, 12, 31))
    context = {
        "page": page,
        "young_year": years[0] if "year" not in request.GET and year < years[0] else None,
        "year_is_over": year < timezone.localdate().year,
        "own_id": own_id(request),
        "branches": branch_parts(page.sold, force),
        "pairs": page.owed.pairs if "all" in request.GET else page.owed.pairs[:PAIRS_SHOWN],
    }
    return render(request, "web/desk_statement.html", context)


@require_safe
@role_required("manager")
def desk_pair(request: MemberRequest, node_id: UUID) -> HttpResponse:
    """Show what the own cooperative and another node came to owe each other in a year."""
    year = _year(request, _years(own_id(request)))
    page = pair_page(cooperative_id=own_id(request), node_id=node_id, year=year)
    if page is None:
        raise Http404
    rows = [OpenedRow(row, _opened(row)) for row in page.rows]
    return render(request, "web/desk_pair.html", {"page": page, "rows": rows})


def own_id(request: MemberRequest) -> UUID:
    """Return the organisation that somebody acts for."""
    assert request.actor.node_id is not None
    return request.actor.node_id


def _kpis(page: Desk, today: date) -> list[Kpi]:
    statement_url, list_url = reverse("web:desk_statement"), reverse("purchases:list")
    sold = ngettext("da un acquisto", "da %(shown)s acquisti", page.year_count)
    told = sold % {"shown": count(page.year_count)}
    note = told if page.year_count else _("ancora nessun acquisto")
    if page.month.value_cents:
        note = _("%(sold)s; questo mese %(cents)s") % {
            "sold": note,
            "cents": euro(page.month.value_cents),
        }
    of_today = urlencode({"first": _text(today), "last": _text(today)})
    return [
        Kpi(
            _("Valore tornato nel %(year)s") % {"year": page.year},
            whole_euro(page.year_cents),
            note,
            f"{list_url}?year={page.year}",
        ),
        Kpi(
            _("Acquisti di oggi"),
            count(page.today.sale_count),
            _("%(total)s, ne tornano %(value)s")
            % {"total": euro(page.today.total_cents), "value": euro(page.today.value_cents)}
            if page.today.sale_count
            else _("ancora nessuno"),
            f"{list_url}?{of_today}",
        ),
        Kpi(
            _("Credito vostro da spendere"),
            whole_euro(page.held_cents),
            _("in mano a chi ha comprato"),
            f"{statement_url}#credit",
        ),
        Kpi(
            _("Verso la rete"),
            whole_euro(abs(page.position_cents)),
            _position(page.position_cents),
            f"{statement_url}#owed",
        ),
    ]


def _position(cents: int) -> str:
    if cents == 0:
        return _("siete in pari")
    return _("li dovete alle altre") if cents < 0 else _("ve li devono le altre")


def _years(own: UUID) -> list[int]:
    """Return the years to choose from, this one among them, the latest first."""
    this_year = timezone.localdate().year
    return sorted({this_year, *purchases.years_sold(seller_id=own)}, reverse=True)


def _year(request: MemberRequest, years: list[int]) -> int:
    """Return the year asked for, else the one on which pages open."""
    asked = request.GET.get("year", "")[:5]
    if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked) <= years[0]:
        return int(asked)
    return purchases.sellers_year_to_open(seller_id=own_id(request), today=timezone.localdate())


def _opened(row: PairRow) -> str:
    if not row.opens:
        return ""
    last = row.month.replace(day=monthrange(row.month.year, row.month.month)[1])
    asked = {"first": _text(row.month), "last": _text(last)}
    if row.opens != ALL_PURCHASES:
        asked["credit"] = "1"
    return f"{reverse('purchases:list')}?{urlencode(asked)}"


def _text(day: date) -> str:
    return day.isoformat()
