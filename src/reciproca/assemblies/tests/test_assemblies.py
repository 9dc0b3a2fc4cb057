"""A body is called, meets, votes and decides."""

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.makers import NOON, Cast, make_cast, make_membership, make_organisation, make_person

from reciproca.assemblies import actions
from reciproca.assemblies.actions.bodies import (
    BodyNamedAlready,
    BodyNameMissing,
    ElectorateNotHere,
    OnePersonOneVote,
    PluralVotesAboveStatute,
)
from reciproca.assemblies.actions.calling import (
    AgendaEmpty,
    NobodyToCall,
    ReferenceInFuture,
    StatuteMissing,
)
from reciproca.assemblies.actions.common import AlreadyCalled, NotCalledYet
from reciproca.assemblies.actions.meeting import (
    AlreadyPresent,
    NoSecondCall,
    NotForThem,
    NotYetTheDay,
    QuorumMissing,
    VoteOpen,
)
from reciproca.assemblies.actions.motions import AmendmentOutOfDate, MotionDecided
from reciproca.assemblies.actions.proxies import (
    GiverPresent,
    ProxyChain,
    ProxyGivenAlready,
    ProxyGone,
    ProxyLimit,
    ProxyToOneself,
)
from reciproca.assemblies.actions.voting import NoAdvanceVotes, VotedAlready
from reciproca.assemblies.forms import PdfIn
from reciproca.assemblies.models import Elector, Sending, Statute
from reciproca.assemblies.queries.attendance import attendance_now
from reciproca.assemblies.rules import Electorate, NoticeTooShort, RemoteNotAllowed
from reciproca.assemblies.tests.world import (
    FIRST,
    SECOND,
    call,
    close_vote,
    come,
    decide,
    draft,
    give,
    last_ballot,
    line,
    make_body,
    members_of,
    open_meeting,
    open_vote,
    propose,
    record_statute,
    vote,
)
from reciproca.ballots.actions import BallotUnknown, forget_rolls
from reciproca.ballots.models import SecretVote
from reciproca.governance.models import Resolution
from reciproca.notices.models import Notice
from reciproca.registry import actions as registry
from reciproca.registry.forms import MemberIn
from reciproca.transparency import actions as transparency

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_motion_that_passes_is_a_resolution_with_the_ballot_as_its_source(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)

    outcome = decide(assembly, motion, [cast.ada, cast.bruno])

    assert outcome.passed
    resolution = Resolution.objects.get()
    assert resolution.ballot == last_ballot(motion).ballot_id
    assert (resolution.body_id, resolution.title) == (cast.lievito_id, "Apriamo la domenica")
    assert resolution.protocol_number == "1/2025"
    assert resolution.text.startswith("Il forno apre")


def test_the_roll_of_a_vote_is_kept_until_the_minutes_are_approved(cast: Cast) -> None:
    transparency.open_log(slug="valli")
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)
    decide(assembly, motion, [cast.ada, cast.bruno])
    actions.close_assembly(assembly_id=assembly.id, closed_at=FIRST)
    transparency.sequence(at=FIRST)
    later = FIRST + timedelta(days=200)

    assert forget_rolls(at=later) == 0
    actions.approve_minutes(
        assembly_id=assembly.id,
        minutes=PdfIn("verbale.pdf", b"%PDF-1.7"),
        protocol_number="1",
        approved_by=None,
        approved_at=SECOND,
    )
    assert forget_rolls(at=later) == 1


def test_a_motion_that_falls_decides_nothing(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)

    assert not decide(assembly, motion, [cast.ada, cast.bruno], "no").passed

    assert not Resolution.objects.exists()
    with pytest.raises(VotedAlready):
        open_vote(motion)


