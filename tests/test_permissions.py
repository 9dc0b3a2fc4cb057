"""
Every address × every method × every persona: strangers, members, tills, managers, officers.

The table is `tests/permissions_table.py`; an address that is not in it fails here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from reciproca.api.app import api
from tests.makers import client_of
from tests.permissions_table import (
    ALLAUTH,
    API,
    AT_TILL,
    MANAGER_A,
    OBJECTS,
    PAIRED,
    PERSONAS,
    STRANGER,
    TABLE,
    UNLOCKED,
    Objects,
    World,
)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED_METHOD = 405
API_NAMESPACE = "api"
API_ROOT = "/api/v1"

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, and what its address must be given."""

    name: str
    params: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith(f"{API_NAMESPACE}:")


def addresses(
    patterns: list[URLPattern | URLResolver],
    names: tuple[str, ...] = (),
    params: tuple[str, ...] = (),
) -> Iterator[Address]:
    """Yield every named pattern with the namespaces and parameters above it."""
    for pattern in patterns:
        own = (*params, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            namespace = (pattern.namespace,) if pattern.namespace else ()
            yield from addresses(pattern.url_patterns, (*names, *namespace), own)
        elif pattern.name:
            yield Address(":".join((*names, pattern.name)), tuple(dict.fromkeys(own)))


def nameless(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Yield the routes that have no name, so that no table could hold them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from nameless(pattern.url_patterns)
        elif not pattern.name:
            yield str(pattern.pattern)


EVERY_ADDRESS = list(addresses(get_resolver().url_patterns))
PAGES = [address for address in EVERY_ADDRESS if not address.is_api]
OWN = [address for address in PAGES if address.name in TABLE]
OF_ALLAUTH = [address for address in PAGES if address.name in ALLAUTH]
OF_TILLS = [address for address in PAGES if address.name in AT_TILL]
ENDPOINTS = {
    (method.upper(), path.removeprefix(API_ROOT))
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the community once; every request below is taken back."""
    whole = transaction.atomic()
    # As Django marks its own: inside it, what must commit by itself may believe that it does.
    whole._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), whole:
        yield World()
        transaction.set_rollback(True)


def clients(world: World) -> Iterator[tuple[str, Client]]:
    """Yield each persona with a browser of their own."""
    for persona in PERSONAS:
        yield persona, client_of(world.person(persona))


def answer_to(
    client: Client, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
) -> str:
    """Ask, and take back what happens, so that one persona's act is not another's refusal."""
    kind = "application/json" if path.startswith(API_ROOT) else "application/octet-stream"
    with transaction.atomic():
        response = client.generic(method, path, body, kind, headers=headers or {})
        transaction.set_rollback(True)
    return outcome(response)


def outcome(response: HttpResponseBase) -> str:
    """Return in a word how somebody was answered."""
    if response.status_code == 401:
        return "login"
    if response.status_code in (301, 302) and _leads_to_login(response.headers["Location"]):
        return "login"
    known = {403: "forbidden", 404: "404", REFUSED_METHOD: "no such method"}
    if response.status_code >= 500:
        return "crash"
    return known.get(response.status_code, "ok")


def _leads_to_login(location: str) -> bool:
    return location.partition("?")[0] == resolve_url(settings.LOGIN_URL)


def expected(persona: str, allowed: frozenset[str], strangers: str = "login") -> str:
    if persona in allowed:
        return "ok"
    return strangers if persona == STRANGER else "404"


def path_of(address: Address, world: World, objects: Objects | None = None) -> str:
    makers = {**OBJECTS, **(objects or {})}
    return reverse(address.name, kwargs={name: makers[name](world) for name in address.params})


def test_every_address_is_in_the_table() -> None:
    assert {address.name for address in PAGES} == TABLE.keys() | ALLAUTH.keys() | AT_TILL.keys()
    # allauth's old addresses only lead to its new ones.
    assert set(nameless(get_resolver().url_patterns)) == {
        "social/login/cancelled/",
        "social/login/error/",
        "social/signup/",
        "social/connections/",
    }


def test_every_endpoint_is_in_the_table_and_published() -> None:
    assert set(API) == ENDPOINTS
    paths = {path for _method, path in ENDPOINTS}
    of_ninja = {"api:openapi-json", "api:api-root"}
    served = [address for address in EVERY_ADDRESS if address.is_api]
    assert len([address for address in served if address.name not in of_ninja]) == len(paths)


@pytest.mark.parametrize("address", OWN, ids=lambda address: address.name)
def test_pages_let_in_whom_the_table_names(address: Address, world: World) -> None:
    row, path = TABLE[address.name], path_of(address, world, TABLE[address.name].objects)
    wrong = []
    for persona, client in clients(world):
        # A method that a page does not know is refused before anybody is looked at.
        for method in METHODS if persona == MANAGER_A else METHODS[:2]:
            answered = answer_to(client, method, path)
            if method in row.methods:
                right = answered == expected(persona, row.methods[method], row.strangers)
            else:
                # Refused by its method, or already by who asks: never carried out.
                right = answered in (
                    "no such method",
                    expected(persona, frozenset(), row.strangers),
                )
            if not right:
                wrong.append(f"{method} {path} as {persona}: {answered}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", OF_TILLS, ids=lambda address: address.name)
def test_a_till_lets_in_paired_devices_and_no_login(address: Address, world: World) -> None:
    row = AT_TILL[address.name]
    # Sales are those that were made at a till.
    path = path_of(address, world, {"purchase_id": lambda world: world.till_sale})
    plain = {"X-Till": "1"}
    paired, _headers = world.device(world.till, None)
    askers = [(persona, client, plain) for persona, client in clients(world)]
    askers += [(PAIRED, paired, plain), (UNLOCKED, *world.device(world.till, world.cast.elsa))]
    wrong = []
    for who, client, headers in askers:
        for method in ("GET", "POST"):
            answered = answer_to(client, method, path, headers=headers)
            allowed = row.methods.get(method)
            if allowed is None:
                right = answered == "no such method"
            elif who in allowed or (who == UNLOCKED and PAIRED in allowed):
                right = answered == "ok"
            else:
                right = answered == "login"
            if not right:
                wrong.append(f"{method} {path} as {who}: {answered}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", OF_TILLS, ids=lambda address: address.name)
def test_another_cooperatives_till_finds_nothing(address: Address, world: World) -> None:
    if "purchase_id" not in address.params:
        return
    path = path_of(address, world, {"purchase_id": lambda world: world.till_sale})
    client, headers = world.device(world.till_of_b, world.cast.dario)
    body = json.dumps({"key": str(world.a)})
    for method in AT_TILL[address.name].methods:
        assert answer_to(client, method, path, body, headers) == "404"


@pytest.mark.parametrize("address", OF_TILLS, ids=lambda address: address.name)
def test_what_another_host_sends_reaches_no_till(address: Address, world: World) -> None:
    client, headers = world.device(world.till, world.cast.elsa)
    path = path_of(address, world, {"purchase_id": lambda world: world.till_sale})
    del headers["X-Till"]
    if "POST" in AT_TILL[address.name].methods:
        assert answer_to(client, "POST", path, headers=headers) == "forbidden"


@pytest.mark.parametrize("address", OF_ALLAUTH, ids=lambda address: address.name)
def test_the_entrance_knows_who_is_in(address: Address, world: World) -> None:
    path = path_of(address, world)
    for_strangers, for_known = ALLAUTH[address.name]
    wrong = []
    for persona, client in clients(world):
        right = for_strangers if persona == STRANGER else for_known
        for method in ("GET", "POST"):
            answered = answer_to(client, method, path)
            if answered not in (right, "no such method"):
                wrong.append(f"{method} {path} as {persona}: {answered}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", sorted(API), ids=" ".join)
def test_endpoints_let_in_whom_the_table_names(endpoint: tuple[str, str], world: World) -> None:
    method, template = endpoint
    allowed, body = API[endpoint].who, json.dumps(dict(API[endpoint].body))
    names = re.findall(r"{(\w+)}", template)
    path = API_ROOT + template.format(**{name: OBJECTS[name](world) for name in names})
    wrong = []
    for persona, client in clients(world):
        headers = world.api_headers(persona)
        answered = answer_to(client, method, path, body, headers)
        # Without a key everybody is a stranger to the API, whoever is signed in to the pages.
        whom = persona if headers or persona in allowed else STRANGER
        if answered != expected(whom, allowed):
            wrong.append(f"{method} {path} as {persona}: {answered}")
    assert not wrong, "\n".join(wrong)


def test_a_session_is_no_key(world: World) -> None:
    assert answer_to(client_of(world.cast.ada), "POST", f"{API_ROOT}/sales") == "login"


def test_a_page_that_is_not_ones_own_looks_like_one_that_does_not_exist(world: World) -> None:
    own = reverse("registry:member", args=[world.cast.bruno.membership_id])
    nowhere = reverse("registry:member", args=[world.cast.bruno.id])

    def body(client: Client, path: str) -> str:
        page = client.get(path).content.decode().replace(path, "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    dario = client_of(world.cast.dario)
    assert body(dario, own) == body(dario, nowhere)
