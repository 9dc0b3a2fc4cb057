"""Rolls are kept while a decision can be challenged, then forgotten; the votes still add up."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.makers import NOON, Cast, client_of, make_cast

from reciproca.ballots import actions, keeping, published, queries
from reciproca.ballots.forms import Elector, VoteIn
from reciproca.ballots.models import (
    AssistedVote,
    OpenVote,
    ReplacedVote,
    RollForgotten,
    SecretVote,
)
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.rules.majorities import Quorum
from reciproca.ballots.tasks import forget_rolls
from reciproca.ballots.tests.test_secrecy import every_row, plain
from reciproca.ballots.tests.world import LATER, close, fresh_codes, make_ballot, vote
from reciproca.registry import actions as registry
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Erasure, Opening

pytestmark = pytest.mark.django_db

LAST_DAY = LATER + timedelta(days=90)
OVER = LATER + timedelta(days=91)


@pytest.fixture
def cast() -> Cast:
    transparency.open_log(slug="valli")
    return make_cast()


def decided(cast: Cast, **asked: object) -> UUID:
    """Return an open ballot that is closed: Bruno changed his vote, Carla was helped to hers."""
    ada, bruno, carla = (Elector(each.id) for each in (cast.ada, cast.bruno, cast.carla))
    ballot = make_ballot(
        [ada, bruno, carla], body_id=cast.lievito_id, **{"may_change": True} | asked
    )
    vote(ballot, ada, "yes")
    vote(ballot, bruno, "no")
    if not asked.get("secret"):
        vote(ballot, bruno, "yes")
        desk = registry.AtDesk(cast.lievito_id, cast.ada.id, None, NOON)
        helped = VoteIn(ballot, carla.member_id, "no", fresh_codes())
        actions.assist_vote(vote=helped, proof="", paper="7", desk=desk)
        actions.confirm_assisted(
            assisted_id=AssistedVote.objects.get(cast_at=None).id,
            ballot_id=ballot,
            desk=registry.AtDesk(cast.lievito_id, cast.elsa.id, None, NOON),
        )
    close(ballot)
    transparency.sequence(at=NOON)
    return ballot


def forget(at: datetime = OVER) -> int:
    return actions.forget_rolls(at=at)


def files(ballot: UUID) -> tuple[bytes, bytes]:
    closing = queries.closing_of(ballot)
    assert closing is not None
    return published.ballot_file(closing), published.votes_file(closing)


def test_after_its_time_nothing_says_who_voted_and_the_published_files_are_the_same(
    cast: Cast,
) -> None:
    ballot = decided(cast)
    before, codes = files(ballot), {each.code for each in OpenVote.objects.all()}
    codes |= {each.code for each in ReplacedVote.objects.all()}
    assert len(codes) == 4

    assert forget(LAST_DAY) == 0
    assert forget() == 1

    assert files(ballot) == before
    known = {plain(str(each)) for each in codes} | {plain(str(ballot))}
    people = {plain(str(each.id)) for each in (cast.ada, cast.bruno, cast.carla)}
    for table, _written_by, _place, text in every_row():
        bare = plain(text)
        named = any(each in bare for each in people)
        assert not (named and any(each in bare for each in known)), table
    assert not Line.objects.exists()
    assert not Opening.objects.filter(fact__in=codes).exists()
    assert set(Erasure.objects.values_list("fact", flat=True)) == codes
    assert forget() == 0


def test_everybody_still_reads_what_it_came_to_and_nobody_the_roll(cast: Cast) -> None:
    ballot = decided(cast)
    dario = client_of(cast.dario)
    assert dario.get(f"/ballots/{ballot}/").status_code == 404

    forget()

    told = dario.get(f"/ballots/{ballot}/").content.decode()
    assert "L’elenco di chi ha votato è stato cancellato" in told
    assert "hanno votato su 3 aventi diritto" in told
    assert client_of(cast.bruno).get(f"/ballots/{ballot}/roll/").status_code == 404


def test_of_a_secret_ballot_the_roll_goes_and_the_votes_stay(cast: Cast) -> None:
    ballot = decided(cast, secret=True, may_change=False)
    before = files(ballot)

    forget()

    assert files(ballot) == before
    assert SecretVote.objects.count() == 2
    assert RollForgotten.objects.values_list("electors", "voted").get() == (3, 2)


def test_votes_that_were_told_to_nobody_are_told_to_nobody_afterwards(cast: Cast) -> None:
    ballot = decided(cast, quorum=Quorum(share=Fraction(1), strict=True))

    forget()

    assert not SecretVote.objects.exists()
    assert files(ballot)[1].count(b"\n") == 1


def test_who_still_writes_from_a_roll_keeps_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ballot = decided(cast)
    monkeypatch.setattr(keeping, "_keepers", [set])

    assert forget() == 0
    monkeypatch.setattr(keeping, "_keepers", [])
    assert forget() == 1
    assert RollForgotten.objects.get().ballot_id == ballot


def test_votes_without_a_place_in_the_log_wait(cast: Cast) -> None:
    ada = Elector(cast.ada.id)
    ballot = make_ballot([ada], body_id=cast.lievito_id)
    vote(ballot, ada, "yes")
    close(ballot)

    assert forget() == 0
    assert Line.objects.exists()
    transparency.sequence(at=NOON)
    assert forget() == 1


def test_the_database_lets_nobody_forget_or_add_before_its_time(cast: Cast) -> None:
    ballot = decided(cast)
    for statement in (
        "DELETE FROM ballots_openvote",
        "UPDATE ballots_openvote SET choice = '\"no\"'",
        "UPDATE ballots_elector SET caster_id = member_id",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    forget()
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        SecretVote.objects.create(
            code=uuid4(), ballot_id=ballot, financing=False, choice='"yes"', salt=bytes(32)
        )
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        Line.objects.create(
            id=uuid4(),
            ballot_id=ballot,
            member_id=cast.ada.id,
            caster_id=cast.ada.id,
            votes=1,
            financing=False,
            present=False,
        )
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        RollForgotten.objects.all().delete()


def test_a_worker_forgets_every_night(cast: Cast) -> None:
    decided(cast)

    forget_rolls(timestamp=0)

    assert RollForgotten.objects.exists()
