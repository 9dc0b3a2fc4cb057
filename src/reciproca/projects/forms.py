"""The shapes in which calls, projects and reports come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from reciproca.ballots.rules.budgeting import Utility
from reciproca.ballots.rules.choices import Method


@dataclass(frozen=True, slots=True)
class CallIn:
    """A fund's call: what there is, until when to propose, and how the community will choose."""

    fund_id: UUID
    title: str
    text: str
    budget_cents: int
    proposals_by: date
    method: Method = Method.MES_ADD1
    utility: Utility = "cost"


class Cost(NamedTuple):
    """One thing that a project needs money for."""

    what: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ProjectIn:
    """What an organisation proposes; `key` is the page's own id of it."""

    key: UUID
    call_id: UUID
    proposer_id: UUID
    title: str
    text: str
    costs: Sequence[Cost]


class PhotoIn(NamedTuple):
    """A photo as it was uploaded, and what is seen in it."""

    content: bytes
    alt: str
