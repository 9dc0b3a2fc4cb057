"""Somebody at the desk helps to vote: at once on a proof, on a form once another confirms."""

from datetime import datetime
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.makers import NOON, Cast, make_cast

from reciproca.ballots import actions, queries
from reciproca.ballots.forms import Elector, VoteIn
from reciproca.ballots.models import AssistedVote, Channel, OpenVote, SecretVote
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.receipts import Receipt
from reciproca.ballots.rules.choices import Choice
from reciproca.ballots.tests.world import close, fresh_codes, make_ballot, vote
from reciproca.notices.models import Notice
from reciproca.registry import actions as registry
from reciproca.registry.actions import AtDesk
from reciproca.registry.actions.card_proofs import PinWrong

pytestmark = pytest.mark.django_db

PIN = "52817"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def pin_of(cast: Cast) -> str:
    """Let Bruno's card have a PIN."""
    registry.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)
    return PIN


def asked(cast: Cast, **fields: object) -> UUID:
    """Put a question to Bruno and Ada, who stands at the desk too."""
    electors = [Elector(cast.bruno.id), Elector(cast.ada.id)]
    return make_ballot(electors, body_id=cast.lievito_id, **fields)


def at_desk(cast: Cast, operator: UUID, at: datetime = NOON) -> AtDesk:
    return AtDesk(organisation_id=cast.lievito_id, operator_id=operator, user_id=None, at=at)


def help_bruno(
    cast: Cast,
    ballot: UUID,
    *,
    choice: Choice = "yes",
    proof: str = "",
    paper: str = "",
    codes: list[UUID] | None = None,
) -> Receipt | None:
    return actions.assist_vote(
        vote=VoteIn(ballot, cast.bruno.id, choice, codes or fresh_codes()),
        proof=proof,
        paper=paper,
        desk=at_desk(cast, cast.ada.id),
    )


def confirm(cast: Cast, ballot: UUID, *, by: UUID, at: datetime = NOON) -> None:
    waiting = AssistedVote.objects.get()
    actions.confirm_assisted(assisted_id=waiting.id, ballot_id=ballot, desk=at_desk(cast, by, at))


def told(cast: Cast) -> list[str]:
    mine = Notice.objects.filter(recipient=cast.bruno.id, kind__startswith="vote-assisted")
    return list(mine.order_by("id").values_list("kind", flat=True))


def test_on_the_persons_own_pin_the_vote_counts_at_once_and_says_who_helped(cast: Cast) -> None:
    ballot = asked(cast)

    receipt = help_bruno(cast, ballot, proof=pin_of(cast))

    assert receipt is not None
    helped = AssistedVote.objects.get()
    assert (helped.assisted_by_id, helped.confirmed_by_id) == (cast.ada.id, None)
    assert (helped.caster_id, helped.choice, helped.cast_at) == (cast.bruno.id, "", NOON)
    assert told(cast) == ["vote-assisted"]
    line = Line.objects.get(member=cast.bruno.id)
    assert line.channel == Channel.ASSISTED
    assert OpenVote.objects.get().cast_by == cast.bruno.id
    assert close(ballot).tally["yes"] == 1


def test_on_a_signed_form_it_counts_once_another_one_of_the_desk_confirms(cast: Cast) -> None:
    ballot = asked(cast)

    assert help_bruno(cast, ballot, paper="12") is None

    assert not OpenVote.objects.exists()
    assert told(cast) == ["vote-assisted-waits"]
    with pytest.raises(actions.NotByTheHelper):
        confirm(cast, ballot, by=cast.ada.id)
    confirm(cast, ballot, by=cast.elsa.id)
    assert told(cast) == ["vote-assisted-waits", "vote-assisted"]
    assert AssistedVote.objects.get().confirmed_by_id == cast.elsa.id
    with pytest.raises(actions.AssistedGone):
        confirm(cast, ballot, by=cast.elsa.id)
    assert close(ballot).tally["yes"] == 1


