"""What can be done with a ballot."""

from reciproca.ballots.actions.casting import (
    AlreadyVoted,
    BallotClosed,
    BallotNotOpen,
    BallotUnknown,
    CodesUnusable,
    Receipt,
    cast_vote,
)
from reciproca.ballots.actions.closing import ClosesLater, close_ballot
from reciproca.ballots.actions.opening import (
    BallotIncomplete,
    NobodyToAsk,
    mark_present,
    open_ballot,
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
    "Receipt",
    "cast_vote",
    "close_ballot",
    "mark_present",
    "open_ballot",
]
