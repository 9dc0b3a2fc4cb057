"""What a manager does before the first sale: the till, a member, what comes back."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from reciproca.registry import queries as registry
from reciproca.shared.first_steps import FirstStep
from reciproca.tills import queries as tills
from reciproca.valueback import queries as valueback


def first_steps(
    *, seller_id: UUID, person_id: UUID, today: date, now: datetime
) -> Iterator[FirstStep]:
    """Yield a manager's first steps as they stand now, about one SQL query each."""
    yield FirstStep(
        title=_("Prometti quanto torna"),
        note=_("la parte di ogni acquisto che restituite"),
        url=reverse("valueback:rates"),
        is_done=any(each.now for each in valueback.promises_of(seller_id=seller_id, on=today)),
    )
    codes = tills.operator_codes(organisation_id=seller_id, now=now)
    yield FirstStep(
        title=_("Scegli il tuo codice per la cassa"),
        note=_("cinque cifre; chi lavora con te sceglie il suo"),
        url=reverse("tills:operator", args=[person_id]),
        is_done=any(each.has_code for each in codes),
    )
    own = registry.organisation_page(node_id=seller_id)
    if own is not None and own.kind == "cooperative":
        yield FirstStep(
            title=_("Registra la prima persona tra i soci"),
            note=_("riceve subito la carta"),
            url=reverse("registry:applicants"),
            is_done=bool(registry.state_counts(cooperative_id=seller_id)),
        )
    yield from _at_the_till(seller_id)
    yield FirstStep(
        title=_("I criteri della comunità"),
        note=_("la federazione non li ha ancora scritti: fino ad allora non torna niente"),
        url="",
        is_done=valueback.policy_in_force(on=today) is not None,
    )


def _at_the_till(seller_id: UUID) -> Iterator[FirstStep]:
    open_tills = [each for each in tills.tills_of(organisation_id=seller_id) if not each.closed_at]
    has_device = any(each.device_count for each in open_tills)
    yield FirstStep(
        title=_("Apri una cassa"),
        note=_("il banco, lo spaccio: dove vendete"),
        url=reverse("tills:tills"),
        is_done=bool(open_tills),
    )
    yield FirstStep(
        title=_("Collega il dispositivo che vende"),
        note=_("dal tablet o dal PC del banco; va bene anche questo"),
        url=reverse("tills:till_page", args=[open_tills[0].id]) if open_tills else "",
        is_done=has_device,
    )
    yield FirstStep(
        title=_("Registra il primo acquisto"),
        note=_("dalla cassa: leggi la carta e scrivi l’importo"),
        url=reverse("tills:till") if has_device else "",
        is_done=False,
    )
