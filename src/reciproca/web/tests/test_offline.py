"""What a browser may keep: the shells and their built files, and nothing of anybody."""

import json
import re

import pytest
from django.test import Client
from tests.makers import Cast, make_cast

from reciproca.web import assets
from reciproca.web.views.offline import OFFLINE, SHELLS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def kept(client: Client) -> dict[str, object]:
    answer = client.get("/sw.js")
    told = re.match(r"const KEPT = (.*);\n", answer.content.decode())
    assert told
    read: dict[str, object] = json.loads(told.group(1))
    return read


def test_the_service_worker_is_asked_for_anew_each_time_and_may_serve_the_whole_house(
    client: Client,
) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Service-Worker-Allowed"] == "/"


def test_a_shell_is_kept_with_every_built_file_that_it_asks_for(client: Client) -> None:
    shells = kept(client)["shells"]
    assert isinstance(shells, dict)
    assert shells.keys() == SHELLS.keys()
    for path, files in shells.items():
        page = client.get(path).content.decode()
        asked = re.findall(r'(?:src|href)="(/static/assets/[^"#]+\.(?:js|css|woff2|svg))', page)
        assert set(asked) <= set(files), path
    assert any("jsQR" in file for file in shells["/till/"])
    assert not any("jsQR" in file for file in shells[OFFLINE])


def test_a_shell_is_the_same_for_a_stranger_and_for_whoever_has_signed_in(
    client: Client, cast: Cast
) -> None:
    known = Client()
    known.force_login(cast.ada.user)
    for path in SHELLS:
        answer = known.get(path)
        assert answer.status_code == 200
        assert answer.content == client.get(path).content, path


def test_another_build_is_another_version(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(client)["version"]
    assert kept(client)["version"] == before
    monkeypatch.setattr(
        "reciproca.web.views.offline.service_worker_source",
        lambda: assets.service_worker_source() + "\n// newer",
    )
    assert kept(client)["version"] != before
