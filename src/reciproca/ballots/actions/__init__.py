"""What can be done with a ballot."""

from reciproca.ballots.actions.casting import (
    AlreadyVoted,
    BallotClosed,
    BallotNotOpen,
    BallotUnknown,
    CodesUnusable,
    cast_vote,
)
from reciproca.ballots.actions.closing import ClosesLater, close_ballot, void_ballot
from reciproca.ballots.actions.due import close_due_ballots
from reciproca.ballots.actions.opening import (
    BallotIncomplete,
    NobodyToAsk,
    mark_present,
    open_ballot,
)
from reciproca.ballots.actions.papers import (
    PapersDiffer,
    PapersMixed,
    PapersUnbalanced,
    SamePerson,
    enter_papers,
)

__all__ = [
    "AlreadyVoted",
    "BallotClosed",
    "BallotIncomplete",
    "BallotNotOpen",
    "BallotUnknown",
    "ClosesLater",
    "CodesUnusable",
    "NobodyToAsk",
    "PapersDiffer",
    "PapersMixed",
    "PapersUnbalanced",
    "SamePerson",
    "cast_vote",
    "close_ballot",
    "close_due_ballots",
    "enter_papers",
    "mark_present",
    "open_ballot",
    "void_ballot",
]
