"""`reciproca officer add`: the control room opens again for somebody."""

import json

import pytest
from tests.makers import NOON, Cast, make_cast, make_person

from reciproca.cli.tests.conftest import command_line
from reciproca.registry import actions, queries
from reciproca.registry.actions.opening import EmailShared, NoCommunity
from reciproca.registry.forms import PersonIn
from reciproca.registry.rules import NameMissing

NEEDED = (
    "--community=Comunità della Val di Non",
    "--federation=Federazione della Val di Non",
    "--first-name=Olga",
    "--last-name=Bianchi",
    "--email=olga@example.org",
)


def test_the_machine_names_a_second_officer(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data_dir = str(tmp_path_factory.mktemp("officer"))
    reciproca = command_line({**environment, "RECIPROCA_DATA_DIR": data_dir})
    names = ("--first-name=Anna", "--last-name=Rossi")

    before = reciproca("officer", "add", "anna@example.org", *names, "--json")
    reciproca("open", *NEEDED)
    wrong = reciproca("officer", "add", "anna", *names, "--json")
    added = reciproca("officer", "add", "anna@example.org", *names, "--json")
    again = reciproca("officer", "add", "ANNA@example.org")

    assert (before.returncode, json.loads(before.stdout)["code"]) == (1, "no-community")
    assert wrong.returncode == 2
    told = json.loads(added.stdout)
    assert (told["new"], told["name"], told["signs_up"]) == (True, "Anna Rossi", True)
    assert told["sign_up_url"].endswith("/accounts/signup/?email=anna%40example.org")
    assert again.returncode == 0, again.stderr
    assert "Anna Rossi was in the control room already." in again.stdout


@pytest.mark.django_db
def test_it_is_who_signed_in_with_the_address_whatever_the_registry_says() -> None:
    cast = make_cast()
    make_person(name="Altro Bruno", email=cast.bruno.user.email)

    added = actions.add_officer(officer=PersonIn(email=cast.bruno.user.email), added_at=NOON)

    assert (added.officer_id, added.has_login, added.is_new) == (cast.bruno.id, True, True)
    assert "officer" in _roles(cast)


@pytest.mark.django_db
def test_nobody_is_guessed_and_nobody_is_without_a_name() -> None:
    with pytest.raises(NoCommunity):
        actions.add_officer(officer=PersonIn(email="anna@example.org"), added_at=NOON)
    make_cast()
    for name in ("Anna Rossi", "Luca Rossi"):
        make_person(name=name, email="famiglia@example.org")

    with pytest.raises(EmailShared):
        actions.add_officer(officer=PersonIn(email="famiglia@example.org"), added_at=NOON)
    with pytest.raises(NameMissing):
        actions.add_officer(officer=PersonIn(email="nuova@example.org"), added_at=NOON)


def _roles(cast: Cast) -> set[str]:
    held = queries.mandates_of(person_id=cast.bruno.id, on=NOON.date())
    return {each.role for each in held}
