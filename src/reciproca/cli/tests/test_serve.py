import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reciproca.cli.tests.conftest import Reciproca

Serving = subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def serving(environment: dict[str, str], port: int) -> Iterator[Serving]:
    process = subprocess.Popen(
        [sys.executable, "-m", "reciproca", "serve", "--port", str(port)], env=environment
    )
    try:
        wait_until_it_answers(port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_serve_answers_works_and_stops_in_order(
    serving: Serving, port: int, reciproca: Reciproca
) -> None:
    pids = descendants(serving.pid)
    wait_until(lambda: facts(reciproca)["workers_alive"] == 1)
    assert facts(reciproca)["kept_running_by"] == "another process"

    serving.terminate()

    assert serving.wait(timeout=30) == 0
    assert not any(lives(pid) for pid in pids)
    assert facts(reciproca)["workers_alive"] == 0


def test_a_killed_child_is_started_again(serving: Serving, port: int) -> None:
    web = child(serving, "web")
    os.kill(web, signal.SIGKILL)

    wait_until(lambda: child(serving, "web") not in (0, web))
    wait_until_it_answers(port)


def test_a_killed_database_is_started_again(
    serving: Serving, port: int, reciproca: Reciproca
) -> None:
    pid = facts(reciproca)["server_pid"]
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)

    wait_until(lambda: not lives(pid))
    wait_until_it_answers(port)


def test_nothing_outlives_a_killed_serve(serving: Serving, port: int, reciproca: Reciproca) -> None:
    pids = descendants(serving.pid)
    serving.kill()
    serving.wait()

    wait_until(lambda: not any(lives(pid) for pid in pids))
    assert facts(reciproca)["kept_running_by"] == "this command alone"


def test_a_taken_port_is_refused(serving: Serving, port: int, reciproca: Reciproca) -> None:
    done = reciproca("serve", "--port", str(port))

    assert done.returncode == 1
    assert "choose another" in done.stderr


def facts(reciproca: Reciproca) -> dict[str, object]:
    found: dict[str, object] = json.loads(reciproca("doctor", "--json").stdout)
    return found


def wait_until_it_answers(port: int) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    wait_until(answers)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def child(serving: Serving, command: str) -> int:
    """Return the id of the direct child that runs `command`, 0 while there is none."""
    for pid in children(serving.pid):
        if f"reciproca\0{command}\0" in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
    return 0


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text().split()]


def descendants(pid: int) -> list[int]:
    """Return the processes below `pid`, those of the database excepted: it has other users."""
    return [
        process
        for below in children(pid)
        if b"postgres" not in Path(f"/proc/{below}/cmdline").read_bytes()
        for process in [below, *descendants(below)]
    ]


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits for its parent's look does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