def test_a_call_freezes_the_roll_and_the_statute(cast: Cast) -> None:
    body = make_body(cast.lievito_id)
    assembly = draft(body)
    call(assembly)
    late = members_of(cast, 1)[0]
    record_statute(body, most_mandates=0)

    roll = set(Elector.objects.filter(assembly=assembly).values_list("member", flat=True))

    assert roll == {cast.ada.id, cast.bruno.id}
    assert late.id not in roll
    give(assembly, cast.bruno.id, cast.ada.id)
    for change in (
        lambda: actions.add_item(assembly_id=assembly.id, title="Altro", text=""),
        lambda: propose(assembly),
        lambda: call(assembly),
    ):
        with pytest.raises(AlreadyCalled):
            change()
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        Elector.objects.update(votes=5)


def test_voting_needs_ninety_days_in_the_register(cast: Cast) -> None:
    def enter(day: date) -> UUID:
        person = make_person()
        line = MemberIn(member_id=person, cooperative_id=cast.lievito_id, registered_on=day)
        registry.register_members(members=[line], recorded_by=None, recorded_at=NOON)
        return person

    meets_on = FIRST.date()
    in_time, late = enter(meets_on - timedelta(days=90)), enter(meets_on - timedelta(days=89))
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)

    roll = set(Elector.objects.filter(assembly=assembly).values_list("member", flat=True))
    assert in_time in roll
    assert late not in roll


def test_everybody_in_any_register_has_one_vote_in_the_communitys_assembly(cast: Cast) -> None:
    make_membership(member=cast.bruno.id, cooperative=cast.roncolago_id)
    make_membership(member=make_organisation(), cooperative=cast.lievito_id)
    body = make_body(cast.federation_id, electorate=Electorate.PEOPLE)
    assembly = draft(body)
    call(assembly)

    roll = Elector.objects.filter(assembly=assembly).values_list("member", "votes")

    members = (cast.ada, cast.bruno, cast.carla, cast.dario)
    assert set(roll) == {(member.id, 1) for member in members}


def test_a_board_is_called_with_those_who_sit_in_it(cast: Cast) -> None:
    board = actions.open_body(
        node_id=cast.lievito_id, kind="board", name="Consiglio", opened_by=None, opened_at=NOON
    )
    with pytest.raises(ElectorateNotHere):
        record_statute(board)
    record_statute(board, electorate=Electorate.SEATS, notice_days=3, most_mandates=0)
    with pytest.raises(NobodyToCall):
        call(draft(board))
    seats = [
        actions.give_seat(
            body_id=board.id,
            person_id=person,
            starts_on=date(2025, 1, 1),
            recorded_by=None,
            recorded_at=NOON,
        )
        for person in (cast.ada.id, cast.bruno.id)
    ]
    actions.end_seat(seat_id=seats[1].id, ends_on=date(2025, 6, 1))

    assembly = draft(board)
    call(assembly)

    assert list(assembly.electors.values_list("member", flat=True)) == [cast.ada.id]


def test_a_call_that_comes_too_late_is_refused(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))

    call_at = FIRST - timedelta(days=7)
    with pytest.raises(NoticeTooShort, match=f"{FIRST + timedelta(days=1):%d/%m/%Y}"):
        call(assembly, at=call_at)
    call(assembly, at=FIRST - timedelta(days=8))


def test_what_is_missing_for_a_call_is_said(cast: Cast) -> None:
    bodiless = actions.open_body(
        node_id=cast.lievito_id, kind="assembly", name="Assemblea", opened_by=None, opened_at=NOON
    )
    with pytest.raises(StatuteMissing):
        call(draft(bodiless))
    assembly = draft(make_body(cast.lievito_id))
    with pytest.raises(ReferenceInFuture):
        call(assembly, reference_on=NOON.date() + timedelta(days=1))
    actions.remove_item(item_id=assembly.items.get().id)
    with pytest.raises(AgendaEmpty):
        call(assembly)
    with pytest.raises(NotCalledYet):
        open_meeting(assembly, chair=cast.ada.id)


