"""How the network does: the overview, who owes whom for what, every cooperative. Sums only."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reciproca.control_room import network, pairs, rules
from reciproca.control_room.alerts.reading import open_alerts
from reciproca.control_room.first_steps import first_steps
from reciproca.control_room.jobs import running_job
from reciproca.control_room.network import CooperativeYear
from reciproca.control_room.settlement import last_netting
from reciproca.purchases import queries as purchases
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words
from reciproca.shared.first_steps import in_turn
from reciproca.shared.gates import role_required
from reciproca.shared.tables import csv_euro, csv_response
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")

FIRST_YEAR = 2000
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that is an address: `components/chips.html` and `segments.html`."""

    label: str
    url: str
    current: bool
    icon: str = ""


@require_safe
@officer_required
def overview(request: MemberRequest) -> HttpResponse:
    """Show how the network does in a year, what to look at, how far settlement is."""
    today, years = timezone.localdate(), _years()
    shows_map = request.GET.get("view") == "map"
    page = network.network_year(year=_year(request.GET, years), years=years, today=today)
    context = {
        "page": page,
        "young_year": _young_year(request.GET, page.year, years),
        "alerts": open_alerts(),
        "netting": last_netting(),
        "job": running_job(),
        "community": registry.community(),
        "views": _views(request.GET, page.year, shows_map=shows_map),
        "shows_map": shows_map,
        "places": network.places() if shows_map else [],
        "steps": [] if page.months else in_turn(first_steps(on=today)),
        "mail_goes": bool(settings.EMAIL_HOST),
    }
    return render(request, "control_room/overview.html", context)


@require_safe
@officer_required
def pair_list(request: MemberRequest) -> HttpResponse:
    """List who came to owe whom in a year, and for what."""
    years = _years()
    year, asked = _year(request.GET, years), _asked(request.GET)
    context = {
        "total": pairs.pair_total(year=year, **asked),
        "page": pairs.pair_page(year=year, number=_number(request.GET), **asked),
        "year": year,
        "years": years,
        "text": asked["text"],
        "what": asked["what"],
        "chips": _what_chips(year, asked),
        "tabs": _tabs(year, "pairs"),
        "filtered": any(asked.values()),
        "query": urlencode({"year": year, "q": asked["text"], "what": asked["what"]}),
    }
    return render(request, "control_room/pairs.html", context)


@require_safe
@officer_required
def pair_file(request: MemberRequest) -> StreamingHttpResponse:
    """Hand out the same list as a file."""
    year = _year(request.GET, _years())
    few = _("meno di 5")
    rows = (
        (
            each.debtor,
            each.creditor,
            csv_euro(each.cents),
            few if each.fact_count is None else str(each.fact_count),
        )
        for each in pairs.all_pairs(year=year, **_asked(request.GET))
    )
    head = (_("chi deve"), _("a chi"), _("importo"), _("volte"))
    return csv_response(name=f"{_('rete')}-{year}.csv", head=head, rows=rows)


@require_safe
@officer_required
def pair(request: MemberRequest, debtor_id: UUID, creditor_id: UUID) -> HttpResponse:
    """Show what a pair's sum is made of: months and reasons."""
    year = _year(request.GET, _years())
    found = pairs.pair_year(debtor_id=debtor_id, creditor_id=creditor_id, year=year)
    if found is None:
        raise Http404
    return render(request, "control_room/pair.html", {"pair": found})


@require_safe
@officer_required
def cooperatives(request: MemberRequest) -> HttpResponse:
    """List every cooperative's year; `quiet` keeps those that fell silent."""
    years, today = _years(), timezone.localdate()
    year = _year(request.GET, years)
    rows = network.cooperative_years(year=year, today=today)
    kept, text = _kept(request.GET, rows), request.GET.get("q", "")[:100].strip()
    only_quiet = bool(request.GET.get("quiet"))
    context = {
        "page": Paginator(kept, ON_A_PAGE).get_page(_number(request.GET)),
        "year": year,
        "years": years,
        "tabs": _tabs(year, "cooperatives"),
        "only_quiet": only_quiet,
        "text": text,
        "total": None
        if only_quiet or text
        else network.network_total(year=year, today=today, listed=rows),
    }
    return render(request, "control_room/cooperatives.html", context)


def cooperatives_asked(query: QueryDict, *, today: date) -> tuple[int, list[CooperativeYear]]:
    """Return the year that an address asks for and the cooperatives that its page lists."""
    year = _year(query, _years())
    return year, _kept(query, network.cooperative_years(year=year, today=today))


def _kept(query: QueryDict, rows: list[CooperativeYear]) -> list[CooperativeYear]:
    """Return those of the cooperatives that an address asks for: by name, or fallen silent."""
    kept = _quiet(rows) if query.get("quiet") else rows
    sought = plain_words(query.get("q", "")[:100])
    return [
        row for row in kept if all(word in " ".join(plain_words(row.row.name)) for word in sought)
    ]


def _quiet(rows: list[CooperativeYear]) -> list[CooperativeYear]:
    """Return those that sold nothing for long while others did, the longest quiet first."""
    silent = rules.fell_silent({row.row.id: row.last_sold_at for row in rows if row.last_sold_at})
    kept = [row for row in rows if row.row.id in silent]
    return sorted(kept, key=lambda row: (silent[row.row.id], row.row.id))


def _years() -> list[int]:
    """Return the years that have something to show, this one if there is none; latest first."""
    return purchases.community_years() or [timezone.localdate().year]


def _year(query: QueryDict, years: list[int]) -> int:
    asked = query.get("year", "")[:5]
    known = asked.isascii() and asked.isdigit() and int(asked) in years
    return int(asked) if known else purchases.year_to_open(today=timezone.localdate())


def _young_year(query: QueryDict, year: int, years: list[int]) -> int | None:
    """Return the running year that an earlier one is shown in place of."""
    return None if "year" in query or years[0] <= year else years[0]


def _number(query: QueryDict) -> int:
    page = query.get("page", "1")[:6]
    return int(page) if page.isascii() and page.isdigit() else 1


def _asked(query: QueryDict) -> dict[str, str]:
    what = query.get("what", "")
    return {"what": what if what in pairs.WHAT else "", "text": query.get("q", "")[:100].strip()}


def _views(query: QueryDict, year: int, *, shows_map: bool) -> list[Choice]:
    asked = {"year": str(year)} if "year" in query else {}
    return [
        Choice(_("Rete"), f"?{urlencode(asked)}", not shows_map, "waypoints"),
        Choice(_("Mappa"), f"?{urlencode({**asked, 'view': 'map'})}", shows_map, "map"),
    ]


def _tabs(year: int, here: str) -> list[Choice]:
    query = urlencode({"year": year})
    return [
        Choice(_("Chi deve a chi"), f"{reverse('control_room:network')}?{query}", here == "pairs"),
        Choice(
            _("Cooperative"),
            f"{reverse('control_room:cooperatives')}?{query}",
            here == "cooperatives",
        ),
    ]


def _what_chips(year: int, asked: dict[str, str]) -> list[Choice]:
    labels = {
        "": _("Tutto"),
        "credit": _("Credito speso altrove"),
        "gifts": _("Donato ai progetti"),
        "funds": _("Parti dei fondi"),
    }
    return [
        Choice(
            label,
            "?" + urlencode({"year": year, "q": asked["text"], "what": what}),
            what == asked["what"],
        )
        for what, label in labels.items()
    ]
