"""What can be done with a ballot."""

from reciproca.ballots.actions.assisted import (
    AssistedGone,
    AssistedWaits,
    AssistsThemselves,
    NotByTheHelper,
    ProofNeeded,
    ProofOrFormMissing,
    VotedBefore,
    assist_vote,
    confirm_assisted,
    drop_assisted,
)
from reciproca.ballots.actions.casters import change_caster
from reciproca.ballots.actions.casting import (
    AlreadyVoted,
    BallotClosed,
    BallotNotOpen,
    BallotUnknown,
    CodesUnusable,
    PaperInUrn,
    cast_vote,
)
from reciproca.ballots.actions.closing import ClosesLater, UrnNotCounted, close_ballot, void_ballot
from reciproca.ballots.actions.due import close_due_ballots
from reciproca.ballots.actions.forgetting import forget_roll, forget_rolls
from reciproca.ballots.actions.opening import (
    BallotIncomplete,
    NobodyToAsk,
    mark_present,
    open_ballot,
)
from reciproca.ballots.actions.papers import PapersOfNobody, PapersSecret, enter_papers
from reciproca.ballots.actions.readings import Reading
from reciproca.ballots.actions.urn import (
    NotInUrn,
    UrnOfOpenBallot,
    UrnUnbalanced,
    count_urn,
    put_in_urn,
    take_from_urn,
)

__all__ = [
    "AlreadyVoted",
    "AssistedGone",
    "AssistedWaits",
    "AssistsThemselves",
    "BallotClosed",
    "BallotIncomplete",
    "BallotNotOpen",
    "BallotUnknown",
    "ClosesLater",
    "CodesUnusable",
    "NobodyToAsk",
    "NotByTheHelper",
    "NotInUrn",
    "PaperInUrn",
    "PapersOfNobody",
    "PapersSecret",
    "ProofNeeded",
    "ProofOrFormMissing",
    "Reading",
    "UrnNotCounted",
    "UrnOfOpenBallot",
    "UrnUnbalanced",
    "VotedBefore",
    "assist_vote",
    "cast_vote",
    "change_caster",
    "close_ballot",
    "close_due_ballots",
    "confirm_assisted",
    "count_urn",
    "drop_assisted",
    "enter_papers",
    "forget_roll",
    "forget_rolls",
    "mark_present",
    "open_ballot",
    "put_in_urn",
    "take_from_urn",
    "void_ballot",
]