def test_from_afar_needs_the_statute_or_a_law_of_that_day(cast: Cast) -> None:
    body = make_body(cast.lievito_id)
    link = "https://incontro.example.org/lievito"
    under_the_law = draft(body, link=link)
    call(under_the_law)
    under_the_law.refresh_from_db()
    assert under_the_law.remote_ground

    after = FIRST.replace(year=2026, month=10)
    later = draft(body, link=link, first_call_at=after, second_call_at=None)
    with pytest.raises(RemoteNotAllowed):
        call(later)
    record_statute(body, remote=True, remote_ground="Statuto, articolo 24")
    call(later)
    later.refresh_from_db()
    assert later.remote_ground == "Statuto, articolo 24"


def test_who_can_be_reached_is_told_at_once_and_the_proof_is_kept(cast: Cast) -> None:
    unreached = make_person()
    make_membership(member=unreached, cooperative=cast.lievito_id)
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)

    told = set(Notice.objects.filter(kind="assembly-called").values_list("recipient", flat=True))
    assert told == {cast.ada.id, cast.bruno.id}
    proofs = Sending.objects.filter(elector__assembly=assembly)
    assert set(proofs.values_list("elector__member", "way")) == {
        (cast.ada.id, "notice"),
        (cast.bruno.id, "notice"),
    }
    actions.record_sendings(
        assembly_id=assembly.id,
        electors=[line(assembly, unreached).id],
        way="paper",
        reference="Raccomandata 12",
        sent_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )
    assert proofs.get(way="paper").elector.member_id == unreached
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        proofs.update(way="paper")


def test_a_proxy_is_to_another_member_within_the_limit_and_goes_no_further(cast: Cast) -> None:
    third, fourth, fifth = (member.id for member in members_of(cast, 3))
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)
    ada, bruno = cast.ada.id, cast.bruno.id
    with pytest.raises(ProxyToOneself):
        give(assembly, ada, ada)
    given = give(assembly, third, ada)
    give(assembly, fourth, ada)

    with pytest.raises(ProxyLimit):
        give(assembly, fifth, ada)
    with pytest.raises(ProxyGivenAlready):
        give(assembly, third, bruno)
    with pytest.raises(ProxyChain):
        give(assembly, ada, bruno)
    with pytest.raises(ProxyChain):
        give(assembly, bruno, third)
    come(assembly, fifth)
    with pytest.raises(GiverPresent):
        give(assembly, fifth, bruno)
    actions.revoke_proxy(proxy_id=given, revoked_by=None, revoked_at=NOON)
    with pytest.raises(ProxyGone):
        actions.revoke_proxy(proxy_id=given, revoked_by=None, revoked_at=NOON)
    give(assembly, third, bruno)


def test_a_proxy_counts_while_its_holder_is_there_and_its_giver_is_not(cast: Cast) -> None:
    third = members_of(cast, 1)[0].id
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)
    assembly.refresh_from_db()
    give(assembly, third, cast.ada.id)

    def votes() -> int:
        return attendance_now(assembly=assembly).votes

    assert votes() == 0
    come(assembly, cast.ada.id)
    assert votes() == 2
    come(assembly, third)
    assert attendance_now(assembly=assembly).cast_by[line(assembly, third).id] == (
        line(assembly, third).id
    )
    leaves(assembly.id, line(assembly, third).id)
    leaves(assembly.id, line(assembly, cast.ada.id).id)
    assert votes() == 0


def leaves(assembly: UUID, elector: UUID) -> None:
    actions.leave(assembly_id=assembly, elector_id=elector, left_at=FIRST)


def test_first_call_needs_more_than_half_and_second_whoever_is_there(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)
    come(assembly, cast.ada.id)

    with pytest.raises(QuorumMissing, match="rappresentati 1 su 2, ne servono 2"):
        open_meeting(assembly, chair=cast.ada.id)
    with pytest.raises(NoSecondCall):
        open_meeting(assembly, chair=cast.ada.id, call=2)
    open_meeting(assembly, chair=cast.ada.id, call=2, at=SECOND)
    ballot_id = open_vote(motion, at=SECOND)
    vote(ballot_id, cast.ada.id, "yes", at=SECOND)
    assert close_vote(motion, at=SECOND).passed


