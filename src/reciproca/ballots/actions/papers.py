"""
Papers of an open ballot, entered by two people who read them apart from each other.

The second reading must say what the first one said, name by name. Then each paper counts once
against the roll, like any vote.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks
from reciproca.ballots.actions.casting import (
    AlreadyVoted,
    BallotUnknown,
    check_time,
    keep_openly,
)
from reciproca.ballots.actions.readings import Reading, read
from reciproca.ballots.forms import PapersIn
from reciproca.ballots.models import Ballot, Channel, Elector
from reciproca.ballots.reading import options_of
from reciproca.ballots.rules.choices import Method, written
from reciproca.shared.errors import DomainError
from reciproca.transparency.rules.leaves import canonical


class PapersOfNobody(DomainError):
    code = "papers-of-nobody"
    message = _(
        "Fra chi hai scritto c’è chi non può votare adesso, o chi è scritto due volte: segna prima"
        " alla porta che è entrato, e scrivi ognuno una volta."
    )
    status = 422


class PapersSecret(DomainError):
    code = "papers-secret"
    message = _("Il voto è segreto: le schede si contano dall’urna, senza nomi.")


@transaction.atomic
def enter_papers(*, papers: PapersIn, entered_by: UUID, entered_at: datetime) -> Reading:
    """
    Enter what papers of an open ballot say, and return what came of it.

    A reading replaces the one that the same person entered before. `entered_by` is a person.

    Raises: BallotUnknown, PapersSecret, PapersOfNobody, AlreadyVoted, BallotNotOpen, BallotClosed,
    what `rules.choices.written` raises.
    """
    ballot = locks.for_papers(papers.ballot_id)
    if ballot is None:
        raise BallotUnknown
    if ballot.secret:
        raise PapersSecret
    check_time(ballot, entered_at)
    electors = _electors(ballot, papers)
    choices = _written(ballot, papers)
    content = {str(each.member_id): choices[each.member_id] for each in electors}
    outcome = read(
        ballot=ballot,
        financing=False,
        content=canonical(content).decode(),
        entered_by=entered_by,
        entered_at=entered_at,
    )
    if outcome is Reading.COUNTED:
        _count(electors, choices, entered_by, entered_at)
    return outcome


def _electors(ballot: Ballot, papers: PapersIn) -> list[Elector]:
    """Return the electors of these papers, in the order of their ids, nobody voting meanwhile."""
    found = list(
        Elector.objects.select_for_update()
        .filter(ballot=ballot, member_id__in=papers.members)
        .order_by("member_id")
    )
    if not found or len(found) != len(papers.members):
        raise PapersOfNobody
    if any(each.channel for each in found):
        raise AlreadyVoted
    return found


def _written(ballot: Ballot, papers: PapersIn) -> dict[UUID, str]:
    options, method = options_of(ballot), Method(ballot.method)
    return {
        member: written(choice, method=method, options=options, most=ballot.most_choices)
        for member, choice in zip(papers.members, papers.choices, strict=True)
    }


def _count(
    electors: Sequence[Elector],
    choices: dict[UUID, str],
    entered_by: UUID,
    entered_at: datetime,
) -> None:
    for elector in electors:
        elector.channel, elector.present = Channel.PAPER, True
        elector.save(update_fields=["channel", "present"])
        codes = [uuid4() for _unit in range(elector.votes)]
        chosen = [choices[elector.member_id]] * elector.votes
        keep_openly(elector, codes, chosen, cast_by=entered_by, cast_at=entered_at)
