"""
Votes on paper, for a motion that is put to the vote: who handed a paper in, and what papers say.

Source: docs/rules/majorities.md
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.actions.voting import NoVoteOpen
from reciproca.assemblies.models import Motion
from reciproca.assemblies.queries.electors import elector_meant
from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import PapersIn
from reciproca.shared.errors import DomainError


class PaperOfNobody(DomainError):
    code = "paper-of-nobody"
    message = _(
        "Fra chi hai scritto c’è chi non può votare adesso, o chi è scritto due volte: segna prima"
        " alla porta che è entrato, e scrivi ognuno una volta."
    )
    status = 422


def enter_papers(
    *,
    motion_id: UUID,
    texts: Sequence[str],
    choices: Sequence[str],
    entered_by: UUID,
    entered_at: datetime,
) -> bool:
    """
    Enter papers as one person read them; return whether they count now, or wait for another reader.

    `texts` name the electors by number, card or surname; on an open vote `choices` stand beside
    them. `entered_at` is by the database's clock.

    Raises: NoVoteOpen, ElectorUnknown, ElectorUnclear, PaperOfNobody, what
    `ballots.actions.enter_papers` raises.
    """
    motion = Motion.objects.select_related("item").get(pk=motion_id)
    vote = motion.ballots.filter(closed_at=None).first()
    if vote is None:
        raise NoVoteOpen
    assembly_id = motion.item.assembly_id
    electors = [elector_meant(assembly_id=assembly_id, text=text) for text in texts]
    members = [elector.member_id for elector in electors]
    if len(set(members)) < len(members):
        raise PaperOfNobody
    papers = PapersIn(vote.ballot_id, members, choices)
    try:
        return ballots.enter_papers(papers=papers, entered_by=entered_by, entered_at=entered_at)
    except ballots.BallotUnknown as mistake:
        raise PaperOfNobody from mistake