def test_nobody_comes_before_the_day_or_twice(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)
    with pytest.raises(NotYetTheDay):
        come(assembly, cast.ada.id, at=FIRST - timedelta(days=1))
    come(assembly, cast.ada.id)
    with pytest.raises(AlreadyPresent):
        come(assembly, cast.ada.id)
    with pytest.raises(NotForThem):
        actions.come_in(
            assembly_id=assembly.id,
            elector_id=line(assembly, cast.bruno.id).id,
            person_id=cast.ada.id,
            where="door",
            recorded_by=None,
            came_at=FIRST,
        )


def test_who_holds_a_proxy_votes_for_both_and_may_split_them(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)
    give(assembly, cast.bruno.id, cast.ada.id)
    come(assembly, cast.ada.id)
    open_meeting(assembly, chair=cast.ada.id)
    ballot_id = open_vote(motion)

    vote(ballot_id, cast.ada.id, "yes")
    vote(ballot_id, cast.bruno.id, "no", by=cast.ada.id)
    with pytest.raises(BallotUnknown):
        vote(ballot_id, cast.bruno.id, "yes")

    outcome = close_vote(motion)
    assert (outcome.tally["yes"], outcome.tally["no"], outcome.passed) == (1, 1, False)


def test_an_organisation_votes_through_who_manages_it_with_its_votes(cast: Cast) -> None:
    body = make_body(cast.lievito_id, most_votes=3)
    make_membership(member=cast.roncolago_id, cooperative=cast.lievito_id)

    def votes(member: UUID, count: int) -> None:
        actions.record_plural_votes(
            body_id=body.id,
            member_id=member,
            votes=count,
            in_force_on=NOON.date(),
            ground="Statuto, articolo 21",
            recorded_by=None,
            recorded_at=NOON,
        )

    with pytest.raises(PluralVotesAboveStatute):
        votes(cast.roncolago_id, 4)
    with pytest.raises(OnePersonOneVote):
        votes(cast.bruno.id, 2)
    votes(cast.roncolago_id, 3)
    assembly = draft(body)
    motion = propose(assembly)
    call(assembly)
    come(assembly, cast.roncolago_id, cast.ada.id)
    open_meeting(assembly, chair=cast.ada.id)
    ballot_id = open_vote(motion)
    vote(ballot_id, cast.roncolago_id, "yes", by=cast.dario.id)
    vote(ballot_id, cast.ada.id, "no")

    assert close_vote(motion).tally["yes"] == 3


def test_a_changed_text_makes_votes_given_before_void(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id, advance_votes=True))
    motion = propose(assembly)
    call(assembly)
    ballot_id = open_vote(motion, at=NOON)
    vote(ballot_id, cast.bruno.id, "yes")
    for text in ("Il forno apre la domenica.\nDalle 9 alle 12.", "Il forno resta chiuso."):
        actions.amend_motion(
            motion_id=motion.id,
            text=text,
            reason="Più tardi",
            proposed_for=cast.bruno.id,
            proposed_by=None,
            proposed_at=NOON,
        )

    accept(motion.id, 2)

    before = last_ballot(motion)
    assert before.void_because
    assert before.resolution is None
    told = Notice.objects.filter(kind="votes-void").values_list("recipient", flat=True)
    assert set(told) == {cast.ada.id, cast.bruno.id}
    with pytest.raises(AmendmentOutOfDate):
        accept(motion.id, 3)
    come(assembly, cast.ada.id, cast.bruno.id)
    open_meeting(assembly, chair=cast.ada.id)
    again = open_vote(motion)
    vote(again, cast.ada.id, "yes")
    vote(again, cast.bruno.id, "yes")
    assert close_vote(motion).passed
    assert "Dalle 9" in Resolution.objects.get().text
    with pytest.raises(MotionDecided):
        accept(motion.id, 3)


def accept(motion_id: UUID, number: int) -> None:
    actions.accept_amendment(motion_id=motion_id, number=number, accepted_by=None, accepted_at=NOON)


