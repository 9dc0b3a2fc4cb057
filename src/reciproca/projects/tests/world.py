"""A fund with money of its own, a call, and electors: what the tests of this room play with."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from tests.makers import NOON, Cast

from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import VoteIn
from reciproca.ballots.rules.choices import ABSTAIN
from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.projects import actions
from reciproca.projects.forms import CallIn, Cost, PhotoIn, ProjectIn
from reciproca.projects.models import Award, Project, Receipt, Report, Tranche, Voting
from reciproca.shared.ids import fact_id

PROPOSALS_BY = date(2025, 6, 30)
VOTING = datetime.combine(PROPOSALS_BY + timedelta(days=1), NOON.timetz())
CLOSES = VOTING + timedelta(days=7)
PDF = b"%PDF-1.7 fattura"


def fund(cast: Cast, cents: int) -> None:
    """Let a cooperative owe the common fund so much, as of a purchase."""
    move = Move(clearing(node=cast.lievito_id), clearing(node=cast.common_id), cents, "branch")
    ledger.post([Posting(fact_id(), NOON, [move])])


def call(cast: Cast, budget_cents: int = 10_000, **fields: Any) -> UUID:
    told: dict[str, Any] = {
        "fund_id": cast.common_id,
        "title": "Idee per la valle",
        "text": "Che cosa facciamo con il fondo comune?",
        "budget_cents": budget_cents,
        "proposals_by": PROPOSALS_BY,
        **fields,
    }
    return actions.open_call(call=CallIn(**told), opened_by=None, opened_at=NOON)


def propose(
    call_id: UUID, proposer: UUID, cents: int, title: str = "Forno", *, at: datetime = NOON
) -> Project:
    project = ProjectIn(
        key=uuid4(),
        call_id=call_id,
        proposer_id=proposer,
        title=title,
        text="Un forno per tutti.",
        costs=[Cost("Mattoni", cents - 1), Cost("Calce", 1)],
    )
    return actions.propose_project(project=project, proposed_by=None, proposed_at=at)


def assess(project: Project, cents: int, *, admissible: bool = True, reason: str = "") -> None:
    actions.assess_project(
        project_id=project.id,
        admissible=admissible,
        cost_cents=cents,
        reason=reason,
        assessed_by=None,
        assessed_at=NOON,
    )


def open_voting(cast: Cast, call_id: UUID) -> UUID:
    return actions.open_voting(
        call_id=call_id,
        federation_id=cast.federation_id,
        closes_at=CLOSES,
        opened_by=None,
        opened_at=VOTING,
    )


def vote(call_id: UUID, person: UUID, *projects: Project) -> None:
    ballots.cast_vote(
        vote=VoteIn(
            Voting.objects.get(call=call_id).ballot_id,
            person,
            [str(each.id) for each in projects] or ABSTAIN,
            [uuid4()],
        ),
        cast_by=person,
        cast_at=VOTING,
    )


def close_voting(call_id: UUID) -> list[Award]:
    return actions.close_voting(call_id=call_id, closed_by=None, closed_at=CLOSES)


def funded(cast: Cast, cents: int = 4_000) -> Project:
    """Return a project of Lievito's that the community chose."""
    fund(cast, 10_000)
    call_id = call(cast)
    project = propose(call_id, cast.lievito_id, cents)
    assess(project, cents)
    open_voting(cast, call_id)
    vote(call_id, cast.bruno.id, project)
    close_voting(call_id)
    return project


def hand_in(project: Project, cents: int, *, key: UUID | None = None) -> Receipt:
    return actions.hand_in_receipt(
        project_id=project.id,
        proposer_id=project.proposer_id,
        key=key or uuid4(),
        what="Mattoni",
        amount_cents=cents,
        document_name="fattura.pdf",
        document=PDF,
        handed_in_by=None,
        handed_in_at=CLOSES,
    )


def decide(receipt: Receipt, *, accepted: bool = True, reason: str = "") -> Tranche:
    return actions.decide_receipt(
        receipt_id=receipt.id,
        accepted=accepted,
        reason=reason,
        decided_by=None,
        decided_at=CLOSES,
    )


def report(project: Project, *photos: bytes, key: UUID | None = None) -> Report:
    return actions.report(
        project_id=project.id,
        proposer_id=project.proposer_id,
        key=key or uuid4(),
        text="Il forno cuoce.",
        photos=[PhotoIn(each, "Il forno acceso") for each in photos],
        reported_by=None,
        reported_at=CLOSES,
    )


def photo(width: int = 40, height: int = 20, *, kind: str = "JPEG") -> bytes:
    """Return a photo that says where it was taken and by what."""
    picture, made = Image.new("RGB", (width, height), "orange"), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Fotocamera di Ada"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(made, kind, exif=exif)
    return made.getvalue()
