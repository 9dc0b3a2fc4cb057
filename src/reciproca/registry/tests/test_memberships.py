"""The members' register: applying, being admitted and registered, leaving; share capital."""

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.makers import (
    FIRST_DAY,
    NOON,
    Cast,
    make_cast,
    make_membership,
    make_organisation,
    make_person,
)

from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balance
from reciproca.registry import actions, queries
from reciproca.registry.actions.capital import (
    AmountNotPositive,
    HoldingTooLarge,
    KeyReused,
    MovementTooLarge,
    NotInRegister,
    NotThatMuch,
    ShareTooSmall,
)
from reciproca.registry.actions.memberships import (
    MembershipAlreadyLive,
    NotACooperative,
    ReasonMissing,
)
from reciproca.registry.forms import MemberIn
from reciproca.registry.models import MembershipEvent
from reciproca.registry.rules import DayBeforeHistory, DayInFuture, StepNotPossible

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def apply(cast: Cast, *, on: date = TODAY) -> UUID:
    """Carla asks to join Ada's cooperative."""
    return actions.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=cast.lievito_id,
        applied_on=on,
        recorded_by=cast.carla.user.pk,
        recorded_at=NOON,
    )


def step(membership: UUID, *, on: date = TODAY, note: str = "") -> actions.Step:
    return actions.Step(membership, on, None, NOON, note)


def told(person: UUID) -> list[str]:
    from reciproca.notices.queries import notices_of

    return [notice.sentence for notice in notices_of(person_id=person)]


def test_somebody_applies_is_admitted_and_gets_the_next_number(cast: Cast) -> None:
    line = apply(cast)
    actions.admit_member(step(line))

    number = actions.register_member(step(line))

    page = queries.membership(membership_id=line)
    assert page is not None
    assert (page.state, page.number, page.registered_on) == ("registered", number, TODAY)
    # Ada and Bruno are the first two of the register.
    assert number == 3
    assert [event.state for event in page.events] == ["applied", "admitted", "registered"]


def test_who_manages_hears_of_an_application_and_the_applicant_of_each_answer(cast: Cast) -> None:
    line = apply(cast)
    actions.admit_member(step(line))
    actions.register_member(step(line))

    assert any("Carla Endrizzi chiede di entrare" in each for each in told(cast.ada.id))
    assert any("al numero 3" in each for each in told(cast.carla.id))
    assert any("ha accolto la tua domanda" in each for each in told(cast.carla.id))


def test_nobody_applies_twice_at_once_but_may_come_back(cast: Cast) -> None:
    line = apply(cast)

    with pytest.raises(MembershipAlreadyLive):
        apply(cast)
    actions.withdraw_member(step(line))
    apply(cast)


def test_only_a_cooperative_has_members(cast: Cast) -> None:
    shop = make_organisation(kind="company")

    with pytest.raises(NotACooperative):
        actions.apply_for_membership(
            member_id=cast.carla.id,
            cooperative_id=shop,
            applied_on=TODAY,
            recorded_by=None,
            recorded_at=NOON,
        )


def test_nobody_is_registered_before_being_admitted(cast: Cast) -> None:
    line = apply(cast)

    with pytest.raises(StepNotPossible):
        actions.register_member(step(line))


def test_a_refusal_needs_its_reason(cast: Cast) -> None:
    line = apply(cast)

    with pytest.raises(ReasonMissing):
        actions.refuse_application(step(line))
    actions.refuse_application(step(line, note="Fuori zona"))

    assert any("Fuori zona" in each and "60 giorni" in each for each in told(cast.carla.id))


def test_a_step_is_never_before_the_last_nor_in_the_future(cast: Cast) -> None:
    line = apply(cast)

    with pytest.raises(DayBeforeHistory):
        actions.admit_member(step(line, on=date(2025, 6, 1)))
    with pytest.raises(DayInFuture):
        actions.admit_member(step(line, on=date(2025, 6, 3)))


def test_a_suspension_ends_without_a_new_number(cast: Cast) -> None:
    line = cast.bruno.membership_id
    assert line is not None
    actions.suspend_member(step(line, note="Morosità"))

    with pytest.raises(StepNotPossible):
        actions.register_member(step(line))
    actions.reinstate_member(step(line))

    page = queries.membership(membership_id=line)
    assert page is not None
    assert (page.state, page.number) == ("registered", 2)


def test_who_has_left_takes_no_more_steps(cast: Cast) -> None:
    line = cast.bruno.membership_id
    assert line is not None
    actions.withdraw_member(step(line))

    page = queries.membership(membership_id=line)
    assert page is not None
    assert (page.left_on, page.next_states) == (TODAY, ())
    with pytest.raises(StepNotPossible):
        actions.exclude_member(step(line, note="Perché sì"))


