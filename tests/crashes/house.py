"""A house that is served by real processes, tills that sell, and hands that kill."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from reciproca.postgres.paths import Paths
from reciproca.postgres.server import Server

CREATED = 201
FAULTS = range(500, 600)
PATIENCE_SECONDS = 90.0
SECRET_KEY = "only for a house that is killed " * 3
NOT_INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


@dataclass
class House:
    """One data directory; `port` is where it is served."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("RECIPROCA_") and name not in NOT_INHERITED
        }
        ours = {"RECIPROCA_DATA_DIR": str(self.data_dir), "RECIPROCA_SECRET_KEY": SECRET_KEY}
        return inherited | ours

    def run(self, *arguments: str) -> Any:
        """Run a module of Python in this house, and return what it told as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
        )
        return json.loads(done.stdout)

    def serve(self) -> None:
        """Start `reciproca serve` and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reciproca", "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self._answers)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def kill_all(self) -> None:
        """Kill every process of the house at once, as a power cut does."""
        assert self.process is not None
        pids = [self.process.pid, *below(self.process.pid), *self.database_processes()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def database_processes(self) -> list[int]:
        """Return the server's process, then those that serve its connections."""
        first = Server(data_dir=self.data_dir).pid()
        return [first, *below(first)] if first else []

    def victims(self) -> dict[str, list[int]]:
        """Return the processes that a kill may hit, by what they are."""
        assert self.process is not None
        found: dict[str, list[int]] = {"web server": [], "worker": [], "web process": []}
        for pid in children(self.process.pid):
            told = command_of(pid)
            if "reciproca\0web\0" in told:
                found["web server"].append(pid)
                found["web process"] += children(pid)
            elif "reciproca\0worker\0" in told:
                found["worker"].append(pid)
        first, *others = self.database_processes() or [0]
        found["database"] = [first] if first else []
        found["database connection"] = others
        return {name: pids for name, pids in found.items() if pids}

    def _answers(self) -> bool:
        with suppress(OSError, HTTPException):
            line = HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        return False


@dataclass
class Tills:
    """Tills that sell without pause, and send a sale again until they are told it is recorded."""

    port: int
    secret: str
    cards: list[str]
    count: int = 4
    told: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    resent: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def selling(self) -> Iterator[None]:
        hands = [
            threading.Thread(target=self._sell, args=(number,)) for number in range(self.count)
        ]
        for hand in hands:
            hand.start()
        try:
            yield
        finally:
            self._over.set()
            for hand in hands:
                hand.join()

    def wait_for_more(self, sales: int) -> None:
        """Wait until so many more sales are recorded."""
        aim = len(self.told) + sales
        wait_until(lambda: len(self.told) >= aim or bool(self.refused))
        assert not self.refused, self.refused

    def _sell(self, number: int) -> None:
        chance, line, made = random.Random(number), None, 0
        while not self._over.is_set() and not self.refused:
            made += 1
            cents, key = chance.randint(100, 9_000), f"till {number} sale {made}"
            sale = {
                "key": key,
                "card": chance.choice(self.cards),
                "lines": [{"amount_cents": cents}],
            }
            until = time.monotonic() + PATIENCE_SECONDS
            while True:
                line = line or HTTPConnection("127.0.0.1", self.port, timeout=20)
                status, text = send(line, self.secret, sale)
                if status == CREATED:
                    self.told[key] = cents
                    break
                line.close()
                line = None
                if (status and status not in FAULTS) or time.monotonic() > until:
                    self.refused.append(f"{status} {text}")
                    return
                self.resent += 1
                time.sleep(0.02)


def send(line: HTTPConnection, secret: str, sale: dict[str, Any]) -> tuple[int, str]:
    """Send a sale; return the answer's status, 0 where none came, and its text."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    try:
        line.request("POST", "/api/v1/sales", json.dumps(sale), headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException) as trouble:
        return 0, repr(trouble)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(number) for task in tasks for number in task.read_text().split()]
    except OSError:
        return []


def below(pid: int) -> list[int]:
    """Return all processes below one, those of the database excepted where they are not its own."""
    return [each for child in children(pid) for each in (child, *below(child))]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def socket_of(data_dir: Path) -> str:
    """Return the folder of a house's database socket."""
    return str(Paths.within(data_dir).socket_dir)
