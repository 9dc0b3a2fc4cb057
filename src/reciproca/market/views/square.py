"""The square: offers and needs, as a list and on a map, and each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reciproca.market import queries
from reciproca.market.page_forms import CartForm, ComplaintForm
from reciproca.market.queries import PlaceRow, Wanted
from reciproca.market.vocabulary import Category, Kind
from reciproca.registry import queries as registry
from reciproca.registry.fields import MunicipalityField
from reciproca.registry.maps import Ground, MapPin, ground_under
from reciproca.registry.places import municipalities_by_code
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback

MAP_WIDTH, MAP_HEIGHT = 560, 470
DISTANCES_KM = (5, 15, 30, 70)
SWITCHES = ("km0", "credits", "social", "available")


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that is an address: `components/chips.html` and `segments.html`."""

    label: str
    url: str
    current: bool
    icon: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `to` gives the address of a neighbouring question."""

    text: str
    kind: str
    category: str
    place: str
    near: str
    km: str
    switches: tuple[str, ...]
    shows_map: bool
    page: int

    @classmethod
    def by(cls, query: QueryDict, *, home: str) -> "Asked":
        """Read an address; `home` (ISTAT code) is where somebody looks from who said nothing."""
        page = query.get("page", "1")
        place = query.get("near", "").strip()[:120]
        if "near" not in query and home:
            place = str(municipalities_by_code()[home])
        found = _municipality(place)
        kind, category, km = query.get("kind", ""), query.get("category", ""), query.get("km", "")
        return cls(
            text=query.get("q", "")[:100],
            kind=kind if kind in Kind else "",
            category=category if category in Category else "",
            place=place,
            near=found,
            km=km if found and km in map(str, DISTANCES_KM) else "",
            switches=tuple(name for name in SWITCHES if query.get(name)),
            shows_map=query.get("view") == "map",
            page=int(page[:6]) if page.isascii() and page.isdigit() else 1,
        )

    def to(self, **changes: str) -> str:
        """Return the address of the same question with something changed, on its first page."""
        asked = {
            "q": self.text,
            "kind": self.kind,
            "category": self.category,
            "near": self.place,
            "km": self.km,
            **dict.fromkeys(self.switches, "1"),
            "view": "map" if self.shows_map else "",
            **changes,
        }
        # An empty place is an answer too: from nowhere, and not from home.
        return "?" + urlencode({n: v for n, v in asked.items() if v or n == "near"})

    def wanted(self) -> Wanted:
        """Return what to look for; rooms below know who takes credits and who is social."""
        today = timezone.localdate()
        takes_credits = "credits" in self.switches
        social = registry.social_cooperatives() if "social" in self.switches else None
        return Wanted(
            text=self.text,
            kind=self.kind,
            category=self.category,
            near=self.near,
            within_metres=int(self.km) * 1_000 if self.km else None,
            km0="km0" in self.switches,
            available="available" in self.switches,
            sellers=social,
            without=valueback.sellers_taking_none(on=today) if takes_credits else (),
        )


@require_safe
def square(request: MemberRequest) -> HttpResponse:
    """Show what is offered and looked for."""
    asked = Asked.by(request.GET, home=_home(request))
    found = queries.search(wanted=asked.wanted(), number=asked.page, today=timezone.localdate())
    context = {
        "asked": asked,
        "page": found.page,
        "sentence": _sentence(found.page.paginator.count, asked),
        "corrected": ", ".join(found.corrected),
        "place_unknown": bool(asked.place) and not asked.near,
        "kinds": _kinds(asked),
        "categories": Category.choices,
        "distances": [str(km) for km in DISTANCES_KM],
        "switches": _switches(asked),
        "views": _views(asked),
        "cart_count": _cart_count(request),
    }
    if asked.shows_map:
        context |= _map(found.places, asked)
    return render(request, "market/square.html", context)


@require_safe
def offer(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Show one offer."""
    return show_offer(request, offer_id)


