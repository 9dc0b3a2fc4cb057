"""
Votes on paper, entered by two people who read them apart from each other.

The second reading must say what the first one said. Then each paper counts once against the roll,
like any vote, and the readings are thrown away: of a secret ballot they name few voters and few
votes together.
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
    keep_secretly,
)
from reciproca.ballots.forms import PapersIn
from reciproca.ballots.models import Ballot, Channel, Elector, PaperCount
from reciproca.ballots.reading import options_of
from reciproca.ballots.rules.choices import Method, written
from reciproca.shared.errors import DomainError
from reciproca.transparency.rules.leaves import canonical


class SamePerson(DomainError):
    code = "papers-read-by-one"
    message = _("Per controllo le schede le legge una seconda persona.")


class PapersDiffer(DomainError):
    code = "papers-differ"
    message = _(
        "Questa lettura è diversa dalla prima: rileggete insieme le schede e inseritele di nuovo."
    )


class PapersUnbalanced(DomainError):
    code = "papers-unbalanced"
    message = _(
        "I voti sulle schede (%(papers)s) non sono quanti quelli di chi le ha date (%(votes)s)."
    )
    status = 422


class PapersMixed(DomainError):
    code = "papers-mixed"
    message = _(
        "Le schede segrete dei soci sovventori si contano a parte: inseriscile in un’altra lettura."
    )
    status = 422


@transaction.atomic
def enter_papers(*, papers: PapersIn, entered_by: UUID, entered_at: datetime) -> bool:
    """
    Enter what papers say; return whether they are counted now, or wait for a second reading.

    A first reading may be entered again by whoever entered it. One that differs from the first is
    refused, and both are read anew.

    Raises: BallotUnknown, PapersUnbalanced, PapersMixed, AlreadyVoted, SamePerson, PapersDiffer,
    BallotNotOpen, BallotClosed, what `rules.choices.written` raises.
    """
    ballot = locks.for_papers(papers.ballot_id)
    if ballot is None:
        raise BallotUnknown
    check_time(ballot, entered_at)
    electors = _electors(ballot, papers)
    choices = _written(ballot, papers, electors)
    content = canonical(
        {
            "members": [str(each.member_id) for each in electors],
            "choices": choices if not ballot.secret else sorted(choices),
        }
    ).decode()
    first = PaperCount.objects.filter(ballot=ballot).first()
    if first is None or (first.entered_by == entered_by and first.content != content):
        PaperCount.objects.update_or_create(
            ballot=ballot,
            defaults={"content": content, "entered_by": entered_by, "entered_at": entered_at},
        )
        return False
    if first.entered_by == entered_by:
        raise SamePerson
    if first.content != content:
        raise PapersDiffer
    first.delete()
    _count(ballot, electors, choices, entered_by, entered_at)
    return True


def _electors(ballot: Ballot, papers: PapersIn) -> list[Elector]:
    """Return the electors of these papers, in the order of their ids, nobody voting meanwhile."""
    found = list(
        Elector.objects.select_for_update()
        .filter(ballot=ballot, member_id__in=papers.members)
        .order_by("member_id")
    )
    if len(found) != len(papers.members):
        raise BallotUnknown
    if any(each.channel for each in found):
        raise AlreadyVoted
    if ballot.secret and len({each.financing for each in found}) > 1:
        raise PapersMixed
    return found


def _written(ballot: Ballot, papers: PapersIn, electors: Sequence[Elector]) -> list[str]:
    """Return choices as they are kept: of an open ballot in the order of its electors."""
    votes = len(electors) if not ballot.secret else sum(each.votes for each in electors)
    if len(papers.choices) != votes:
        raise PapersUnbalanced(papers=len(papers.choices), votes=votes)
    options, method = options_of(ballot), Method(ballot.method)
    choices = [
        written(each, method=method, options=options, most=ballot.most_choices)
        for each in papers.choices
    ]
    if ballot.secret:
        return choices
    of_member = dict(zip(papers.members, choices, strict=True))
    return [of_member[each.member_id] for each in electors]


def _count(
    ballot: Ballot,
    electors: Sequence[Elector],
    choices: Sequence[str],
    entered_by: UUID,
    entered_at: datetime,
) -> None:
    """Let each paper count once; on a secret ballot whose is which is not known to anybody."""
    given = iter(choices)
    for elector in electors:
        elector.channel, elector.present = Channel.PAPER, True
        elector.save(update_fields=["channel", "present"])
        units = range(elector.votes)
        chosen = [next(given) for _ in units] if ballot.secret else [next(given)] * len(units)
        codes = [uuid4() for _ in units]
        if ballot.secret:
            keep_secretly(elector, codes, chosen)
        else:
            keep_openly(elector, codes, chosen, cast_by=entered_by, cast_at=entered_at)
