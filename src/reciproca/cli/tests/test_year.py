"""`year close` and `verify` answer programs with one JSON object, and people with sentences."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reciproca.cli.tests.conftest import Reciproca
from reciproca.postgres.server import Server

LIVE_A_YEAR = """
from reciproca.cli.house import open_house
open_house(migrate=True)
from reciproca.control_room.tests.scenario import make_year
make_year()
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of an installation in which 2025 was lived; it speaks Italian."""
    place = tmp_path_factory.mktemp("lived")
    env = {**environment, "RECIPROCA_DATA_DIR": str(place), "LANG": "it_IT.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", LIVE_A_YEAR], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return env


@pytest.fixture(scope="module", autouse=True)
def kept_running(lived: dict[str, str]) -> Iterator[None]:
    """Keep the database running between the commands: each would start it anew."""
    server = Server(data_dir=Path(lived["RECIPROCA_DATA_DIR"]))
    server.join()
    yield
    server.leave()


def run(lived: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "reciproca", *arguments],
        env=lived,
        cwd=os.path.sep,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_a_year_is_closed_once_however_often_it_is_asked(lived: dict[str, str]) -> None:
    first, second = (run(lived, "year", "close", "2025", "--json") for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    told = json.loads(first.stdout)
    assert told == json.loads(second.stdout)
    assert told["ok"] is True
    assert told["year"] == 2025
    assert told["members_refunded"] == 2
    assert told["refunds_cents"] == 110_000
    assert told["payments"] > 0
    assert told["payments_cents"] > 0
    assert told["expired_cents"] == 0
    assert told["cooperatives_without_accounts"] == ["Caseificio Roncolago", "Maso Dossi"]
    assert told["steps"].keys() == {"figures", "expiry", "refunds", "clearing", "statements"}
    assert first.stderr.count("\n") >= 5


def test_people_read_sentences(lived: dict[str, str]) -> None:
    done = run(lived, "year", "close", "2025")

    assert done.returncode == 0
    assert "Il 2025 è chiuso." in done.stdout
    assert "1.100,00" in done.stdout
    assert "Maso Dossi" in done.stdout


def test_a_year_that_cannot_be_closed_ends_with_one_and_a_sentence(
    lived: dict[str, str],
) -> None:
    told = run(lived, "year", "close", "2026", "--json")
    said = run(lived, "year", "close", "2001")

    assert (told.returncode, said.returncode) == (1, 1)
    assert json.loads(told.stdout)["code"] == "year-not-over"
    assert "Fino al 2001 la comunità non ha registrato acquisti" in said.stderr
    assert said.stdout == ""


def test_a_word_that_is_no_year_is_a_wrong_call(reciproca: Reciproca) -> None:
    assert reciproca("year", "close", "ieri").returncode == 2
    assert reciproca("year").returncode == 2


def test_everything_is_verified_and_a_wrong_cent_is_found(lived: dict[str, str]) -> None:
    right = run(lived, "verify", "--json")
    told = json.loads(right.stdout)
    assert right.returncode == 0, told
    assert told["ok"] is True
    assert all(
        check.keys() == {"ok", "details", "seconds"} and check["ok"]
        for check in told["checks"].values()
    )

    tampered = run(
        lived, "manage", "shell", "-v0", "-c",
        "from django.db import connection as c; c = c.cursor();"
        "c.execute('SET session_replication_role = replica');"
        "c.execute('UPDATE clearing_clearingrun SET gross_cents = gross_cents + 1')",
    )  # fmt: skip
    assert tampered.returncode == 0, tampered.stderr
    said = run(lived, "verify")

    assert said.returncode == 1
    assert said.stdout.count("✗") == 1
    assert "✗ Ogni compensazione, ricalcolata, torna" in said.stdout