def test_the_database_knows_two_people_behind_a_signed_form(cast: Cast) -> None:
    help_bruno(cast, asked(cast), paper="12")

    for wrong in (
        {"cast_at": NOON, "choice": ""},
        {"cast_at": NOON, "choice": "", "confirmed_by": cast.ada.id},
        {"caster": cast.ada.id},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            AssistedVote.objects.update(**wrong)


def test_without_proof_and_form_nobody_votes_for_anybody(cast: Cast) -> None:
    ballot = asked(cast)

    with pytest.raises(actions.ProofOrFormMissing):
        help_bruno(cast, ballot)
    pin_of(cast)
    with pytest.raises(PinWrong):
        help_bruno(cast, ballot, proof="00000")
    assert not AssistedVote.objects.exists()
    with pytest.raises(actions.AssistsThemselves):
        actions.assist_vote(
            vote=VoteIn(ballot, cast.ada.id, "yes", fresh_codes()),
            proof="",
            paper="12",
            desk=at_desk(cast, cast.ada.id),
        )
    with pytest.raises(actions.BallotUnknown):
        actions.assist_vote(
            vote=VoteIn(ballot, cast.carla.id, "yes", fresh_codes()),
            proof="",
            paper="12",
            desk=at_desk(cast, cast.ada.id),
        )


def test_whoever_votes_before_the_confirmation_has_voted(cast: Cast) -> None:
    ballot = asked(cast, may_change=True)
    help_bruno(cast, ballot, paper="12")
    with pytest.raises(actions.AssistedWaits):
        help_bruno(cast, ballot, paper="13")

    vote(ballot, Elector(cast.bruno.id), "no")

    with pytest.raises(actions.AssistedGone):
        confirm(cast, ballot, by=cast.elsa.id)
    with pytest.raises(actions.VotedBefore):
        help_bruno(cast, ballot, paper="14")
    assert close(ballot).tally == {"yes": 0, "no": 1, "abstain": 0}
    # Nothing is left of what was never cast.
    assert not AssistedVote.objects.exists()


def test_a_vote_that_waits_can_be_thrown_away(cast: Cast) -> None:
    ballot = asked(cast)
    help_bruno(cast, ballot, paper="12")

    actions.drop_assisted(assisted_id=AssistedVote.objects.get().id, ballot_id=ballot)

    assert help_bruno(cast, ballot, paper="13") is None
    with pytest.raises(actions.AssistedGone):
        actions.drop_assisted(assisted_id=uuid4(), ballot_id=ballot)


def test_too_late_is_too_late_at_the_desk_too(cast: Cast) -> None:
    ballot = asked(cast, closes_at=None)
    help_bruno(cast, ballot, paper="12")
    waiting = AssistedVote.objects.get().id
    close(ballot)

    with pytest.raises(actions.AssistedGone):
        actions.confirm_assisted(
            assisted_id=waiting, ballot_id=ballot, desk=at_desk(cast, cast.elsa.id)
        )
    with pytest.raises(actions.BallotClosed):
        help_bruno(cast, ballot, paper="13")


def test_a_secret_vote_is_the_persons_own_at_the_desks_device(cast: Cast) -> None:
    ballot = asked(cast, secret=True)

    with pytest.raises(actions.ProofNeeded):
        help_bruno(cast, ballot, paper="12")
    codes = fresh_codes()
    first = help_bruno(cast, ballot, proof=pin_of(cast), codes=codes)
    # A try that is repeated answers the same receipt.
    assert help_bruno(cast, ballot, codes=codes) == first

    assert not AssistedVote.objects.exists()
    assert [each.code for each in SecretVote.objects.all()] == codes
    assert told(cast) == ["vote-assisted"]
    close(ballot)
    [bruno] = [row for row in queries.roll(ballot_id=ballot) if row.name == cast.bruno.name]
    assert bruno.channel == Channel.ASSISTED


@pytest.mark.django_db(transaction=True)
def test_of_many_confirmations_at_once_one_counts(cast: Cast) -> None:
    ballot = asked(cast)
    help_bruno(cast, ballot, paper="12")
    waiting = AssistedVote.objects.get().id
    ready, refused = Barrier(4), []

    def run() -> None:
        ready.wait()
        try:
            actions.confirm_assisted(
                assisted_id=waiting, ballot_id=ballot, desk=at_desk(cast, cast.elsa.id)
            )
        except actions.AssistedGone:
            refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert close(ballot).cast == 1
