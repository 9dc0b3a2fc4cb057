"""The places of each persona: five on the phone's bar, the same on the rail, a few more below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reciproca.shared.types import Role


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place, ready to be drawn; `group` is a small title above it on the rail."""

    label: str | Promise
    url: str
    icon: str
    current: bool = False
    only_rail: bool = False
    group: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place by the name of its address; it is left out as long as that address does not exist.

    `needs_members`: only for a cooperative, since nobody else has a members' register.
    """

    view: str
    label: str | Promise
    icon: str
    only_rail: bool = False
    group: str | Promise = ""
    needs_members: bool = False


_HOME = Place("web:home", _("Home"), "house")
_DIRECTORY = Place("web:directory", _("Cooperative"), "store")
_MARKET = Place("market:square", _("Mercato"), "shopping-basket")
_PROFILE = Place("web:profile", _("Profilo"), "user-round")
_BALLOTS = Place("ballots:list", _("Votazioni"), "vote", only_rail=True)
_OFFICE = Place("web:office", _("Sportello"), "handshake", needs_members=True)

PLACES: dict[Role | None, tuple[Place, ...]] = {
    None: (_HOME, _MARKET, _DIRECTORY, Place("account_login", _("Entra"), "log-in")),
    "member": (
        _HOME,
        _MARKET,
        Place("web:card", _("Carta"), "qr-code"),
        Place("web:movements", _("Movimenti"), "receipt-euro"),
        Place("web:value", _("Valore"), "waypoints"),
        replace(_DIRECTORY, only_rail=True),
        Place("assemblies:own", _("Assemblee"), "vote", True),
        _BALLOTS,
        Place("projects:list", _("Progetti"), "sprout", True),
    ),
    "till": (
        Place("web:desk", _("Oggi"), "house"),
        Place("purchases:list", _("Acquisti"), "shopping-basket"),
        Place("tills:tills", _("Casse"), "calculator"),
        _OFFICE,
        _PROFILE,
        Place("market:board", _("Ordini"), "tag", True),
        replace(_DIRECTORY, only_rail=True),
    ),
    "manager": (
        Place("web:desk", _("Oggi"), "house"),
        Place("purchases:list", _("Acquisti"), "shopping-basket"),
        Place("registry:members", _("Soci"), "users-round", needs_members=True),
        Place("web:desk_statement", _("Conti"), "receipt-euro"),
        Place("refunds:year", _("Esercizio"), "calendar-range", needs_members=True),
        Place("assemblies:bodies", _("Organi e assemblee"), "vote", True),
        replace(_OFFICE, only_rail=True),
        Place("tills:tills", _("Casse"), "calculator", True),
        Place("projects:list", _("Progetti"), "sprout", True),
        Place("joint_buying:price_lists", _("Listini dei fornitori"), "scroll-text", True),
        Place("market:own", _("Offerte"), "tag", True),
        Place("imports:list", _("Importazioni"), "upload", True),
        Place("valueback:rates", _("Quanto torna"), "waypoints", True, _("Organizzazione")),
        Place("registry:organisation", _("Scheda"), "building-2", True),
        Place("registry:mandates", _("Incarichi"), "key-round", True),
        Place("registry:keys", _("Chiavi per i programmi"), "lock", True),
    ),
    "officer": (
        Place("control_room:overview", _("Quadro"), "house"),
        Place(
            "web:directory",
            pgettext_lazy("le cooperative della federazione", "Rete"),
            "users-round",
        ),
        Place("clearing:list", _("Compensazioni"), "scale"),
        Place("control_room:year", _("Esercizio"), "calendar-range"),
        Place("imports:list", _("Importazioni"), "upload"),
        Place("governance:policies", _("Politiche"), "scroll-text", True, _("Governo")),
        Place("assemblies:bodies", _("Organi e assemblee"), "vote", True),
        Place("redistribution:list", _("Riparti"), "split", True),
        Place("registry:nodes", _("Fondi e progetti"), "sprout", True),
        Place("projects:list", _("Bandi e progetti"), "vote", True),
        Place("joint_buying:price_lists", _("Listini dei fornitori"), "shopping-basket", True),
        replace(_MARKET, only_rail=True),
        Place("registry:mandates", _("Incarichi"), "key-round", True),
        Place("control_room:audit", _("Chi ha fatto che cosa"), "list", True),
        Place("control_room:verify", _("Verifica"), "shield-check", True),
        Place("erasure:list", _("Cancellazioni"), "trash-2", True),
    ),
}


def nav_items(*, role: Role | None, path: str, has_members: bool = True) -> tuple[NavItem, ...]:
    """Return the places of a role that exist; the one that `path` lies in is current."""
    found = [
        (place, url)
        for place in PLACES[role]
        if (has_members or not place.needs_members) and (url := safe_url(place.view))
    ]
    here = _deepest(path, [url for _place, url in found])
    return tuple(
        NavItem(place.label, url, place.icon, url == here, place.only_rail, place.group)
        for place, url in found
    )


def safe_url(view: str) -> str:
    """Return the address of a view without arguments, or nothing while there is no such view."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def _deepest(path: str, urls: Sequence[str]) -> str | None:
    """Return the longest of `urls` that `path` begins with; the root is only itself."""
    within = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(within, key=len, default=None)
