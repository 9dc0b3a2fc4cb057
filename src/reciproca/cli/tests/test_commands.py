import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from reciproca.cli.tests.conftest import Reciproca, command_line
from reciproca.postgres.server import Server

Ask = Callable[[str], int]

MUNICIPALITIES = "SELECT count(*) FROM registry_municipality"


@pytest.fixture(scope="module", autouse=True)
def migrated(reciproca: Reciproca) -> None:
    done = reciproca("manage", "migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def backup(reciproca: Reciproca, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "una copia.dump"
    done = reciproca("backup", file, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bytes"] == file.stat().st_size
    return file


@pytest.fixture
def ask(environment: dict[str, str]) -> Iterator[Ask]:
    """Return what runs one statement on the house's database and gives its one figure."""
    server = Server(data_dir=Path(environment["RECIPROCA_DATA_DIR"]))
    server.join()

    def run(statement: str) -> int:
        with psycopg.connect(
            host=str(server.paths.socket_dir), user="postgres", dbname="reciproca"
        ) as connection:
            row = connection.execute(statement).fetchone()
            assert row is not None
            return int(row[0])

    yield run
    server.leave()


def test_an_unknown_command_is_a_wrong_call(reciproca: Reciproca) -> None:
    done = reciproca("dance")

    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "call",
    [
        ("backup", "--json"),
        ("dance", "--json"),
        ("demo", "--json", "--port", "x"),
        ("doctor", "--wrong", "--json"),
        ("year", "close", "ieri", "--json"),
    ],
)
def test_a_wrong_call_is_told_to_programs_too(reciproca: Reciproca, call: tuple[str, ...]) -> None:
    done = reciproca(*call)

    told = json.loads(done.stdout)
    assert done.returncode == 2
    assert (told["ok"], told["code"]) == (False, "called-wrongly")
    assert told["message"]


def test_doctor_says_what_runs_where(reciproca: Reciproca) -> None:
    done = reciproca("doctor", "--json")

    facts = json.loads(done.stdout)
    assert facts["server"] == "embedded"
    assert facts["server_version"].startswith("18")
    assert facts["kept_running_by"] == "this command alone"
    assert facts["migrations_pending"] == 0
    assert done.returncode == (0 if facts["ok"] else 1)


def test_a_backup_is_for_its_owners_eyes(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(backup.parent.iterdir()) == [backup]


def test_a_restore_brings_everything_back(reciproca: Reciproca, backup: Path, ask: Ask) -> None:
    before = ask(MUNICIPALITIES)
    ask(f"WITH gone AS (DELETE FROM registry_municipality RETURNING 1) {MUNICIPALITIES}")

    restored = reciproca("restore", backup, "--replace", "--json")

    assert restored.returncode == 0, restored.stderr
    assert ask(MUNICIPALITIES) == before > 7_000


def test_a_restored_table_still_refuses_changes(backup: Path, ask: Ask) -> None:
    with pytest.raises(psycopg.Error, match="never allowed"):
        ask("TRUNCATE shared_accesslog")


def test_a_restore_does_not_write_over_a_community(reciproca: Reciproca, backup: Path) -> None:
    done = reciproca("restore", backup, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "database-not-empty"


def test_a_cut_off_backup_changes_nothing(
    reciproca: Reciproca, backup: Path, tmp_path: Path, ask: Ask
) -> None:
    cut = tmp_path / "cut.dump"
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

    done = reciproca("restore", cut, "--replace")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "Nothing was changed" in done.stderr
    assert ask(MUNICIPALITIES) > 7_000


def test_ctrl_c_is_one_json_object_too(environment: dict[str, str], tmp_path: Path) -> None:
    house = {**environment, "RECIPROCA_DATA_DIR": str(tmp_path)}
    victim = subprocess.Popen(
        [sys.executable, "-m", "reciproca", "demo", "--headless", "--json"],
        env=house,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that runs in the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert victim.stderr is not None
    victim.stderr.readline()
    victim.send_signal(signal.SIGINT)
    told, said = victim.communicate(timeout=60)

    assert victim.returncode == 1
    assert json.loads(told)["code"] == "interrupted"
    assert json.loads(told)["ok"] is False
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["doctor", "--json"], ["rules", "no", "--json"]])
def test_a_full_disk_under_the_answer_is_a_sentence(
    environment: dict[str, str], arguments: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reciproca", *arguments],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1:] == ["Nothing can be written: No space left on device."]
    assert "Traceback" not in done.stderr


def test_a_reader_that_went_away_is_no_crash(environment: dict[str, str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "reciproca", "doctor"],
        env=environment,
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(theirs)

    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("DATABASE_URL", "postgresql://ada@127.0.0.1:1/no", "database-unreachable", "refused"),
        ("DATABASE_URL", "mysql://ada@127.0.0.1/no", "settings-wrong", "DATABASE_URL"),
        ("RECIPROCA_POOL_MIN_SIZE", "many", "settings-wrong", "RECIPROCA_POOL_MIN_SIZE"),
        ("RECIPROCA_DATA_DIR", __file__, "settings-wrong", "RECIPROCA_DATA_DIR"),
    ],
)
def test_surroundings_that_cannot_be_are_said_in_one_sentence(
    environment: dict[str, str], name: str, value: str, code: str, words: str
) -> None:
    done = command_line({**environment, name: value})("doctor", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["code"]) == (1, code)
    assert words in told["message"]
