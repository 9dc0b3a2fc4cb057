"""One operator alone cannot come by what spends for somebody: the holder proves, or two look."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.makers import NOON, Cast, make_cast, make_membership, make_person

from reciproca.notices.queries import notices_of
from reciproca.registry import actions, queries
from reciproca.registry.actions.card_proofs import PinWaiting, PinWrong
from reciproca.registry.actions.desk_checks import (
    CheckedAlready,
    DisputedAlready,
    NotByYourself,
    ProofOfAnother,
    ProofOrPaperMissing,
)
from reciproca.registry.card_codes import PhoneCodeUsed
from reciproca.registry.models import AssistedAct, CardPin, CardShown, DeskCheck, DeskDispute
from reciproca.registry.tests.test_card_proofs import shown_on

pytestmark = pytest.mark.django_db

OLD, NEW = "73902", "40718"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def elsas(cast: Cast) -> actions.AtDesk:
    return actions.AtDesk(cast.lievito_id, cast.elsa.id, cast.elsa.user.pk, NOON)


@pytest.fixture
def adas(cast: Cast) -> actions.AtDesk:
    return actions.AtDesk(cast.lievito_id, cast.ada.id, cast.ada.user.pk, NOON)


def set_pin(cast: Cast, desk: actions.AtDesk, *, proof: str = "", paper: str = "") -> bool:
    return actions.set_pin_at_desk(
        person_id=cast.bruno.id, pin=NEW, proof=proof, paper=paper, desk=desk
    )


def may_spend(cast: Cast, pin: str = NEW) -> bool:
    """Try to pay with Bruno's card and a PIN at the shop."""
    shown = actions.show_card(text=cast.bruno.card, seller_id=cast.lievito_id, shown_at=NOON)
    actions.prove_by_pin(shown_id=shown.id, seller_id=cast.lievito_id, pin=pin, asked_at=NOON)
    return CardShown.objects.get(pk=shown.id).may_spend


def only_check() -> DeskCheck:
    return DeskCheck.objects.get()


def told(person: object) -> str:
    return " ".join(each.sentence for each in notices_of(person_id=person))  # type: ignore[arg-type]


def test_without_proof_and_without_a_signed_paper_there_is_no_pin(
    cast: Cast, elsas: actions.AtDesk
) -> None:
    with pytest.raises(ProofOrPaperMissing):
        set_pin(cast, elsas)
    assert not CardPin.objects.exists()
    assert not AssistedAct.objects.exists()


def test_one_operator_alone_blocks_a_card_sets_a_pin_and_spends_nothing(
    cast: Cast, elsas: actions.AtDesk
) -> None:
    with actions.assisting(person_id=cast.bruno.id, what="new-card", desk=elsas):
        actions.replace_card(
            person_id=cast.bruno.id, replaced_by=cast.elsa.user.pk, replaced_at=NOON, tells=False
        )
    assert set_pin(cast, elsas, paper="7") is False
    number = queries.live_card_number(person_id=cast.bruno.id)
    shown = actions.show_card(text=number, seller_id=cast.lievito_id, shown_at=NOON)

    with pytest.raises(PinWaiting):
        actions.prove_by_pin(shown_id=shown.id, seller_id=cast.lievito_id, pin=NEW, asked_at=NOON)
    with pytest.raises(NotByYourself):
        actions.decide_desk_check(check_id=only_check().pk, confirmed=True, desk=elsas)
    assert not CardShown.objects.get(pk=shown.id).may_spend
    assert "Elsa Dallago" in told(cast.bruno.id)


def test_the_database_itself_refuses_that_one_confirms_what_one_asked(
    cast: Cast, elsas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="7")

    with pytest.raises(IntegrityError), transaction.atomic():
        DeskCheck.objects.update(confirmed=True, decided_by=cast.elsa.id, decided_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskCheck.objects.update(confirmed=True)


def test_a_second_person_confirms_and_the_pin_spends(
    cast: Cast, elsas: actions.AtDesk, adas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="M 7")
    [row] = queries.desk_checks(organisation_id=cast.lievito_id)
    assert (row.person, row.paper, row.asked_by) == ("Bruno Fedrizzi", "M 7", "Elsa Dallago")
    assert "seconda persona" in told(cast.ada.id)

    actions.decide_desk_check(check_id=row.id, confirmed=True, desk=adas)

    assert may_spend(cast)
    assert "ha confermato il nuovo PIN" in told(cast.bruno.id)
    [act] = queries.assisted_acts(person_id=cast.bruno.id, limit=5)
    assert (act.state, act.checked_by) == ("confirmed", "Ada Bertoldi")
    with pytest.raises(CheckedAlready):
        actions.decide_desk_check(check_id=row.id, confirmed=False, desk=adas)


def test_a_second_person_who_says_no_takes_the_pin_away(
    cast: Cast, elsas: actions.AtDesk, adas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="7")
    actions.decide_desk_check(check_id=only_check().pk, confirmed=False, desk=adas)

    assert not CardPin.objects.exists()
    assert "non ha confermato" in told(cast.bruno.id)


def test_another_cooperative_confirms_nothing_here(cast: Cast, elsas: actions.AtDesk) -> None:
    set_pin(cast, elsas, paper="7")
    darios = actions.AtDesk(cast.roncolago_id, cast.dario.id, cast.dario.user.pk, NOON)

    with pytest.raises(DeskCheck.DoesNotExist):
        actions.decide_desk_check(check_id=only_check().pk, confirmed=True, desk=darios)


def test_whoever_knows_the_pin_of_before_needs_nobody_else(
    cast: Cast, elsas: actions.AtDesk
) -> None:
    actions.set_pin(person_id=cast.bruno.id, pin=OLD, set_by=None, set_at=NOON)

    assert set_pin(cast, elsas, proof=OLD) is True
    assert may_spend(cast)
    assert not DeskCheck.objects.exists()


def test_guessing_the_pin_of_before_is_counted_and_changes_nothing(
    cast: Cast, elsas: actions.AtDesk
) -> None:
    actions.set_pin(person_id=cast.bruno.id, pin=OLD, set_by=None, set_at=NOON)

    with pytest.raises(PinWrong):
        set_pin(cast, elsas, proof="00001", paper="7")
    assert CardPin.objects.get().wrong_tries == 1
    assert may_spend(cast, OLD)


def test_a_phones_code_proves_once_and_only_its_own_card(cast: Cast, elsas: actions.AtDesk) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)
    others = actions.pair_phone(person_id=cast.ada.id, name="Telefono", paired_at=NOON)
    code = shown_on(phone, NOON)

    with pytest.raises(ProofOfAnother):
        set_pin(cast, elsas, proof=shown_on(others, NOON))
    assert set_pin(cast, elsas, proof=code) is True
    assert may_spend(cast)
    with pytest.raises(PhoneCodeUsed):
        set_pin(cast, elsas, proof=code)


