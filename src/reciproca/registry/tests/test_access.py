"""Cards, mandates, keys, and the person behind a login."""

from datetime import date
from hashlib import sha256

import pytest
from tests.makers import (
    FIRST_DAY,
    NOON,
    Cast,
    client_of,
    make_cast,
    make_mandate,
    make_person,
    make_user,
    mandate_of,
)

from reciproca.registry import actions, queries
from reciproca.registry.actions.cards import CardAlreadyLive, NoLiveCard
from reciproca.registry.actions.keys import KeyRevoked
from reciproca.registry.actions.mandates import (
    EndsBeforeStart,
    MandateAlreadyHeld,
    MandateEnded,
    NotAPerson,
)
from reciproca.registry.models import ApiKey, Card
from reciproca.registry.rules import RoleNotForKind
from reciproca.shared.identifiers import clean_card_number

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


# --- cards ---


def test_a_card_number_has_its_check_digit_and_nobody_else_has_it(cast: Cast) -> None:
    numbers = [card.number for card in Card.objects.all()]

    assert [clean_card_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


def test_a_number_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = int(cast.ada.card[2:12]), (int(cast.ada.card[2:12]) + 1) % 10**10
    draws = iter([taken, free])
    monkeypatch.setattr(
        "reciproca.registry.actions.cards.secrets.randbelow", lambda _n: next(draws)
    )

    person = make_person()

    assert int(queries.live_card_number(person_id=person)[2:12]) == free


def test_a_person_has_one_live_card(cast: Cast) -> None:
    with pytest.raises(CardAlreadyLive):
        actions.issue_cards(people=[cast.ada.id], issued_by=None, issued_at=NOON)


def test_a_replaced_card_opens_nothing_and_still_tells_whose_it_was(cast: Cast) -> None:
    actions.replace_card(person_id=cast.bruno.id, replaced_by=cast.bruno.user.pk, replaced_at=NOON)

    old = queries.holder_of(number=cast.bruno.card)
    new = queries.live_card_number(person_id=cast.bruno.id)
    assert old is not None
    assert (old.person_id, old.is_blocked) == (cast.bruno.id, True)
    assert new
    assert new != cast.bruno.card


def test_a_card_is_blocked_once(cast: Cast) -> None:
    actions.block_card(person_id=cast.bruno.id, blocked_by=cast.ada.user.pk, blocked_at=NOON)

    assert queries.live_card_number(person_id=cast.bruno.id) == ""
    with pytest.raises(NoLiveCard):
        actions.block_card(person_id=cast.bruno.id, blocked_by=cast.ada.user.pk, blocked_at=NOON)


# --- mandates ---


def test_a_mandate_holds_from_its_first_day_to_its_last(cast: Cast) -> None:
    actions.grant_mandate(
        person_id=cast.bruno.id,
        organisation_id=cast.lievito_id,
        role="till",
        starts_on=date(2025, 7, 1),
        ends_on=date(2025, 7, 31),
        granted_by=cast.ada.user.pk,
        granted_at=NOON,
    )

    def held(on: date) -> int:
        return len(queries.mandates_of(person_id=cast.bruno.id, on=on))

    days = (date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 31), date(2025, 8, 1))
    assert [held(day) for day in days] == [0, 1, 1, 0]


def test_the_same_mandate_is_not_given_twice_for_the_same_days(cast: Cast) -> None:
    with pytest.raises(MandateAlreadyHeld):
        make_mandate(person=cast.ada.id, organisation=cast.lievito_id, role="manager")
    make_mandate(person=cast.ada.id, organisation=cast.lievito_id, role="till")


def test_a_role_fits_its_organisation_and_its_holder_is_a_person(cast: Cast) -> None:
    with pytest.raises(RoleNotForKind):
        make_mandate(person=cast.ada.id, organisation=cast.federation_id, role="manager")
    with pytest.raises(RoleNotForKind):
        make_mandate(person=cast.ada.id, organisation=cast.common_id, role="manager")
    with pytest.raises(NotAPerson):
        make_mandate(person=cast.roncolago_id, organisation=cast.lievito_id, role="till")


def test_a_mandate_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(EndsBeforeStart):
        actions.grant_mandate(
            person_id=cast.bruno.id,
            organisation_id=cast.lievito_id,
            role="till",
            starts_on=TODAY,
            ends_on=FIRST_DAY,
            granted_by=None,
            granted_at=NOON,
        )


