"""What who acts for a node is told about debts that run in circles."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.clearing.models import SetOffProposal
from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.registry.telling import OFFICE, managers_of_all

ASKED = kind(
    name="set-off-asked",
    topic=OFFICE,
    sentence=_(
        "%(label)s: alcuni vostri debiti e crediti possono annullarsi in cerchio, senza pagare"
        " nulla. Rispondi entro il %(answers_by_on)s."
    ),
)
DONE = kind(
    name="set-off-done",
    topic=OFFICE,
    sentence=_("%(label)s è conclusa: guarda che cosa si è annullato."),
)


def tell_asked(*, proposal: SetOffProposal, nodes: Collection[UUID], told_at: datetime) -> None:
    """Tell who manages these nodes that a proposal waits for their answer."""
    told = {"label": proposal.label, "answers_by_on": proposal.answers_by.isoformat()}
    _tell(ASKED, proposal, nodes, told, told_at)


def tell_done(*, proposal: SetOffProposal, nodes: Collection[UUID], told_at: datetime) -> None:
    """Tell who manages these nodes that a proposal was carried out."""
    _tell(DONE, proposal, nodes, {"label": proposal.label}, told_at)


def _tell(
    what: str,
    proposal: SetOffProposal,
    nodes: Collection[UUID],
    told: notices.Params,
    told_at: datetime,
) -> None:
    notices.tell(
        recipients=managers_of_all(nodes, at=told_at),
        kind=what,
        params=told,
        told_at=told_at,
        url=f"/clearing/set-offs/{proposal.id}/own/",
    )
