"""The shapes in which a question is put to the vote, and in which votes come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.ballots.rules.budgeting import Utility
from reciproca.ballots.rules.choices import Choice, Method
from reciproca.ballots.rules.majorities import ANY_NUMBER, Majority, Quorum


@dataclass(frozen=True, slots=True)
class Elector:
    """
    A right to vote: whose it is, for how many votes, and who casts them.

    `member_id` is a person or an organisation of the register. `cast_by` is the person who holds
    the proxy, or who represents the organisation; None for a person who votes alone. Votes of
    `financing` members (*soci sovventori*) count less where the law caps them. `present` says that
    the member, or their proxy, is at the assembly already; whoever votes is present in any case.
    """

    member_id: UUID
    votes: int = 1
    cast_by: UUID | None = None
    financing: bool = False
    present: bool = False


@dataclass(frozen=True, slots=True)
class OptionIn:
    """
    Something to choose: `key` names it in votes, tallies and draws (a UUID, a policy's digest, a
    word; 64 characters at most). Only projects of a budget have a cost.
    """

    key: str
    title: str
    text: str = ""
    cost_cents: int | None = None


@dataclass(frozen=True, slots=True)
class BallotIn:
    """
    A question put to a vote.

    `reference` is what it is about (a motion), `body_id` the node whose assembly or board decides;
    `policy_digest` names the policy that it would adopt, whose words stand on the paper.
    The options of a motion are yes, no and abstain by themselves; elsewhere one may abstain too.
    `majority` is what a motion needs, or the winner of an approval if stated. `most_choices` bounds
    what one may approve; with 1 it is a choice among proposals. A budget states what there is, and
    `utility` what voters value: the money spent, or how many projects are done. Without `closes_at`
    the chair closes it.
    """

    reference: UUID
    body_id: UUID
    question: str
    electors: Sequence[Elector]
    opens_at: datetime
    closes_at: datetime | None
    text: str = ""
    policy_digest: str | None = None
    method: Method = Method.MOTION
    options: Sequence[OptionIn] = ()
    secret: bool = False
    may_change: bool = False
    majority: Majority | None = None
    quorum: Quorum = ANY_NUMBER
    seats: int = 1
    most_choices: int | None = None
    budget_cents: int | None = None
    utility: Utility = "cost"


@dataclass(frozen=True, slots=True)
class PapersIn:
    """The papers of an open ballot, as somebody read them: `choices` stand beside `members`."""

    ballot_id: UUID
    members: Sequence[UUID]
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class UrnIn:
    """
    The papers of a secret ballot's urn, as somebody counted them: how many say what.

    Choices are as `rules.choices.written` writes them. Financing members have an urn of their own.
    """

    ballot_id: UUID
    papers: Mapping[str, int]
    financing: bool = False


@dataclass(frozen=True, slots=True)
class VoteIn:
    """
    What an elector chose. `codes` has one fresh UUID (version 4) for each vote the elector has.

    They are made by whoever votes, in the browser, and are sent again when a try is repeated.
    """

    ballot_id: UUID
    member_id: UUID
    choice: Choice
    codes: Sequence[UUID]