def test_a_mandate_taken_away_ends_within_the_same_session(cast: Cast) -> None:
    browser = client_of(cast.ada)
    assert browser.get("/members/").status_code == 200

    actions.end_mandate(
        mandate_id=mandate_of(cast.ada).id, ended_by=cast.olga.user.pk, ended_at=NOON
    )

    answer = browser.get("/members/")
    assert answer.status_code == 404
    assert "Il tuo incarico è finito" in answer.content.decode()
    with pytest.raises(MandateEnded):
        actions.end_mandate(
            mandate_id=mandate_of(cast.ada).id, ended_by=cast.olga.user.pk, ended_at=NOON
        )


def test_nobody_acts_by_the_mandate_of_another(cast: Cast) -> None:
    browser = client_of(cast.bruno)

    assert browser.post("/roles/", {"mandate": str(cast.ada.mandate_id)}).status_code == 404

    session = browser.session
    session["mandate_id"] = str(cast.ada.mandate_id)
    session.save()
    assert browser.get("/members/").status_code == 404


def test_one_goes_from_role_to_role_and_back(cast: Cast) -> None:
    browser = client_of(cast.ada)

    browser.post("/roles/", {"mandate": ""})
    assert browser.get("/members/").status_code == 404

    browser.post("/roles/", {"mandate": str(cast.ada.mandate_id)})
    assert browser.get("/members/").status_code == 200


# --- keys ---


def test_a_key_is_told_once_and_kept_only_as_its_digest(cast: Cast) -> None:
    new = actions.create_api_key(
        organisation_id=cast.lievito_id, name="Cassa", created_by=None, created_at=NOON
    )

    assert ApiKey.objects.get(pk=new.id).digest == sha256(new.secret.encode()).hexdigest()
    holder = queries.holder_of_key(secret=new.secret)
    assert holder is not None
    assert holder.organisation_id == cast.lievito_id
    assert queries.holder_of_key(secret=new.secret + "x") is None


def test_a_revoked_key_opens_nothing(cast: Cast) -> None:
    new = actions.create_api_key(
        organisation_id=cast.lievito_id, name="Cassa", created_by=None, created_at=NOON
    )
    revoke = {"key_id": new.id, "revoked_by": cast.ada.user.pk, "revoked_at": NOON}

    actions.revoke_api_key(**revoke)  # type: ignore[arg-type]

    assert queries.holder_of_key(secret=new.secret) is None
    with pytest.raises(KeyRevoked):
        actions.revoke_api_key(**revoke)  # type: ignore[arg-type]


# --- the person behind a login ---


def test_a_login_finds_the_person_whom_a_cooperative_knows_by_that_address() -> None:
    person = make_person(name="Marta Bonelli", email="Marta@Example.org")
    user = make_user(email="marta@example.org")

    for address in ("marta@example.org", "altra@example.org"):
        bound = actions.bind_user(user_id=user.pk, verified_email=address, bound_at=NOON)

        assert bound == person


def test_a_login_that_nobody_knows_gets_a_person_of_its_own() -> None:
    user = make_user(email="nuova@example.org")
    user.first_name, user.last_name = "Nina", "Nuova"
    user.save()

    bound = actions.bind_user(user_id=user.pk, verified_email=user.email, bound_at=NOON)

    page = queries.person_page(person_id=bound)
    assert page is not None
    assert (page.name, page.email) == ("Nina Nuova", "nuova@example.org")
    assert queries.live_card_number(person_id=bound)


def test_of_a_family_with_one_address_nobody_is_guessed() -> None:
    family = {make_person(email="casa@example.org"), make_person(email="casa@example.org")}
    user = make_user(email="casa@example.org")

    bound = actions.bind_user(user_id=user.pk, verified_email="casa@example.org", bound_at=NOON)

    assert bound not in family


def test_a_person_who_has_a_login_is_not_taken_over_by_another(cast: Cast) -> None:
    person = make_person(email="carla@example.org")
    make_user(person=person, email="carla-1@example.org")
    other = make_user(email="carla@example.org")

    bound = actions.bind_user(user_id=other.pk, verified_email="carla@example.org", bound_at=NOON)

    assert bound != person
