"""The terminal speaks Italian where its locale says so, and English everywhere else."""

import os
import subprocess
import sys

import pytest

from reciproca.cli.language import LOCALE_NAMES, terminal_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "it_IT.UTF-8"}, "it"),
        ({"LANG": "it"}, "it"),
        ({"LANG": "IT_CH@euro"}, "it"),
        ({"LANG": "itz_GT"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_MESSAGES": "it_IT", "LANG": "en_GB"}, "it"),
        ({"LC_ALL": "C", "LC_MESSAGES": "it_IT", "LANG": "it_IT"}, "en"),
        ({"LC_ALL": "", "LANG": "it_IT"}, "it"),
    ],
)
def test_the_first_locale_that_says_anything_decides(
    environment: dict[str, str], language: str
) -> None:
    assert terminal_language(environment) == language


@pytest.mark.parametrize(
    ("locale", "refusal", "check"),
    [
        ("it_IT.UTF-8", "Non c’è nessuna importazione", "✓ le tabelle sono aggiornate"),
        ("C.UTF-8", "There is no import", "✓ tables are up to date"),
    ],
)
def test_answers_and_refusals_speak_one_language(
    environment: dict[str, str], locale: str, refusal: str, check: str
) -> None:
    assert _run(environment, locale, "manage", "migrate", "--verbosity=0").returncode == 0

    refused = _run(environment, locale, "import", "undo", f"{'0' * 32}", "--reason", "x")
    told = _run(environment, locale, "doctor")

    assert refused.returncode == 1
    assert refusal in refused.stderr
    assert check in told.stdout


def test_a_refusal_of_a_room_and_the_titles_of_steps_are_translated_too(
    environment: dict[str, str],
) -> None:
    _run(environment, "C.UTF-8", "manage", "migrate", "--verbosity=0")

    english = _run(environment, "en_GB.UTF-8", "year", "close", "2001")
    italian = _run(environment, "it_IT.UTF-8", "year", "close", "2001")
    checked = _run(environment, "en_GB.UTF-8", "verify")

    assert english.stderr == (
        "Up to 2001 the community has recorded no purchases: check the year.\n"
    )
    assert "Fino al 2001 la comunità non ha registrato acquisti" in italian.stderr
    assert checked.returncode == 0
    assert "Every unit balances to zero" in checked.stdout
    assert "Every unit balances to zero" in checked.stderr


def _run(
    environment: dict[str, str], locale: str, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    others = {name: value for name, value in environment.items() if name not in LOCALE_NAMES}
    return subprocess.run(
        [sys.executable, "-m", "reciproca", *arguments],
        env={**others, "LC_ALL": locale},
        cwd=os.path.sep,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
