"""A link lets somebody in who is not in yet, once, for one organisation, in one role."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.makers import Cast, client_of, make_cast, make_person

from reciproca.registry import actions, queries
from reciproca.registry.actions.invitations import InvitationOver
from reciproca.registry.models import Invitation, User
from reciproca.registry.rules import RoleNotForKind

pytestmark = pytest.mark.django_db

WRITTEN = {
    "first_name": "Mario",
    "last_name": "Verdi",
    "email": "mario@example.org",
    "password": "segreto segreto",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_link_makes_an_access_and_leads_straight_to_the_desk(cast: Cast) -> None:
    link = _link(client_of(cast.olga), cast, role="manager")

    mario = Client()
    assert "Lavora per Panificio Il Lievito" in _text(mario, link)
    answer = mario.post(link, WRITTEN, follow=True)

    assert answer.redirect_chain[-1][0] == "/desk/"
    assert "Verso il primo acquisto" in answer.content.decode()
    person = User.objects.get(email="mario@example.org").person_id
    assert person is not None
    (held,) = queries.mandates_of(person_id=person, on=timezone.localdate())
    assert (held.role, held.organisation_id) == ("manager", cast.lievito_id)


def test_a_link_serves_once(cast: Cast) -> None:
    link = _link(client_of(cast.olga), cast)
    assert Client().post(link, WRITTEN).status_code == 302

    late = Client().post(link, {**WRITTEN, "email": "altro@example.org"})

    assert late.status_code == 404
    assert "Questo invito non vale più" in late.content.decode()
    assert not User.objects.filter(email="altro@example.org").exists()


def test_who_has_an_access_takes_the_mandate_with_it(cast: Cast) -> None:
    link = _link(client_of(cast.ada), cast)
    bruno = client_of(cast.bruno)

    assert "Accetta l’incarico" in _text(bruno, link)
    assert bruno.post(link, follow=True).redirect_chain[-1][0] == "/desk/"


def test_the_mandate_one_holds_already_is_not_given_twice(cast: Cast) -> None:
    link = _link(client_of(cast.ada), cast)

    answer = client_of(cast.elsa).post(link)

    assert answer.status_code == 409
    assert "ha già lo stesso incarico" in answer.content.decode()
    assert Client().get(link).status_code == 200


def test_an_address_that_nothing_proved_finds_nobody_s_entry(cast: Cast) -> None:
    known = make_person(name="Mario Verdi", email="mario@example.org")
    link = _link(client_of(cast.ada), cast)

    Client().post(link, WRITTEN)

    assert User.objects.get(email="mario@example.org").person_id != known


def test_an_address_with_an_access_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    link = _link(client_of(cast.ada), cast)
    taken = {**WRITTEN, "email": cast.bruno.user.email.upper()}

    answer = Client().post(link, taken)

    assert answer.status_code == 422
    assert "c’è già un accesso" in answer.content.decode()
    assert 'value="Verdi"' in answer.content.decode()
    assert Client().get(link).status_code == 200


def test_a_password_that_anybody_guesses_is_refused(cast: Cast) -> None:
    link = _link(client_of(cast.ada), cast)

    assert Client().post(link, {**WRITTEN, "password": "password"}).status_code == 422
    assert not User.objects.filter(email="mario@example.org").exists()


def test_where_mail_goes_the_address_proves_itself_first(cast: Cast, settings: Settings) -> None:
    link = _link(client_of(cast.ada), cast)
    settings.EMAIL_HOST = "smtp.example.org"

    page = _text(Client(), link)

    assert f"/accounts/signup/?next={link.replace('/', '%2F')}" in page
    assert Client().post(link, WRITTEN).status_code == 200
    assert not User.objects.filter(email="mario@example.org").exists()


def test_a_withdrawn_or_late_link_opens_nothing(cast: Cast) -> None:
    ada = client_of(cast.ada)
    withdrawn, late = _link(ada, cast), _link(ada, cast)
    first = Invitation.objects.order_by("made_at").first()
    assert first is not None
    Invitation.objects.exclude(pk=first.pk).update(ends_at=timezone.now() - timedelta(days=1))

    assert ada.post(f"/invitations/{first.pk}/withdrawal/").status_code == 302

    for link in (withdrawn, late):
        assert Client().get(link).status_code == 404
        assert Client().post(link, WRITTEN).status_code == 404
    with pytest.raises(InvitationOver):
        actions.withdraw_invitation(invitation_id=first.pk, withdrawn_at=timezone.now())


def test_nobody_invites_for_others_or_into_a_role_that_is_not_there(cast: Cast) -> None:
    answer = client_of(cast.ada).post(
        f"/mandates/of/{cast.roncolago_id}/invitations/", {"invitee": "X", "role": "till"}
    )
    assert answer.status_code == 404

    wrong = client_of(cast.ada).post(
        f"/mandates/of/{cast.lievito_id}/invitations/", {"invitee": "X", "role": "officer"}
    )
    assert wrong.status_code == 422
    with pytest.raises(RoleNotForKind):
        actions.invite(
            organisation_id=cast.lievito_id,
            role="officer",
            invitee="X",
            invited_by=cast.ada.user.pk,
            invited_at=timezone.now(),
        )


def test_the_link_is_told_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    ada = client_of(cast.ada)
    link = _link(ada, cast)
    secret = link.split("/")[2]

    page = ada.get("/mandates/").content.decode()

    assert "Mario Verdi" in page
    assert secret not in page
    assert secret not in str(Invitation.objects.values().get())


def _link(client: Client, cast: Cast, *, role: str = "till") -> str:
    answer = client.post(
        f"/mandates/of/{cast.lievito_id}/invitations/", {"invitee": "Mario Verdi", "role": role}
    )
    assert answer.status_code == 200
    found = re.search(r"http://testserver(/invitations/[^/]+/)", answer.content.decode())
    assert found
    return found.group(1)


def _text(client: Client, path: str) -> str:
    return client.get(path).content.decode()
