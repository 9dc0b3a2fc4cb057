"""
One embedded server per data directory, shared by every process that wants it.

Two locks make it safe. The start lock is held while a process starts, adopts or stops the
server, so these never overlap. The users lock is held shared for as long as a process uses it:
who leaves tries to hold it alone, and succeeding means nobody else is there. Both are `flock`s,
which a killed process lets go of; the server it leaves behind is adopted by the next one.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from reciproca.postgres import programs
from reciproca.postgres.paths import Paths

START_TIMEOUT_SECONDS = 120.0
"""Generous: after a crash the server first replays what it had promised to keep."""

LARGEST_LOG_BYTES = 10_000_000

TUNING = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
"""For a laptop or a small server with a solid-state disk."""

if sys.platform == "linux":
    # After a crash the server sees to it that the disk has all of its files. One call for the whole
    # file system takes a tenth of a second, one for each of three thousand files took three.
    TUNING["recovery_init_sync_method"] = "syncfs"


class Server:
    """The embedded server of one data directory, as one process sees it."""

    def __init__(self, *, data_dir: Path, settings: dict[str, str] | None = None) -> None:
        """Describe a server; `settings` are PostgreSQL's own, over those of `TUNING`."""
        self.paths = Paths.within(data_dir)
        self._settings = {**TUNING, **(settings or {})}
        self._users: IO[bytes] | None = None
        self._owner_pid = 0
        self._process: subprocess.Popen[bytes] | None = None

    def join(self) -> None:
        """
        Use the server: start it if nobody has, else share the one that runs.

        Raises: programs.CannotRun, with the end of the server's log.
        """
        _private_dir(self.paths.log.parent)
        with self._alone():
            if self._users is None:
                self._users = self.paths.users_lock.open("ab")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._owner_pid = os.getpid()
            self._ensure_running()

    def leave(self) -> None:
        """Stop using the server; the last to leave stops it. Harmless when repeated."""
        # A forked child inherits the lock and the exit handlers, but is not a user of its own.
        if self._users is None or self._owner_pid != os.getpid():
            return
        with self._alone():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            self._users.close()
            self._users = None

    def pid(self) -> int | None:
        """Return the running server's process id, None when it does not run."""
        lines = _lines(self.paths.pid_file)
        pid = int(lines[0]) if lines and lines[0].isdigit() else None
        return pid if pid is not None and _is_postgres(pid) else None

    def ready(self) -> bool:
        """Tell whether the server accepts connections."""
        lines = _lines(self.paths.pid_file)
        return self.pid() is not None and len(lines) > 7 and lines[7].strip() == "ready"

    def _ensure_running(self) -> None:
        if not (self.paths.data / "PG_VERSION").exists():
            self._initialise()
        _private_dir(self.paths.socket_dir)
        self._wait_while_stopping()
        if self.pid() is None:
            self._remove_remains()
            self._start()
        self._wait_until_ready()

    def _initialise(self) -> None:
        """Make the cluster in a folder beside, so that a killed start leaves nothing half made."""
        draft = self.paths.data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        _private_dir(draft)
        # No ICU in the wheel: the built-in UTF-8 locale knows è and É, and sorts by code point.
        self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            "--pgdata", str(draft),
        )  # fmt: skip
        draft.rename(self.paths.data)

    def _start(self) -> None:
        log = self.paths.log
        mode = "wb" if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES else "ab"
        settings = {**self._settings, "unix_socket_directories": _quoted(self.paths.socket_dir)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with log.open(mode) as output:
            # A session of its own: Ctrl-C in the terminal must reach us, not the server.
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self.paths.data), *options),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
            )

    def _stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            if self._process is not None:
                self._process.poll()
            time.sleep(0.01)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _wait_while_stopping(self) -> None:
        """Wait for a server that a killed process had already told to stop."""
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            lines = _lines(self.paths.pid_file)
            if len(lines) <= 7 or lines[7].strip() != "stopping":
                return
            time.sleep(0.02)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self.ready():
            died = self._process is not None and self._process.poll() is not None
            if died or time.monotonic() > deadline:
                raise programs.CannotRun(
                    format_lazy(_("PostgreSQL non è partito:\n{log}"), log=self._end_of_log())
                )
            time.sleep(0.02)

    def _remove_remains(self) -> None:
        """
        Remove what a killed server left: its processes, an id that may now be anybody's, sockets.

        A process at work does not notice at once that its server is gone. Two servers' processes
        on one cluster would ruin it, and without its pid file PostgreSQL cannot tell.
        """
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while survivors := _postgres_processes_in(self.paths.data):
            if time.monotonic() > deadline:
                raise programs.CannotRun(
                    format_lazy(_("Un vecchio PostgreSQL non finisce: {pids}"), pids=survivors)
                )
            for pid in survivors:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            time.sleep(0.02)
        self.paths.pid_file.unlink(missing_ok=True)
        for remains in self.paths.socket_dir.glob(".s.PGSQL.*"):
            remains.unlink()

    def _end_of_log(self) -> str:
        return "\n".join(_lines(self.paths.log)[-15:])

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*programs.prefix(), str(programs.bin_dir() / program), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments), capture_output=True, text=True, check=False, cwd="/"
        )
        if done.returncode != 0:
            raise programs.CannotRun(
                format_lazy(
                    _("{program} non è riuscito:\n{said}"), program=program, said=done.stderr
                )
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.paths.start_lock.open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def exit_on_sigterm() -> None:
    """Turn SIGTERM into a normal exit, so that leaving happens as it does at any other end."""

    def leave_normally(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, leave_normally)


def join_until_exit(*, data_dir: Path, settings: dict[str, str] | None = None) -> Server:
    """Join the server of `data_dir` and leave it when this process ends."""
    server = Server(data_dir=data_dir, settings=settings)
    server.join()
    atexit.register(server.leave)
    return server


def _private_dir(path: Path) -> None:
    """Make a folder for the server's user alone: whoever reaches the socket is superuser."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_uid not in {os.geteuid(), programs.NOBODY}:
        raise programs.CannotRun(
            format_lazy(
                _("{path} è di qualcun altro: scegli un’altra cartella dei dati."), path=path
            )
        )
    path.chmod(0o700)
    if programs.becomes_nobody():
        os.chown(path, programs.NOBODY, programs.NOBODY)


def _is_postgres(pid: int) -> bool:
    """Tell whether `pid` is a PostgreSQL server: numbers are reused after a crash."""
    try:
        return (Path("/proc") / str(pid) / "exe").readlink().name.startswith("postgres")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    names: Sequence[str] = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    return any(Path(name).name.startswith("postgres") for name in names)


def _postgres_processes_in(folder: Path) -> list[int]:
    """Return the PostgreSQL processes at work in a data folder; none where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            at_work = (process / "cwd").readlink() == folder
            if at_work and _is_postgres(int(process.name)):
                found.append(int(process.name))
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _quoted(path: Path) -> str:
    """Return a path as an element of PostgreSQL's list setting, where commas separate."""
    return '"' + str(path).replace('"', '""') + '"'
