"""The public directory: who is in the community, where, and what they give back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from reciproca.registry import queries as registry
from reciproca.registry.maps import Ground, MapPin, ground_under
from reciproca.registry.page_forms import ClaimForm
from reciproca.registry.queries.directory import SELLERS
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.words import count

MAP_WIDTH, MAP_HEIGHT = 560, 470
MOST_MUNICIPALITIES = 400
PERSONAL_TAX_CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `to` gives the address of a neighbouring question."""

    filters: registry.Filters
    takes_credits: bool
    shows_map: bool
    page: int

    @classmethod
    def by(cls, query: QueryDict) -> "Asked":
        page = query.get("page", "1")
        return cls(
            filters=registry.Filters(
                text=query.get("q", "")[:100],
                sector=query.get("sector", ""),
                kind=query.get("kind", ""),
                province=query.get("province", ""),
                municipalities=tuple(query.getlist("municipality")[:MOST_MUNICIPALITIES]),
            ),
            takes_credits=bool(query.get("credits")),
            shows_map=query.get("view") == "map",
            page=int(page[:6]) if page.isascii() and page.isdigit() else 1,
        )

    def to(self, **changes: str | tuple[str, ...]) -> str:
        """Return the address of the same question with something changed, on its first page."""
        asked = {
            "q": self.filters.text,
            "sector": self.filters.sector,
            "kind": self.filters.kind,
            "province": self.filters.province,
            "municipality": self.filters.municipalities,
            "credits": "1" if self.takes_credits else "",
            "view": "map" if self.shows_map else "",
            **changes,
        }
        given = {name: value for name, value in asked.items() if value}
        return "?" + urlencode(given, doseq=True)


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that is an address: `components/chips.html` and `segments.html`."""

    label: str
    url: str
    current: bool
    count: int | None = None
    icon: str = ""


@require_safe
def directory(request: MemberRequest) -> HttpResponse:
    """Show who is in the community, as a list or on a map."""
    asked = Asked.by(request.GET)
    filters = with_credits(asked)
    page = registry.search(filters=filters, number=asked.page)
    choices = registry.choices()
    context = {
        "asked": asked,
        "page": page,
        "sentence": _sentence(page.paginator.count, asked, choices.provinces),
        "sectors": _sector_chips(asked, choices.sectors),
        "kinds": choices.kinds,
        "provinces": choices.provinces,
        "views": _view_chips(asked),
        "credit_chip": Chip(
            _("Accetta i crediti"),
            asked.to(credits="" if asked.takes_credits else "1"),
            asked.takes_credits,
        ),
        "filtered": asked.to(view="") != "?",
    }
    if asked.shows_map:
        context |= _map(registry.places(filters=filters), asked)
    return render(request, "web/directory.html", context)


@require_safe
def organisation(request: MemberRequest, node_id: UUID) -> HttpResponse:
    """Show one organisation, fund or project: key facts, what it gives back, where it is."""
    found = registry.organisation_page(node_id=node_id)
    if found is None:
        heir = registry.heirs_of([node_id]).get(node_id)
        if heir is None:
            raise Http404
        return redirect("web:organisation", heir)
    today = timezone.localdate()
    is_seller = found.kind in SELLERS
    context = {
        "organisation": found,
        "facts": _facts(found),
        "rates": valueback.rates_of(seller_id=node_id, on=today) if is_seller else [],
        "takes_credits": is_seller and node_id not in valueback.sellers_taking_none(on=today),
        "is_seller": is_seller,
        "policy": valueback.policy_in_force(on=today),
        "holds": registry.held_by(node_id=node_id),
        "may_apply": _may_apply(request, found),
        "is_officer": request.actor.role == "officer",
        "claim_form": ClaimForm() if is_seller and _may_claim(request, node_id) else None,
    }
    if found.point is not None:
        ground = ground_under([found.point], width=MAP_WIDTH, height=320)
        there = f"{reverse('web:directory')}?municipality={found.municipality}"
        pin = ground.pin(found.point, name=found.place, size=1, url=there)
        context |= {"ground": ground, "pins": [pin]}
    return render(request, "web/organisation.html", context)


def _may_claim(request: MemberRequest, node_id: UUID) -> bool:
    """Return whether this person may ask to manage an entry: nobody does, and they have not yet."""
    if request.actor.role != "member" or request.actor.person_id is None:
        return False
    if registry.has_manager(organisation_id=node_id, on=timezone.localdate()):
        return False
    return not registry.open_claim(person_id=request.actor.person_id, organisation_id=node_id)


def with_credits(asked: Asked) -> registry.Filters:
    """Return the filters; who takes credits is known to a room above the registry."""
    if not asked.takes_credits:
        return asked.filters
    none = valueback.sellers_taking_none(on=timezone.localdate())
    return replace(asked.filters, sells_only=True, without=none)


def _may_apply(request: MemberRequest, found: registry.OrganisationPage) -> bool:
    person = request.actor.person_id
    if found.kind != "cooperative" or request.actor.role != "member" or person is None:
        return False
    return found.id not in registry.live_cooperatives_of(member_id=person)


def _sentence(number: int, asked: Asked, provinces: Sequence[registry.Choice]) -> str:
    """Return the count in words, with what was asked for and where."""
    found = ngettext("%(count)s organizzazione", "%(count)s organizzazioni", number)
    parts = [found % {"count": count(number)}]
    if asked.filters.text.strip():
        parts.append(_("per “%(text)s”") % {"text": asked.filters.text.strip()})
    for province in provinces:
        if province.value == asked.filters.province:
            parts.append(_("in provincia di %(province)s") % {"province": province.title})
    return " ".join(parts)


def _sector_chips(asked: Asked, sectors: Sequence[registry.Choice]) -> list[Chip]:
    everything = Chip(_("Tutti i settori"), asked.to(sector=""), not asked.filters.sector)
    return [
        everything,
        *(
            Chip(
                sector.title,
                asked.to(sector=sector.value),
                sector.value == asked.filters.sector,
                sector.count,
            )
            for sector in sectors
        ),
    ]


def _view_chips(asked: Asked) -> list[Chip]:
    return [
        Chip(_("Elenco"), asked.to(view=""), not asked.shows_map, icon="list"),
        Chip(_("Mappa"), asked.to(view="map"), asked.shows_map, icon="map"),
    ]


def _map(places: Sequence[registry.PlaceCount], asked: Asked) -> dict[str, object]:
    """Return the map's part of the page; a pin leads to the list of what is there."""
    if not places:
        return {"ground": None}
    points = [place.point for place in places]
    ground = ground_under(points, width=MAP_WIDTH, height=MAP_HEIGHT)
    return {
        "ground": ground,
        "pins": [_pin(ground, near, asked) for near in ground.gathered(places)],
        "map_title": _map_title(places),
    }


