"""`reciproca witness` and `reciproca log`, as processes of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from reciproca.transparency.rules import notes, witnessing
from reciproca.transparency.rules.notes import COSIGNATURE, ED25519, Checkpoint

ORIGIN = "example.org/log/valli"
LOG = notes.new_signer(name=ORIGIN, algorithm=ED25519)


@pytest.fixture
def run(tmp_path: Path) -> Any:
    environment = {**os.environ, "RECIPROCA_DATA_DIR": str(tmp_path)}

    def ran(*arguments: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "reciproca", "witness", *arguments, "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return ran


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture
def port(tmp_path: Path, free_port: int) -> Iterator[int]:
    environment = {**os.environ, "RECIPROCA_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "reciproca", "witness", "serve", "--port", str(free_port)]
    served = subprocess.Popen(command, env=environment)
    try:
        until = time.monotonic() + 30
        while not answers(free_port):
            assert served.poll() is None, "the witness ended before it answered"
            assert time.monotonic() < until, "the witness does not answer"
            time.sleep(0.05)
        yield free_port
    finally:
        served.terminate()
        served.wait()


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/vkey")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    connected = HTTPConnection("127.0.0.1", port, timeout=10)
    connected.request(method, path, body)
    answer = connected.getresponse()
    told = answer.status, answer.read().decode()
    connected.close()
    return told


def submission(size: int, root: bytes, *, old: int) -> bytes:
    head = Checkpoint(ORIGIN, size, root)
    note = f"{head.text}\n{LOG.sign(head.text).line}"
    return witnessing.written_submission(old=old, proof=[], note=note).encode()


def test_a_witness_is_made_lets_in_a_log_and_cosigns_it(run: Any, port: int) -> None:
    body = submission(1, bytes(32), old=0)
    assert ask(port, "POST", "/add-checkpoint", body)[0] == 404

    assert run("add", str(LOG.verifier)) == {"ok": True, "origin": ORIGIN}
    status, line = ask(port, "POST", "/add-checkpoint", body)

    told = run("info")
    assert status == 200
    verifier = notes.read_verifier(told["vkey"])
    assert verifier.algorithm == COSIGNATURE
    text = Checkpoint(ORIGIN, 1, bytes(32)).text
    assert verifier.verifies(text, notes.read_signatures(line)[0])
    assert told["logs"] == [{"origin": ORIGIN, "size": 1}]
    assert ask(port, "POST", "/add-checkpoint", submission(1, b"f" * 32, old=1))[0] == 409


@pytest.mark.parametrize(
    "vkey",
    ["x", str(notes.new_signer(name="w", algorithm=COSIGNATURE).verifier)],
    ids=["none", "a-witness"],
)
def test_what_is_no_logs_key_is_refused(run: Any, vkey: str) -> None:
    assert run("add", vkey)["code"] == "vkey-unreadable"
