"""A share passes on: one act, two lines of the register, two moves in the ledger."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.makers import (
    FIRST_DAY,
    NOON,
    Cast,
    client_of,
    make_cast,
    make_member,
    make_membership,
    make_person,
)

from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balance
from reciproca.notices.queries import notices_of
from reciproca.registry import actions, queries
from reciproca.registry.actions.assisted import CardNobodys
from reciproca.registry.actions.capital import HoldingTooLarge, KeyReused
from reciproca.registry.actions.share_transfers import (
    AskedAfterwards,
    NotAuthorised,
    NothingToTransfer,
    TransferToOneself,
)
from reciproca.registry.models import CapitalMovement, MembershipEvent, ShareTransfer
from reciproca.registry.rules import DayBeforeHistory, DayInFuture, StepNotPossible

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def passing(cast: Cast) -> actions.TransferIn:
    """Bruno, of Lievito, passes his 25 € to Carla, who belongs to Roncolago only."""
    assert cast.bruno.membership_id
    return actions.TransferIn(
        membership_id=cast.bruno.membership_id,
        key="k1",
        card=cast.carla.card,
        asked_on=date(2025, 5, 20),
        happened_on=TODAY,
        authorisation="Consiglio del 28 maggio 2025, verbale 12",
        recorded_by=cast.ada.user.pk,
        recorded_at=NOON,
    )


def line(membership_id: UUID | None) -> queries.MembershipPage:
    assert membership_id
    page = queries.membership(membership_id=membership_id)
    assert page is not None
    return page


def shares(member: UUID, cooperative: UUID) -> int:
    return balance(accounts.shares(member=member, cooperative=cooperative))


def test_who_gives_leaves_and_who_takes_is_in_the_register(
    cast: Cast, passing: actions.TransferIn
) -> None:
    taken = line(actions.transfer_share(passing))

    given = line(cast.bruno.membership_id)
    assert (given.state, given.left_on, given.shares_cents) == ("transferred", TODAY, 0)
    assert (taken.member_name, taken.state, taken.number) == ("Carla Endrizzi", "registered", 3)
    assert (taken.registered_on, taken.shares_cents) == (TODAY, 2_500)


def test_capital_goes_back_to_the_cooperative_and_out_again(
    cast: Cast, passing: actions.TransferIn
) -> None:
    capital = accounts.capital(cooperative=cast.lievito_id)
    before = balance(capital)

    actions.transfer_share(passing)

    assert balance(capital) == before
    rows = {
        person: [
            (row.code, row.amount_cents)
            for row in queries.capital_of(member_id=person, cooperative_id=cast.lievito_id)
        ]
        for person in (cast.bruno.id, cast.carla.id)
    }
    assert rows[cast.bruno.id][0] == ("share-passed-on", -2_500)
    assert rows[cast.carla.id] == [("share-taken-over", 2_500)]


def test_both_lines_say_with_whom_and_by_which_resolution(
    cast: Cast, passing: actions.TransferIn
) -> None:
    taken = line(actions.transfer_share(passing))

    assert line(cast.bruno.membership_id).events[-1].note == (
        "Quota ceduta a Carla Endrizzi: Consiglio del 28 maggio 2025, verbale 12"
    )
    assert [event.state for event in taken.events] == ["applied", "admitted", "registered"]
    assert taken.events[-1].note.startswith("Quota ricevuta da Bruno Fedrizzi: Consiglio")
    assert any("Hai ceduto" in each.sentence for each in notices_of(person_id=cast.bruno.id))
    told = [each.sentence for each in notices_of(person_id=cast.carla.id)]
    assert any("ora è tua: 25,00\u00a0€" in sentence for sentence in told)


def test_who_is_a_member_already_has_more_and_keeps_the_number(
    cast: Cast, passing: actions.TransferIn
) -> None:
    taken = line(actions.transfer_share(replace(passing, card=cast.ada.card)))

    assert (taken.id, taken.number, taken.shares_cents) == (cast.ada.membership_id, 1, 5_000)
    assert taken.registered_on == FIRST_DAY
    assert taken.events[-1].note.startswith("Quota ricevuta da Bruno Fedrizzi")


def test_who_has_applied_already_is_admitted_by_it(cast: Cast, passing: actions.TransferIn) -> None:
    applied = actions.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=cast.lievito_id,
        applied_on=date(2025, 5, 1),
        recorded_by=None,
        recorded_at=NOON,
    )

    assert actions.transfer_share(passing) == applied
    assert line(applied).state == "registered"


def test_the_same_act_sent_twice_moves_once(cast: Cast, passing: actions.TransferIn) -> None:
    first = actions.transfer_share(passing)

    assert actions.transfer_share(passing) == first
    assert ShareTransfer.objects.count() == 1
    assert shares(cast.carla.id, cast.lievito_id) == 2_500
    with pytest.raises(KeyReused):
        actions.transfer_share(replace(passing, card=cast.ada.card))
    with pytest.raises(StepNotPossible):
        actions.transfer_share(replace(passing, key="k2"))


def test_without_a_resolution_sixty_days_of_silence_allow_it(
    cast: Cast, passing: actions.TransferIn
) -> None:
    # docs/rules/share-transfer.md: asked for on 31 January 2026, from 2 April 2026 on.
    asked_on = date(2026, 1, 31)
    assert actions.silence_allows_on(asked_on=asked_on) == date(2026, 4, 2)
    at = datetime.combine(date(2026, 4, 2), NOON.timetz())
    silent = replace(passing, asked_on=asked_on, authorisation=" ", recorded_at=at)

    with pytest.raises(NotAuthorised, match="02/04/2026"):
        actions.transfer_share(replace(silent, happened_on=date(2026, 4, 1)))
    taken = line(actions.transfer_share(replace(silent, happened_on=date(2026, 4, 2))))

    assert "non ha risposto nei termini" in taken.events[-1].note


def test_what_may_not_pass_on_is_refused_and_nothing_moves(
    cast: Cast, passing: actions.TransferIn
) -> None:
    empty = make_membership(member=make_person(), cooperative=cast.lievito_id, share_cents=0)
    refusals: list[tuple[actions.TransferIn, type[Exception]]] = [
        (replace(passing, card=cast.bruno.card), TransferToOneself),
        (replace(passing, card="2900482193703"), CardNobodys),
        (replace(passing, asked_on=TODAY + timedelta(days=1)), AskedAfterwards),
        (replace(passing, happened_on=TODAY + timedelta(days=1)), DayInFuture),
        (
            replace(passing, asked_on=date(2024, 1, 1), happened_on=date(2024, 2, 1)),
            DayBeforeHistory,
        ),
        (replace(passing, membership_id=empty), NothingToTransfer),
    ]
    for refused, why in refusals:
        events = MembershipEvent.objects.count()
        with pytest.raises(why):
            actions.transfer_share(refused)
        assert MembershipEvent.objects.count() == events

    assert not ShareTransfer.objects.exists()
    assert shares(cast.bruno.id, cast.lievito_id) == 2_500


def test_an_applicant_has_no_share_to_pass_on(cast: Cast, passing: actions.TransferIn) -> None:
    applied = actions.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=cast.lievito_id,
        applied_on=TODAY,
        recorded_by=None,
        recorded_at=NOON,
    )

    with pytest.raises(StepNotPossible):
        actions.transfer_share(replace(passing, membership_id=applied, card=cast.ada.card))


def test_nobody_comes_to_hold_more_than_the_law_allows(
    cast: Cast, passing: actions.TransferIn
) -> None:
    rich = make_member(name="Rita Ricca")
    make_membership(member=rich.id, cooperative=cast.lievito_id, share_cents=14_380_000)

    with pytest.raises(HoldingTooLarge):
        actions.transfer_share(replace(passing, card=rich.card))

    assert line(cast.bruno.membership_id).state == "registered"


def test_a_transfer_is_never_changed(passing: actions.TransferIn) -> None:
    actions.transfer_share(passing)

    with pytest.raises(DatabaseError), transaction.atomic():
        ShareTransfer.objects.update(amount_cents=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_transfers_at_once_one_wins(cast: Cast, passing: actions.TransferIn) -> None:
    ready, refused = Barrier(2), []

    def run(asked: actions.TransferIn) -> None:
        ready.wait()
        try:
            actions.transfer_share(asked)
        except StepNotPossible:
            refused.append(asked.key)
        finally:
            connection.close()

    both = [passing, replace(passing, key="k2", card=cast.dario.card)]
    threads = [Thread(target=run, args=[asked]) for asked in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert CapitalMovement.objects.filter(transfer__isnull=False).count() == 2
    held = [shares(person, cast.lievito_id) for person in (cast.carla.id, cast.dario.id)]
    assert sorted(held) == [0, 2_500]


# --- its page ---


def form(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "key": "01a20363-9726-7ab3-8200-9bb739e69721",
        "card": cast.carla.card,
        "asked_on": "2025-05-20",
        "happened_on": "2025-06-02",
        "authorisation": "Verbale 12",
        **changes,
    }


def test_the_page_names_who_takes_before_anything_moves(cast: Cast) -> None:
    ada = client_of(cast.ada)
    path = f"/members/{cast.bruno.membership_id}/transfer/"
    assert path in ada.get(f"/members/{cast.bruno.membership_id}/").content.decode()

    check = ada.post(path, form(cast)).content.decode()

    assert "Carla Endrizzi" in check
    assert "Non si è ancora mosso niente" in check
    assert not ShareTransfer.objects.exists()

    done = ada.post(path, form(cast, confirmed="1"), follow=True).content.decode()
    assert "La quota di Bruno Fedrizzi è passata" in done
    assert "Quota ricevuta" in done
    given = ada.get(f"/members/{cast.bruno.membership_id}/").content.decode()
    assert "Quota ceduta a Carla Endrizzi" in given
    assert path not in given


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("authorisation", "", "Serve l’autorizzazione del consiglio"),
        ("card", "2900482193703", "Nessuno ha questa carta"),
        ("card", "1", "non è un numero di carta valido"),
    ],
)
def test_the_page_says_what_is_missing(cast: Cast, field: str, value: str, sentence: str) -> None:
    path = f"/members/{cast.bruno.membership_id}/transfer/"

    answer = client_of(cast.ada).post(path, form(cast, **{field: value}))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_another_cooperatives_share_is_not_there(cast: Cast) -> None:
    path = f"/members/{cast.bruno.membership_id}/transfer/"

    assert client_of(cast.dario).get(path).status_code == 404
    assert client_of(cast.elsa).get(path).status_code == 404
