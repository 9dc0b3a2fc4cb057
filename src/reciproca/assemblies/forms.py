"""The shapes in which meetings and motions come in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AssemblyIn:
    """When and where a body meets: a place, a link, or both; `second_call_at` is another day."""

    title: str
    first_call_at: datetime
    second_call_at: datetime | None = None
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PdfIn:
    """A PDF that is handed in: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MotionIn:
    """
    Something to decide at a point of the agenda, with its whole text.

    `policy_digest` names a kept policy to adopt exactly as it is. `candidates` are the
    people who stand in an election of `seats`. `secret` None: as the statute says. A `majority` is
    the least share where more than the statute's simple majority is needed.
    """

    kind: str
    title: str
    text: str = ""
    policy_digest: str = ""
    candidates: Sequence[UUID] = field(default=())
    seats: int = 1
    secret: bool | None = None
    majority: Fraction | None = None
