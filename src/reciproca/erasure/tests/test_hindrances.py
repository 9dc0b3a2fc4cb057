"""What comes before an erasure: who belongs, acts, owes or is owed is told, and nothing goes."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from tests.makers import (
    NOON,
    make_mandate,
    make_person,
)

from reciproca.erasure import errors, queries
from reciproca.erasure.tests.life import buy, erase, make_zenobia
from reciproca.ledger import actions as ledger
from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balance
from reciproca.registry import actions as registry
from reciproca.registry import queries as registry_queries
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.models import ErasedPerson
from reciproca.tills.tests.counter import Counter
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Log
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db


def hindrances(person: UUID) -> list[str]:
    found = queries.prospect(person_id=person, on=timezone.localdate())
    return [each.code for each in found.hindrances]


def refused(person: UUID, why: type[DomainError]) -> None:
    """Assert that nobody is erased, and that nothing of them is gone."""
    before = registry_queries.person_page(person_id=person)
    with pytest.raises(why):
        erase(person)
    assert registry_queries.person_page(person_id=person) == before
    assert not ErasedPerson.objects.exists()


def test_a_member_an_applicant_and_whoever_acts_for_others_come_later(counter: Counter) -> None:
    cast = counter.cast
    newcomer = make_person(name="Nino Nuovo")
    registry.apply_for_membership(
        member_id=newcomer,
        cooperative_id=cast.lievito_id,
        applied_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )
    helper = make_person(name="Elio Aiuto")
    make_mandate(person=helper, organisation=cast.lievito_id, role="till")

    refused(cast.bruno.id, errors.StillMember)
    refused(newcomer, errors.StillMember)
    refused(helper, errors.StillActs)


def test_what_is_still_to_be_had_or_given_comes_first(counter: Counter, log: Log) -> None:
    zenobia = make_zenobia(counter.cast.lievito_id)
    buy(counter, zenobia.id)
    registry.withdraw_member(
        registry.Step(zenobia.membership_id or uuid4(), timezone.localdate(), None, timezone.now())
    )
    transparency.sequence(at=timezone.now())

    assert hindrances(zenobia.id) == ["credit-left", "shares-not-repaid"]
    refused(zenobia.id, errors.CreditLeft)


def test_an_unpaid_refund_and_value_to_give_back_come_first(counter: Counter, log: Log) -> None:
    cast, person = counter.cast, make_person(name="Rita Resa")
    due = accounts.payable(member=person, cooperative=cast.lievito_id)
    debt = accounts.recovery(member=person, seller=cast.lievito_id)
    _post(accounts.bank(node=cast.lievito_id), due, 700, "patronage-cash")
    _post(debt, accounts.issued(issuer=cast.lievito_id), 300, "refund-recovery")
    transparency.sequence(at=timezone.now())

    assert hindrances(person) == ["cash-unpaid", "recovery-open"]
    refused(person, errors.CashUnpaid)


def _post(debit: accounts.AccountKey, credit: accounts.AccountKey, cents: int, code: str) -> None:
    moves = [accounts.Move(debit, credit, cents, code)]
    ledger.post([accounts.Posting(fact_id(), timezone.now(), moves)])


def test_while_a_leaf_has_no_place_its_opening_stays(counter: Counter, log: Log) -> None:
    person = make_person(name="Piero Presto")
    buy(counter, person)
    valueback.let_credit_go(member_id=person, let_go_at=timezone.now())

    refused(person, errors.LeavesWaiting)
    transparency.sequence(at=timezone.now())
    erase(person)
    assert registry_queries.names_of([person]) == {person: "Persona cancellata"}


def test_nobody_is_erased_twice_and_an_organisation_never(counter: Counter, log: Log) -> None:
    person = make_person(name="Una Volta")
    erase(person)

    for whom in (person, counter.cast.lievito_id):
        with pytest.raises(errors.AlreadyErased):
            erase(whom)


def test_credit_let_go_is_owed_to_the_fund_of_what_expires(counter: Counter) -> None:
    cast, person = counter.cast, make_person(name="Lia Lascia")
    buy(counter, person, 10_000)
    fund = accounts.clearing(node=cast.solidarity_id)
    before = balance(fund)

    gone = valueback.let_credit_go(member_id=person, let_go_at=timezone.now())

    assert gone == 200
    assert balance(fund) == before + gone
    assert hindrances(person) == ["leaves-waiting"]
    assert valueback.let_credit_go(member_id=person, let_go_at=timezone.now()) == 0
