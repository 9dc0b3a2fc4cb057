"""What people are told of votes that came in by the hands of others."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.models import Ballot
from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind, topic

VOTES = topic(name="assemblies", title=_("Assemblee e votazioni"))
ASSISTED = kind(
    name="vote-assisted",
    topic=VOTES,
    sentence=_(
        "%(helper)s ti ha aiutato a votare: %(question)s. Se non eri tu, dillo subito a chi"
        " presiede."
    ),
    due=True,
)
ASSISTED_WAITS = kind(
    name="vote-assisted-waits",
    topic=VOTES,
    sentence=_(
        "%(helper)s ha scritto il tuo voto: %(question)s. Conta quando lo conferma un’altra"
        " persona. Se non eri tu, dillo subito a chi presiede."
    ),
    due=True,
)
ASSISTED_ASKED = kind(
    name="vote-assisted-asked",
    topic=VOTES,
    sentence=_("%(helper)s ha aiutato una persona a votare: guarda il modulo firmato e conferma."),
)
IN_THE_URN = kind(
    name="paper-in-the-urn",
    topic=VOTES,
    sentence=_(
        "La tua scheda di carta è nell’urna: %(question)s. Se non l’hai messa tu, dillo subito a"
        " chi presiede."
    ),
    due=True,
)


def tell(
    *, kind: str, ballot: Ballot, people: list[UUID], told_at: datetime, helper: str = ""
) -> None:
    """Tell people of a vote at the desk; `helper` is who stood behind it."""
    notices.tell(
        recipients=people,
        kind=kind,
        params={"question": ballot.question, "helper": helper},
        told_at=told_at,
        url=f"/ballots/{ballot.id}/desk/" if kind == ASSISTED_ASKED else f"/ballots/{ballot.id}/",
    )


def forget(ballots: list[UUID], /) -> None:
    """Let nobody's notices name these ballots any more: they say who voted, and how."""
    notices.forget_about(
        kinds=[ASSISTED, ASSISTED_WAITS, IN_THE_URN],
        urls=[f"/ballots/{each}/" for each in ballots],
    )