def _pin(ground: Ground, near: Sequence[registry.PlaceCount], asked: Asked) -> MapPin:
    """Return the pin of places too near each other for one each; it leads to a nearer map."""
    first, alone = near[0], len(near) == 1
    if first.is_province:
        url = asked.to(province=first.sigla)
    else:
        codes = tuple(place.istat_code for place in near)
        url = asked.to(municipality=codes, view="" if alone else "map")
    name = first.name if alone else _("%(place)s e dintorni") % {"place": first.name}
    return ground.pin(first.point, name=name, size=sum(place.count for place in near), url=url)


def _map_title(places: Sequence[registry.PlaceCount]) -> str:
    most = "; ".join(f"{place.name} {count(place.count)}" for place in places[:5])
    return _("Dove sono: %(places)s. Le stesse organizzazioni sono nell’elenco.") % {"places": most}


def _facts(found: registry.OrganisationPage) -> list[tuple[str, str]]:
    facts = [
        (_("Ragione sociale"), found.legal_name if found.legal_name != found.name else ""),
        (_("Settore"), found.sector_title),
        (_("Categoria"), found.category_title),
        (_("Mutualità"), found.mutuality_title),
        (_("Numero dell’albo"), found.register_number),
        (_("Partita IVA"), found.vat_number),
        (_("Codice fiscale"), "" if _is_of_a_person(found.tax_code) else found.tax_code),
        (_("PEC"), found.certified_email),
        (_("Indirizzo"), found.address),
        (_("Comune"), found.place),
        (_("Conto tenuto da"), found.held_by_name),
    ]
    return [(name, value) for name, value in facts if value]


def _is_of_a_person(tax_code: str) -> bool:
    """Tell whether a code is that of the person behind a firm, which is nobody's business here."""
    return len(tax_code) == PERSONAL_TAX_CODE_LENGTH
