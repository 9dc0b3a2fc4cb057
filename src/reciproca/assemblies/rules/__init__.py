"""
What statutes and law say of a meeting: terms, statutes within the law, who is represented, quorum,
texts side by side. No database, clock or network.
"""

from reciproca.assemblies.rules.attendance import (
    Attendance,
    Mandate,
    Refusal,
    RefusedMandate,
    Stay,
    Voter,
    attendance,
    was_represented,
)
from reciproca.assemblies.rules.statute import (
    Electorate,
    Law,
    RemoteNotAllowed,
    StatuteIn,
    check_statute,
)
from reciproca.assemblies.rules.terms import (
    NoticeTooShort,
    SecondCallTooEarly,
    check_notice,
    term_ends,
    votes_from,
)
from reciproca.assemblies.rules.texts import Piece, side_by_side

__all__ = [
    "Attendance",
    "Electorate",
    "Law",
    "Mandate",
    "NoticeTooShort",
    "Piece",
    "Refusal",
    "RefusedMandate",
    "RemoteNotAllowed",
    "SecondCallTooEarly",
    "StatuteIn",
    "Stay",
    "Voter",
    "attendance",
    "check_notice",
    "check_statute",
    "side_by_side",
    "term_ends",
    "votes_from",
    "was_represented",
]