def test_votes_in_advance_count_for_the_quorum_where_the_statute_allows_them(cast: Cast) -> None:
    body = make_body(cast.lievito_id)
    strict = draft(body)
    motion = propose(strict)
    call(strict)
    with pytest.raises(NoAdvanceVotes):
        open_vote(motion, at=NOON)

    record_statute(body, advance_votes=True)
    assembly = draft(body)
    motion = propose(assembly)
    call(assembly)
    ballot_id = open_vote(motion, at=NOON)
    vote(ballot_id, cast.bruno.id, "yes")
    come(assembly, cast.ada.id)
    open_meeting(assembly, chair=cast.ada.id)

    vote(ballot_id, cast.ada.id, "yes")
    outcome = close_vote(motion)
    assert (outcome.passed, outcome.present, outcome.entitled) == (True, 2, 2)


def test_persons_are_elected_in_secret_unless_the_statute_says_otherwise(cast: Cast) -> None:
    body = make_body(cast.lievito_id)
    election = {
        "kind": "election",
        "title": "Chi ci presiede",
        "candidates": [cast.ada.id, cast.bruno.id],
    }
    assembly = draft(body)
    motion = propose(assembly, **election)
    assert motion.secret
    record_statute(body, secret_for_persons=False)
    assert not propose(draft(body), **election).secret
    call(assembly)

    outcome = decide(assembly, motion, [cast.ada, cast.bruno], [str(cast.bruno.id)])

    assert list(outcome.winners) == [str(cast.bruno.id)]


@pytest.mark.django_db(transaction=True)
def test_of_a_secret_vote_that_the_chair_closes_nothing_overwritten_is_left(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion, open_motion = propose(assembly, secret=True), propose(assembly)
    call(assembly)
    decide(assembly, motion, [cast.ada, cast.bruno])
    code = SecretVote.objects.values_list("code", flat=True)[0]
    assert code_on_disk(code) == 2

    [waiting] = ProcrastinateJob.objects.filter(task_name="wipe-ballots")
    app.tasks[waiting.task_name](**waiting.args)

    assert code_on_disk(code) == 1
    open_vote(open_motion)
    close_vote(open_motion)
    assert ProcrastinateJob.objects.filter(task_name="wipe-ballots").count() == 1


def code_on_disk(code: UUID) -> int:
    """Return how often a vote's code lies in the table's file, overwritten rows included."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('ballots_secretvote'))")
        return bytes(cursor.fetchone()[0]).count(code.bytes)


def test_an_assembly_does_not_close_over_an_open_vote(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly)
    call(assembly)
    come(assembly, cast.ada.id, cast.bruno.id)
    open_meeting(assembly, chair=cast.ada.id)
    open_vote(motion)

    with pytest.raises(VoteOpen):
        actions.close_assembly(assembly_id=assembly.id, closed_at=FIRST)
    close_vote(motion)
    actions.close_assembly(assembly_id=assembly.id, closed_at=FIRST)
    assert not line(assembly, cast.ada.id).presences.filter(left_at=None).exists()


def test_a_body_has_a_name_of_its_own_and_its_statute_is_never_rewritten(cast: Cast) -> None:
    make_body(cast.lievito_id)
    with pytest.raises(BodyNamedAlready):
        make_body(cast.lievito_id)
    with pytest.raises(BodyNameMissing):
        make_body(cast.lievito_id, name=" ")
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        Statute.objects.update(notice_days=1)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_give_their_proxy_to_one_at_once_as_many_do_as_may(cast: Cast) -> None:
    givers = [member.id for member in members_of(cast, 5)]
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)
    ready, refused = Barrier(len(givers)), []

    def run(giver: UUID) -> None:
        ready.wait()
        try:
            give(assembly, giver, cast.ada.id)
        except ProxyLimit:
            refused.append(giver)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[giver]) for giver in givers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert line(assembly, cast.ada.id).proxies_held.count() == 2
