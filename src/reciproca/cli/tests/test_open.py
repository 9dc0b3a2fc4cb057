"""`reciproca open`: a real community begins, once."""

import json
import os
import pty
import select
import sys
import time

import pytest

from reciproca.cli.tests.conftest import Reciproca, command_line

NEEDED = (
    "--community=Comunità della Val di Non",
    "--federation=Federazione della Val di Non",
    "--first-name=Olga",
    "--last-name=Bianchi",
    "--email=olga@example.org",
)
ANSWERS = (
    ("Name of the community: ", "Comunità della Val di Sole"),
    ("Name of the federation: ", "Federazione della Val di Sole"),
    ("Tax code of the federation (Enter to leave it out): ", ""),
    ("Municipality of the federation (Enter to leave it out): ", "Malé"),
    ("First name of its officer: ", "Anna"),
    ("Last name of its officer: ", "Rossi"),
    ("E-mail of its officer: ", "anna senza chiocciola"),
    (
        "Write the email in full, for example name@example.org.\r\nE-mail of its officer: ",
        "anna@example.org",
    ),
)


@pytest.fixture
def empty(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a house in which nobody has opened anything."""
    return {**environment, "RECIPROCA_DATA_DIR": str(tmp_path_factory.mktemp("casa è vuota"))}


def test_a_community_opens_once_and_says_where_its_officer_comes_in(empty: dict[str, str]) -> None:
    reciproca = command_line(empty)

    opened = reciproca("open", *NEEDED, "--municipality=Cles (TN)", "--json")
    again = reciproca("open", *NEEDED, "--json")
    other = reciproca("open", *NEEDED[1:], "--community=Altra", "--json")
    demo = reciproca("demo", "--headless", "--json")

    assert opened.returncode == 0, opened.stderr
    told = json.loads(opened.stdout)
    assert (told["ok"], told["new"]) == (True, True)
    assert told["sign_up_url"].endswith("/accounts/signup/?email=olga%40example.org")
    assert (again.returncode, json.loads(again.stdout)) == (0, {**told, "new": False})
    assert (other.returncode, json.loads(other.stdout)["code"]) == (1, "community-already-open")
    assert (demo.returncode, json.loads(demo.stdout)["code"]) == (1, "not-a-demo")


def test_without_a_terminal_the_missing_options_are_named(reciproca: Reciproca) -> None:
    said = reciproca("open", NEEDED[0], NEEDED[4])
    told = reciproca("open", "--json")

    assert (said.returncode, said.stdout) == (2, "")
    assert "Missing options: --federation, --first-name, --last-name." in said.stderr
    assert told.returncode == 2
    assert json.loads(told.stdout)["code"] == "called-wrongly"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("--email=olga", "--email: Write the email in full"),
        ("--municipality=Paperopoli", "--municipality: We cannot find"),
        ("--tax-code=12345678901", "--tax-code: “12345678901” is not"),
        (f"--community={'o' * 121}", "--community: Make it shorter: 120 characters fit"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_option(
    reciproca: Reciproca, wrong: str, words: str
) -> None:
    done = reciproca("open", *NEEDED, wrong)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_on_a_terminal_what_is_missing_is_asked(empty: dict[str, str]) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-m", "reciproca", "open"], empty)
    said = ""
    for question, told in ANSWERS:
        said = _read_until(terminal, question)
        assert said.endswith(question)
        os.write(terminal, f"{told}\n".encode())
    said = _read_until(terminal, "reciproca serve`.")
    _pid, status = os.waitpid(pid, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == 0
    assert "“Comunità della Val di Sole” is open." in said
    assert "/accounts/signup/?email=anna%40example.org" in said


def _read_until(terminal: int, words: str) -> str:
    """Return what the terminal shows up to `words`, or all there is when it ends before."""
    ends = time.monotonic() + 60
    said = b""
    while words.encode() not in said and time.monotonic() < ends:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            said += os.read(terminal, 1)
        except OSError:
            break
    return said.decode(errors="replace")