def show_offer(
    request: MemberRequest,
    offer_id: UUID,
    *,
    complaint_form: ComplaintForm | None = None,
    cart_form: CartForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render an offer; what is over or hidden is for its seller and officers alone."""
    found = queries.offer_page(offer_id=offer_id, today=timezone.localdate())
    actor = request.actor
    is_own = found is not None and found.seller_id == actor.node_id
    if found is None or not (found.is_open or is_own or actor.role == "officer"):
        raise Http404
    context = {
        "offer": found,
        "is_own": is_own,
        "complaint_form": complaint_form or ComplaintForm(),
        "cart_form": cart_form or CartForm(initial={"quantity_milli": found.step_milli}),
    }
    if found.point is not None:
        ground = ground_under([found.point], width=MAP_WIDTH, height=320)
        pin = ground.pin(found.point, name=found.place, size=1, url="/market/")
        context |= {"ground": ground, "pins": [pin]}
    return render(request, "market/offer.html", context, status=status)


@require_safe
@cache_control(private=True, max_age=300)
def photo(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Hand out an offer's photo."""
    actor = request.actor
    found = queries.photo(
        offer_id=offer_id, seller_id=actor.node_id, sees_hidden=actor.role == "officer"
    )
    if found is None:
        raise Http404
    return HttpResponse(found.content, content_type="image/jpeg")


def _cart_count(request: MemberRequest) -> int:
    """Return how many things a member has in the cart; nobody else has one."""
    actor = request.actor
    if actor.role != "member" or actor.person_id is None:
        return 0
    return queries.cart_count(buyer_id=actor.person_id)


def _home(request: MemberRequest) -> str:
    """Return where whoever looks lives, or whom they act for; empty where that is not known."""
    whose = request.actor.node_id or request.actor.person_id
    return registry.municipalities_of([whose]).get(whose, "") if whose else ""


def _municipality(text: str) -> str:
    try:
        return MunicipalityField().clean(text)
    except ValidationError:
        return ""


def _sentence(number: int, asked: Asked) -> str:
    found = ngettext("%(count)s annuncio", "%(count)s annunci", number)
    parts = [found % {"count": number}]
    if asked.text.strip():
        parts.append(_("per “%(text)s”") % {"text": asked.text.strip()})
    if asked.km:
        parts.append(_("entro %(km)s km da %(place)s") % {"km": asked.km, "place": asked.place})
    return " ".join(parts)


def _kinds(asked: Asked) -> list[Chip]:
    everything = Chip(_("Tutto"), asked.to(kind=""), not asked.kind)
    return [everything, *(Chip(str(t), asked.to(kind=c), c == asked.kind) for c, t in Kind.choices)]


def _switches(asked: Asked) -> list[Chip]:
    titles = {
        "km0": _("A chilometro zero"),
        "credits": _("Accetta i crediti"),
        "social": _("Cooperative sociali"),
        "available": _("Disponibile adesso"),
    }
    return [
        Chip(title, asked.to(**{name: "" if name in asked.switches else "1"}), is_on)
        for name, title in titles.items()
        for is_on in (name in asked.switches,)
    ]


def _views(asked: Asked) -> list[Chip]:
    return [
        Chip(_("Elenco"), asked.to(view=""), not asked.shows_map, icon="list"),
        Chip(_("Mappa"), asked.to(view="map"), asked.shows_map, icon="map"),
    ]


def _map(places: Sequence[PlaceRow], asked: Asked) -> dict[str, object]:
    if not places:
        return {"ground": None}
    ground = ground_under([each.point for each in places], width=MAP_WIDTH, height=MAP_HEIGHT)
    most = "; ".join(f"{each.name} {each.count}" for each in places[:5])
    title = _("Dove sono: %(places)s. Gli stessi annunci sono nell’elenco.") % {"places": most}
    return {
        "ground": ground,
        "pins": [_pin(ground, near, asked) for near in ground.gathered(places)],
        "map_title": title,
    }


def _pin(ground: Ground, near: Sequence[PlaceRow], asked: Asked) -> MapPin:
    """Return the pin of places too near each other for one each; it looks from there."""
    first = near[0]
    place = str(municipalities_by_code()[first.code])
    name = first.name if len(near) == 1 else _("%(place)s e dintorni") % {"place": first.name}
    url = asked.to(near=place, km="5" if len(near) == 1 else "15", view="")
    return ground.pin(first.point, name=name, size=sum(each.count for each in near), url=url)
