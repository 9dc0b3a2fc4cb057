"""What an officer does before the network's first purchase."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from reciproca.registry import queries as registry
from reciproca.shared.first_steps import FirstStep
from reciproca.valueback import queries as valueback


def first_steps(*, on: date) -> Iterator[FirstStep]:
    """Yield an officer's first steps as they stand on a day, about one SQL query each."""
    yield from _cooperatives(on)
    yield from _criteria(on)
    yield from _colleagues(on)


def _cooperatives(on: date) -> Iterator[FirstStep]:
    waiting = registry.unmanaged_seller(on=on)
    any_there = bool(waiting) or registry.has_sellers()
    yield FirstStep(
        title=_("Fai entrare la prima cooperativa"),
        note=_("basta il nome; se sono tante, da un file"),
        url=reverse("registry:organisation_new"),
        is_done=any_there,
    )
    yield FirstStep(
        title=_("Affida %(name)s a chi la gestisce") % {"name": waiting.name}
        if waiting
        else _("Affidala a chi la gestisce"),
        note=_("riceve un link: da lì entra, e apre la sua cassa"),
        url=reverse("registry:mandates_of", args=[waiting.id]) if waiting else "",
        is_done=any_there and waiting is None,
    )


def _criteria(on: date) -> Iterator[FirstStep]:
    yield FirstStep(
        title=_("Crea il fondo comune"),
        note=_("dove arriva la parte di tutti"),
        url=reverse("registry:fund_new"),
        is_done=any(each.kind == "fund" for each in registry.held_nodes()),
    )
    yield FirstStep(
        title=_("Scrivi i criteri adottati"),
        note=_("come si divide quello che torna: senza, gli acquisti non fanno tornare niente"),
        url=reverse("web:policy_new"),
        is_done=valueback.policy_in_force(on=on) is not None,
    )


def _colleagues(on: date) -> Iterator[FirstStep]:
    community = registry.community()
    if community is None:
        return
    officers = registry.mandates_for(organisation_id=community.federation_id, on=on)
    yield FirstStep(
        title=_("Dai a un’altra persona le chiavi della cabina di regia"),
        note=_("se tu non puoi entrare, entra lei"),
        url=reverse("registry:mandates"),
        is_done=len(officers) > 1,
    )
