"""What electors are told of their assemblies."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import Assembly, Motion
from reciproca.ballots.telling import VOTES
from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.registry.telling import OFFICE

CALLED = kind(
    name="assembly-called",
    topic=VOTES,
    sentence=_("%(body)s ti convoca il %(meets_on)s: %(title)s."),
    due=True,
)
CALL_SENT = kind(
    name="assembly-call-sent",
    topic=OFFICE,
    sentence=_("%(title)s è convocata: gli avvisi sono partiti, %(untold)s da mandare su carta."),
)
PROXY_GIVEN = kind(
    name="proxy-given",
    topic=VOTES,
    sentence=_("%(giver)s ti delega a votare per l’assemblea del %(meets_on)s."),
)
PROXY_REVOKED = kind(
    name="proxy-revoked",
    topic=VOTES,
    sentence=_("%(giver)s ha ritirato la delega per l’assemblea del %(meets_on)s."),
)
VOTE_OPEN = kind(
    name="vote-open",
    topic=VOTES,
    sentence=_("Si può votare da adesso: %(title)s."),
)
VOTES_VOID = kind(
    name="votes-void",
    topic=VOTES,
    sentence=_(
        "Il testo è cambiato e i voti dati prima non valgono più: %(title)s. Vota di nuovo."
    ),
    due=True,
)
MINUTES = kind(
    name="minutes-approved",
    topic=VOTES,
    sentence=_("C’è il verbale: %(title)s."),
)


def page_of(assembly_id: UUID) -> str:
    """Return where an elector reads all about an assembly."""
    return f"/assembly/{assembly_id}/"


def tell_called(*, assembly: Assembly, people: Collection[UUID], told_at: datetime) -> None:
    """Tell electors that they are called."""
    notices.tell(
        recipients=people,
        kind=CALLED,
        params={
            "body": assembly.body.name,
            "title": assembly.title,
            "meets_on": localdate(assembly.first_call_at).isoformat(),
        },
        told_at=told_at,
        url=page_of(assembly.id),
    )


def tell_sent(*, assembly: Assembly, untold: int, person_id: UUID, told_at: datetime) -> None:
    """Tell whoever called that everybody who could be reached here was told."""
    notices.tell(
        recipients=[person_id],
        kind=CALL_SENT,
        params={"title": assembly.title, "untold": untold},
        told_at=told_at,
        url=f"/bodies/assemblies/{assembly.id}/roll/",
    )


def tell_of_proxy(
    *, kind: str, assembly: Assembly, giver: str, people: Collection[UUID], told_at: datetime
) -> None:
    """Tell whoever is to represent somebody, or no longer."""
    notices.tell(
        recipients=people,
        kind=kind,
        params={
            "giver": giver,
            "meets_on": localdate(assembly.first_call_at).isoformat(),
        },
        told_at=told_at,
        url=page_of(assembly.id),
    )


def tell_of_vote(
    *, kind: str, motion: Motion, assembly: Assembly, people: Collection[UUID], told_at: datetime
) -> None:
    """Tell electors that they may vote, or that their votes are void."""
    notices.tell(
        recipients=people,
        kind=kind,
        params={"title": motion.title},
        told_at=told_at,
        url=page_of(assembly.id),
    )


def tell_minutes(*, assembly: Assembly, people: Collection[UUID], told_at: datetime) -> None:
    """Tell electors that they may read the minutes."""
    notices.tell(
        recipients=people,
        kind=MINUTES,
        params={"title": assembly.title},
        told_at=told_at,
        url=page_of(assembly.id),
    )
