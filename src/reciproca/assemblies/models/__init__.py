"""The tables of this room, by topic."""

from reciproca.assemblies.models.bodies import (
    Body,
    BodyKind,
    ElectorateChoice,
    PluralVote,
    Seat,
    Statute,
)
from reciproca.assemblies.models.meeting import (
    Assembly,
    Attached,
    Elector,
    Item,
    Presence,
    Proxy,
    Sending,
    SendingWay,
    Turn,
    Where,
)
from reciproca.assemblies.models.motions import (
    Candidate,
    Motion,
    MotionBallot,
    MotionKind,
    MotionText,
)

__all__ = [
    "Assembly",
    "Attached",
    "Body",
    "BodyKind",
    "Candidate",
    "Elector",
    "ElectorateChoice",
    "Item",
    "Motion",
    "MotionBallot",
    "MotionKind",
    "MotionText",
    "PluralVote",
    "Presence",
    "Proxy",
    "Seat",
    "Sending",
    "SendingWay",
    "Statute",
    "Turn",
    "Where",
]