def test_history_is_never_rewritten(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        MembershipEvent.objects.update(note="mai stato")


def test_numbers_of_many_go_on_from_the_last_in_each_register(cast: Cast) -> None:
    people = [make_person() for _ in range(3)]
    lines = [
        MemberIn(member_id=people[0], cooperative_id=cast.lievito_id, registered_on=FIRST_DAY),
        MemberIn(member_id=people[1], cooperative_id=cast.roncolago_id, registered_on=FIRST_DAY),
        MemberIn(member_id=people[2], cooperative_id=cast.lievito_id, registered_on=FIRST_DAY),
    ]

    ids = actions.register_members(members=lines, recorded_by=None, recorded_at=NOON)

    pages = [queries.membership(membership_id=line) for line in ids]
    assert [page.number for page in pages if page] == [3, 3, 4]


def test_many_come_in_together_or_not_at_all(cast: Cast) -> None:
    new = make_person()
    lines = [
        MemberIn(member_id=each, cooperative_id=cast.lievito_id, registered_on=FIRST_DAY)
        for each in (new, cast.bruno.id)
    ]

    with pytest.raises(MembershipAlreadyLive):
        actions.register_members(members=lines, recorded_by=None, recorded_at=NOON)

    assert queries.memberships_of(member_id=new) == []


def test_a_large_register_costs_as_many_statements_as_a_small_one(cast: Cast) -> None:
    def statements(how_many: int) -> int:
        lines = [
            MemberIn(
                member_id=make_person(),
                cooperative_id=cast.lievito_id,
                registered_on=FIRST_DAY,
                applied_on=date(2024, 12, 1),
                share_cents=2_500,
            )
            for _ in range(how_many)
        ]
        with CaptureQueriesContext(connection) as asked:
            actions.register_members(members=lines, recorded_by=None, recorded_at=NOON)
        return len(asked)

    statements(1)
    assert statements(20) == statements(40)


# --- share capital ---


def capital(cast: Cast, *, cents: int, key: str = "k", on: date = TODAY) -> actions.CapitalIn:
    line = cast.bruno.membership_id
    assert line is not None
    return actions.CapitalIn(line, key, cents, on, cast.ada.user.pk, NOON)


def shares(cast: Cast) -> int:
    return balance(accounts.shares(member=cast.bruno.id, cooperative=cast.lievito_id))


def test_capital_paid_in_and_given_back_stands_in_the_ledger(cast: Cast) -> None:
    actions.pay_in_capital(capital(cast, cents=5_000))
    actions.repay_capital(capital(cast, cents=2_500, key="back"))

    assert shares(cast) == 5_000
    assert balance(accounts.capital(cooperative=cast.lievito_id)) == -7_500  # Ada's 25 € too
    rows = queries.capital_of(member_id=cast.bruno.id, cooperative_id=cast.lievito_id)
    assert [(row.code, row.amount_cents) for row in rows] == [
        ("share-repaid", -2_500),
        ("share-capital", 5_000),
        ("share-capital", 2_500),
    ]


def test_a_payment_sent_twice_counts_once(cast: Cast) -> None:
    first = actions.pay_in_capital(capital(cast, cents=5_000))

    assert actions.pay_in_capital(capital(cast, cents=5_000)) == first
    assert shares(cast) == 7_500
    with pytest.raises(KeyReused):
        actions.pay_in_capital(capital(cast, cents=6_000))


def test_law_sets_the_least_and_the_most(cast: Cast) -> None:
    with pytest.raises(ShareTooSmall):
        actions.repay_capital(capital(cast, cents=100))
    with pytest.raises(HoldingTooLarge):
        actions.pay_in_capital(capital(cast, cents=14_380_000))
    # 143,800 € are allowed to a person, 25 € of which Bruno has.
    actions.pay_in_capital(capital(cast, cents=14_380_000 - 2_500))


def test_an_organisation_may_hold_more_than_a_person(cast: Cast) -> None:
    line = make_membership(
        member=cast.roncolago_id, cooperative=cast.lievito_id, share_cents=20_000_000
    )

    # Ten million at once is the most that is not a slip of the fingers.
    actions.pay_in_capital(actions.CapitalIn(line, "a", 1_000_000_000, TODAY, None, NOON))
    with pytest.raises(MovementTooLarge, match="controlla le cifre"):
        actions.pay_in_capital(actions.CapitalIn(line, "b", 1_000_000_001, TODAY, None, NOON))


@pytest.mark.parametrize("cents", [0, -5])
def test_an_amount_is_positive(cast: Cast, cents: int) -> None:
    with pytest.raises(AmountNotPositive):
        actions.pay_in_capital(capital(cast, cents=cents))


def test_nobody_gets_back_more_than_they_hold(cast: Cast) -> None:
    with pytest.raises(NotThatMuch):
        actions.repay_capital(capital(cast, cents=2_501))


def test_an_applicant_pays_nothing_in_yet_and_who_left_is_given_it_back(cast: Cast) -> None:
    line = apply(cast)
    with pytest.raises(NotInRegister):
        actions.pay_in_capital(actions.CapitalIn(line, "k", 2_500, TODAY, None, NOON))

    assert cast.bruno.membership_id
    actions.withdraw_member(step(cast.bruno.membership_id))
    actions.repay_capital(capital(cast, cents=2_500))
    assert shares(cast) == 0
