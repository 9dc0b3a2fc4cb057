import json
from pathlib import Path

import pytest

from reciproca.cli.tests.conftest import Reciproca

COUNT_MUNICIPALITIES = (
    "from reciproca.registry.models import Municipality; print(Municipality.objects.count())"
)
FORGET_MUNICIPALITIES = (
    "from reciproca.registry.models import Municipality; Municipality.objects.all().delete()"
)


@pytest.fixture(scope="module", autouse=True)
def migrated(reciproca: Reciproca) -> None:
    done = reciproca("manage", "migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_a_wrong_call(reciproca: Reciproca) -> None:
    done = reciproca("dance")

    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert done.stdout == ""


def test_a_missing_argument_is_a_wrong_call(reciproca: Reciproca) -> None:
    assert reciproca("backup", "--json").returncode == 2


def test_doctor_says_what_runs_where(reciproca: Reciproca) -> None:
    done = reciproca("doctor", "--json")

    facts = json.loads(done.stdout)
    assert facts["server"] == "embedded"
    assert facts["server_version"].startswith("18")
    assert facts["kept_running_by"] == "this command alone"
    assert facts["migrations_pending"] == 0
    assert done.returncode == (0 if facts["ok"] else 1)


def test_doctor_for_people_ends_with_1_when_a_check_fails(reciproca: Reciproca) -> None:
    done = reciproca("doctor")

    assert "server version" in done.stdout
    assert done.returncode == (1 if "NOT" in done.stdout else 0)


def test_a_backup_brings_everything_back(reciproca: Reciproca, tmp_path: Path) -> None:
    file = tmp_path / "una copia.dump"
    before = reciproca("manage", "shell", "-c", COUNT_MUNICIPALITIES).stdout.split()[-1]
    done = reciproca("backup", file, "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    reciproca("manage", "shell", "-c", FORGET_MUNICIPALITIES)

    restored = reciproca("restore", file, "--replace", "--json")

    assert restored.returncode == 0, restored.stderr
    after = reciproca("manage", "shell", "-c", COUNT_MUNICIPALITIES).stdout.split()[-1]
    assert int(before) == int(after) > 7_000


def test_a_restore_does_not_write_over_a_community(reciproca: Reciproca, tmp_path: Path) -> None:
    file = tmp_path / "copy.dump"
    reciproca("backup", file)

    done = reciproca("restore", file, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "database-not-empty"


def test_a_cut_off_backup_changes_nothing(reciproca: Reciproca, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.dump", tmp_path / "cut.dump"
    reciproca("backup", whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    done = reciproca("restore", cut, "--replace")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "Nothing was changed" in done.stderr
    assert reciproca("doctor", "--json").stdout.count('"migrations_pending": 0') == 1


def test_a_server_that_does_not_answer_is_said_in_one_sentence(
    environment: dict[str, str], reciproca: Reciproca
) -> None:
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    try:
        done = reciproca("doctor", "--json")
    finally:
        del environment["DATABASE_URL"]

    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "database-unreachable"