def test_a_pin_that_its_holder_chose_meanwhile_waits_for_nobody(
    cast: Cast, elsas: actions.AtDesk, adas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="7")
    check = only_check().pk
    actions.set_pin(person_id=cast.bruno.id, pin=OLD, set_by=cast.bruno.user.pk, set_at=NOON)

    assert may_spend(cast, OLD)
    assert queries.desk_checks(organisation_id=cast.lievito_id) == []
    with pytest.raises(CheckedAlready):
        actions.decide_desk_check(check_id=check, confirmed=True, desk=adas)


def test_confirming_an_earlier_pin_does_not_confirm_a_later_one(
    cast: Cast, elsas: actions.AtDesk, adas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="7")
    earlier = only_check().pk
    set_pin(cast, elsas, paper="8")

    with pytest.raises(CheckedAlready):
        actions.decide_desk_check(check_id=earlier, confirmed=True, desk=adas)
    with pytest.raises(PinWaiting):
        may_spend(cast)


def test_an_email_written_at_the_desk_lets_nobody_in_before_a_second_person_confirms(
    cast: Cast, adas: actions.AtDesk, elsas: actions.AtDesk
) -> None:
    nina = make_person(name="Nina Nuova")
    make_membership(member=nina, cooperative=cast.lievito_id)
    actions.give_email_at_desk(person_id=nina, email="nina@example.org", desk=adas)

    def comes_in() -> bool:
        with transaction.atomic():
            user = cast.olga.user.__class__.objects.create_user("nina@example.org")
            person = actions.bind_user(
                user_id=user.pk, verified_email="nina@example.org", bound_at=NOON
            )
            transaction.set_rollback(True)
        return person == nina

    assert not comes_in()
    actions.decide_desk_check(check_id=only_check().pk, confirmed=True, desk=elsas)
    assert comes_in()


def test_an_email_that_is_taken_back_is_gone(
    cast: Cast, adas: actions.AtDesk, elsas: actions.AtDesk
) -> None:
    nina = make_person(name="Nina Nuova")
    make_membership(member=nina, cooperative=cast.lievito_id)
    actions.give_email_at_desk(person_id=nina, email="ada2@example.org", desk=adas)

    actions.decide_desk_check(check_id=only_check().pk, confirmed=False, desk=elsas)

    page = queries.person_page(person_id=nina)
    assert page is not None
    assert page.email == ""


def test_a_member_who_never_asked_says_so_and_the_pin_is_worth_nothing(
    cast: Cast, elsas: actions.AtDesk, adas: actions.AtDesk
) -> None:
    set_pin(cast, elsas, paper="7")
    actions.decide_desk_check(check_id=only_check().pk, confirmed=True, desk=adas)
    [act] = queries.assisted_acts(person_id=cast.bruno.id, limit=5)

    with pytest.raises(AssistedAct.DoesNotExist):
        actions.dispute_act(act_id=act.id, person_id=cast.carla.id, disputed_at=NOON)
    actions.dispute_act(
        act_id=act.id, person_id=cast.bruno.id, disputed_at=NOON + timedelta(hours=1)
    )

    assert not CardPin.objects.exists()
    assert "Bruno Fedrizzi dice di non aver chiesto" in told(cast.ada.id)
    assert "Panificio Il Lievito: senti la cooperativa" in told(cast.olga.id)
    assert "Bruno" not in told(cast.olga.id)
    [act] = queries.assisted_acts(person_id=cast.bruno.id, limit=5)
    assert act.is_disputed
    with pytest.raises(DisputedAlready):
        actions.dispute_act(act_id=act.id, person_id=cast.bruno.id, disputed_at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        DeskDispute.objects.all().delete()
