"""A whole house of its own: a data directory, a community built in it, `reciproca serve`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
START_SECONDS, BUILD_SECONDS, STOP_SECONDS = 180, 600, 60
OURS = ("RECIPROCA_", "DJANGO_", "DATABASE_URL")


@contextmanager
def open_house(*, built: str, demo: bool, log: Path | None = None) -> Iterator[str]:
    """
    Build what `tests.journeys.build` calls `built`, serve it and give its address.

    What it says, mail too, goes to `log`. The server is stopped at the end and its data are gone.
    It is always the embedded database: the one that DATABASE_URL names is the suite's, and knows
    nothing of a second community.
    """
    with TemporaryDirectory(prefix="reciproca-journeys-") as data_dir, _port() as port:
        url = f"http://localhost:{port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment = kept | {
            "RECIPROCA_DATA_DIR": data_dir,
            "RECIPROCA_BASE_URL": url,
            "RECIPROCA_DEMO_MODE": str(demo).lower(),
        }
        _build(built, environment)
        # The demo serves itself with two witnesses of its log beside it.
        serve = "demo" if demo else "serve"
        with _served(serve, port, environment, log or Path(data_dir) / "serve.log"):
            _wait_for(f"{url}/healthz")
            yield url


def _build(built: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.build", built],
        cwd=ROOT,
        env=environment,
        timeout=BUILD_SECONDS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"The community was not built:\n{done.stdout}{done.stderr}"


@contextmanager
def _port() -> Iterator[int]:
    """Choose a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


@contextmanager
def _served(command: str, port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Serve as anybody would; whatever it said is shown if a journey fails."""
    program = Path(sys.executable).with_name("reciproca")
    with log.open("w") as said:
        server = subprocess.Popen(
            [program, command, "--port", str(port)],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            raise
        print(log.read_text())  # noqa: T201 - pytest shows it beside a failure only


def _wait_for(url: str) -> None:
    ends = time.monotonic() + START_SECONDS
    while not _answers(url):
        assert time.monotonic() < ends, f"Nobody answers at {url}."
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        urlopen(url, timeout=5).close()
    except (URLError, TimeoutError, ConnectionError):
        return False
    return True
