"""One list of places per persona, and none that does not exist."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

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
        "/cooperative/",
        "/valore/",
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
