"""What people are told about tills: who manages the cooperative, and operators of their code."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.notices.kinds import kind, topic
from reciproca.registry.telling import SAFETY, tell_node

TILLS = topic(name="tills", title=_("La cassa: vendite da guardare"))
SALES_HELD = kind(
    name="sales-held",
    topic=TILLS,
    sentence=_("Vendite senza rete che aspettano una persona, alla cassa %(till)s: %(count)s."),
)
DEVICE_PAIRED = kind(
    name="till-device-paired",
    topic=SAFETY,
    sentence=_(
        "Un dispositivo, %(device)s, ora vende alla cassa %(till)s. Se non lo hai voluto,"
        " scollegalo."
    ),
)
CODE_LOCKED = kind(
    name="operator-code-locked",
    topic=SAFETY,
    sentence=_(
        "Cinque codici sbagliati alla cassa %(till)s per %(person)s: il suo codice non vale più."
    ),
)
CODE_SET = kind(
    name="operator-code-set",
    topic=SAFETY,
    sentence=_(
        "Hai un nuovo codice per la cassa. Se non lo hai scelto tu, parlane con chi gestisce la"
        " cooperativa."
    ),
)


def tell_paired(*, organisation_id: UUID, device: str, till: str, told_at: datetime) -> None:
    """Tell the managers that a device sells for them now."""
    tell_node(
        node_id=organisation_id,
        kind=DEVICE_PAIRED,
        told_at=told_at,
        params={"device": device, "till": till},
        url=reverse("tills:tills"),
    )


def tell_held(*, organisation_id: UUID, till: str, count: int, told_at: datetime) -> None:
    """Tell the managers that sales wait for a person."""
    tell_node(
        node_id=organisation_id,
        kind=SALES_HELD,
        told_at=told_at,
        params={"till": till, "count": count},
        url=reverse("tills:held_sales"),
    )


def tell_locked(
    *, organisation_id: UUID, person_id: UUID, person: str, till: str, told_at: datetime
) -> None:
    """Tell the managers, and whose code it is, that somebody guessed at it."""
    params = {"person": person, "till": till}
    tell_node(
        node_id=organisation_id,
        kind=CODE_LOCKED,
        told_at=told_at,
        params=params,
        url=reverse("tills:tills"),
    )
    tell(recipients=[person_id], kind=CODE_LOCKED, told_at=told_at, params=params)


def tell_code_set(*, person_id: UUID, told_at: datetime) -> None:
    """Tell an operator that their code is a new one."""
    tell(recipients=[person_id], kind=CODE_SET, told_at=told_at)
