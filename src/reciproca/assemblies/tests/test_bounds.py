"""What keeps a meeting within its statute and its day."""

from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Cast, make_cast, make_mandate, make_membership, policy_document

from reciproca.assemblies import actions
from reciproca.assemblies.actions.calling import ReferenceTooOld
from reciproca.assemblies.actions.common import AlreadyOver
from reciproca.assemblies.actions.meeting import (
    CallGone,
    CallToCome,
    LastCallToCome,
    NoSecondCall,
    PersonMissing,
)
from reciproca.assemblies.actions.motions import PolicyNotHere
from reciproca.assemblies.models import Assembly
from reciproca.assemblies.queries.attendance import attendance_now
from reciproca.assemblies.queries.minutes import minutes_of
from reciproca.assemblies.queries.motions import votes_on
from reciproca.assemblies.rules import Electorate
from reciproca.assemblies.tests.world import (
    FIRST,
    SECOND,
    call,
    close_vote,
    come,
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
from reciproca.ballots import queries as ballots
from reciproca.governance import actions as governance
from reciproca.governance.models import Resolution
from reciproca.notices.models import Notice
from reciproca.registry.models import Membership
from reciproca.registry.queries import names_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_an_assembly_that_never_opened_is_closed_and_its_votes_in_advance_are_void(
    cast: Cast,
) -> None:
    assembly = draft(make_body(cast.lievito_id, advance_votes=True))
    motion = propose(assembly, secret=True)
    call(assembly)
    ballot_id = open_vote(motion, at=NOON)
    vote(ballot_id, cast.bruno.id, "yes", at=NOON)
    come(assembly, cast.ada.id)

    with pytest.raises(LastCallToCome):
        actions.close_assembly(assembly_id=assembly.id, closed_at=SECOND - timedelta(minutes=1))
    actions.close_assembly(assembly_id=assembly.id, closed_at=SECOND)

    assert last_ballot(motion).void_because == "L’assemblea non si è aperta"
    outcome = ballots.outcome(ballot_id)
    assert outcome is not None
    assert not outcome.tally
    assert not Resolution.objects.exists()
    assert not line(assembly, cast.ada.id).presences.filter(left_at=None).exists()
    told = Notice.objects.filter(kind="votes-lost").values_list("recipient", flat=True)
    assert set(told) == {cast.ada.id, cast.bruno.id}
    with pytest.raises(AlreadyOver):
        close_vote(motion, at=SECOND)


def test_criteria_are_adopted_by_an_assembly_and_by_no_smaller_body(cast: Cast) -> None:
    committee = actions.open_body(
        node_id=cast.federation_id, kind="committee", name="In tre", opened_by=None, opened_at=NOON
    )
    record_statute(committee, electorate=Electorate.SEATS, notice_days=0, most_mandates=0)
    digest = governance.keep_policy(document=policy_document(cast), recorded_at=NOON)
    criteria = {"kind": "policy", "title": "I criteri", "text": "", "policy_digest": digest}

    with pytest.raises(PolicyNotHere):
        propose(draft(committee), **criteria)
    assembly = draft(make_body(cast.federation_id, electorate=Electorate.PEOPLE))
    assert propose(assembly, **criteria).policy_id == digest


def test_a_person_who_is_no_longer_a_financing_member_has_one_vote(cast: Cast) -> None:
    body = make_body(cast.lievito_id, most_votes=3)
    own = Membership.objects.filter(member=cast.bruno.id, cooperative=cast.lievito_id)
    own.update(kind="financing_member")
    actions.record_plural_votes(
        body_id=body.id,
        member_id=cast.bruno.id,
        votes=3,
        in_force_on=NOON.date(),
        ground="Statuto, articolo 21",
        recorded_by=None,
        recorded_at=NOON,
    )

    def votes_at(assembly: Assembly) -> int:
        call(assembly)
        return line(assembly, cast.bruno.id).votes

    assert votes_at(draft(body)) == 3
    own.update(kind="ordinary")
    assert votes_at(draft(body)) == 1


def test_a_call_is_opened_on_its_own_day_from_its_hour_on(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id), second_call_at=None)
    call(assembly)
    come(assembly, cast.ada.id, cast.bruno.id)

    with pytest.raises(CallToCome):
        open_meeting(assembly, chair=cast.ada.id, at=FIRST - timedelta(minutes=1))
    with pytest.raises(CallGone):
        open_meeting(assembly, chair=cast.ada.id, at=SECOND)
    with pytest.raises(NoSecondCall):
        open_meeting(assembly, chair=cast.ada.id, call=2)
    open_meeting(assembly, chair=cast.ada.id)


def test_a_roll_is_of_a_day_from_which_on_nobody_with_a_vote_is_missing(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    entered_by = FIRST.date() - timedelta(days=90)

    with pytest.raises(ReferenceTooOld, match=f"{entered_by:%d/%m/%Y}"):
        call(assembly, reference_on=entered_by - timedelta(days=1))
    call(assembly, reference_on=entered_by)


def test_of_several_who_may_act_for_an_organisation_the_door_names_who_came(cast: Cast) -> None:
    make_membership(member=cast.roncolago_id, cooperative=cast.lievito_id)
    make_mandate(person=cast.carla.id, organisation=cast.roncolago_id, role="manager")
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)

    with pytest.raises(PersonMissing):
        come(assembly, cast.roncolago_id)
    there = actions.come_in(
        assembly_id=assembly.id,
        elector_id=line(assembly, cast.roncolago_id).id,
        person_id=cast.carla.id,
        where="door",
        recorded_by=None,
        came_at=FIRST,
    )
    assert there.person_id == cast.carla.id


def test_a_closed_vote_and_the_minutes_tell_who_was_there_when_it_was_counted(cast: Cast) -> None:
    third = members_of(cast, 1)[0].id
    ada, bruno = cast.ada.id, cast.bruno.id
    assembly = draft(make_body(cast.lievito_id, advance_votes=True), second_call_at=None)
    motion = propose(assembly)
    call(assembly)
    ballot_id = open_vote(motion, at=NOON)
    proxies = [give(assembly, giver, ada) for giver in (bruno, third)]
    vote(ballot_id, ada, "yes", at=NOON)
    vote(ballot_id, third, "yes", by=ada, at=NOON)
    # Bruno is there from the first to the last moment: his proxy speaks for nobody.
    come(assembly, bruno, ada)
    open_meeting(assembly, chair=ada)
    close_vote(motion)
    actions.revoke_proxy(
        proxy_id=proxies[1], revoked_by=None, revoked_at=FIRST + timedelta(minutes=1)
    )
    actions.close_assembly(assembly_id=assembly.id, closed_at=FIRST + timedelta(hours=1))
    assembly.refresh_from_db()

    [row] = votes_on([motion])[motion.id]
    assert (row.present_votes, row.entitled_votes) == (3, 3)
    represented = {each.name: each.represents for each in minutes_of(assembly=assembly).attendees}
    names = names_of([ada, bruno, third])
    assert represented == {names[ada]: [names[third]], names[bruno]: []}


def test_the_quorum_is_counted_without_reading_the_whole_roll(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    members_of(cast, 3)
    assembly = draft(make_body(cast.lievito_id))
    call(assembly)
    assembly = Assembly.objects.select_related("statute").get(pk=assembly.id)
    give(assembly, cast.bruno.id, cast.ada.id)
    come(assembly, cast.ada.id)

    with django_assert_num_queries(4) as read:
        counted = attendance_now(assembly=assembly)

    assert (counted.votes, counted.entitled) == (2, 5)
    assert any("SUM(" in each["sql"] for each in read.captured_queries)
