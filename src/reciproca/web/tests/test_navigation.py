"""One list of places per persona, and none that does not exist."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from tests.makers import client_of, make_cast, make_mandate, make_organisation

from reciproca.registry.models import Mandate
from reciproca.shared.types import Role
from reciproca.web.navigation import PLACES, nav_items


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


web = [
    path("", page, name="home"),
    path("valore/", page, name="value"),
    path("profilo/", page, name="profile"),
    path("cooperative/", page, name="directory"),
]
urlpatterns = [
    path("", include((web, "web"))),
    path("entra/", page, name="account_login"),
]
HERE = override_settings(ROOT_URLCONF=__name__)


@HERE
def test_a_place_that_does_not_exist_is_left_out() -> None:
    assert [str(item.url) for item in nav_items(role="member", path="/")] == [
        "/",
        "/valore/",
        "/cooperative/",
    ]
    assert [item.url for item in nav_items(role=None, path="/")] == [
        "/",
        "/cooperative/",
        "/entra/",
    ]


@HERE
@pytest.mark.parametrize(
    ("asked", "current"),
    [
        ("/", "/"),
        ("/cooperative/017f/", "/cooperative/"),
        ("/valore/2026/", "/valore/"),
        ("/altro/", None),
    ],
)
def test_the_place_one_is_in_is_marked_and_home_only_at_home(
    asked: str, current: str | None
) -> None:
    marked = [item.url for item in nav_items(role="member", path=asked) if item.current]
    assert marked == ([current] if current else [])


@pytest.mark.parametrize("role", PLACES)
def test_the_bar_of_the_phone_never_holds_more_than_five(role: Role | None) -> None:
    assert len([place for place in PLACES[role] if not place.only_rail]) <= 5


@pytest.mark.parametrize("role", ["manager", "till"])
def test_whoever_has_no_members_has_no_places_for_them(role: Role) -> None:
    every = {item.url for item in nav_items(role=role, path="/")}
    without = {item.url for item in nav_items(role=role, path="/", has_members=False)}

    assert "/office/" in every
    assert every - without == ({"/office/", "/members/", "/year/"} & every)


@pytest.mark.django_db
def test_a_companys_manager_is_shown_neither_desk_nor_register() -> None:
    cast = make_cast()
    shop = make_organisation(name="Maso Dossi", kind="company")
    make_mandate(person=cast.dario.id, organisation=shop, role="manager")
    company, cooperative = client_of(cast.dario), client_of(cast.ada)
    mandate = Mandate.objects.get(organisation=shop)
    company.post("/roles/", {"mandate": str(mandate.id)})

    places = company.get("/purchases/").content.decode()
    assert "Maso Dossi" in places
    for address in ("/office/", "/members/", "/year/"):
        assert f'href="{address}"' not in places
        assert f'href="{address}"' in cooperative.get("/purchases/").content.decode()
