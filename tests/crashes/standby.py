"""A synchronous standby of a house's database, of the same programs and under the same roof."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from reciproca.postgres import programs
from reciproca.postgres.paths import Paths
from tests.crashes.house import below, socket_of, wait_until


def asked(data_dir: Path, statement: str) -> list[tuple[object, ...]]:
    """Ask a house's database server something, outside of any transaction."""
    with psycopg.connect(
        host=socket_of(data_dir), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


class Standby:
    """A copy of `primary` in the data directory of another house, which follows it."""

    def __init__(self, *, primary: Path, data_dir: Path) -> None:
        self.primary, self.data_dir, self.paths = primary, data_dir, Paths.within(data_dir)
        self._process: subprocess.Popen[bytes] | None = None
        for folder in (self.paths.data.parent, self.paths.socket_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._run(
            "pg_basebackup", "--host", socket_of(primary), "--username=postgres", "--no-password",
            "--write-recovery-conf", "--checkpoint=fast", "--pgdata", str(self.paths.data),
        )  # fmt: skip

    def follow(self) -> None:
        """Start following the primary, and wait until its commits wait for us."""
        self._process = subprocess.Popen(
            self._command(
                "postgres", "-D", str(self.paths.data), "--listen_addresses=",
                f"--unix_socket_directories={self.paths.socket_dir}",
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )  # fmt: skip
        asked(self.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        asked(self.primary, "SELECT pg_reload_conf()")
        sync = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: bool(asked(self.primary, sync)))

    def fall(self) -> None:
        """Die at once; the primary's commits wait from now on."""
        assert self._process is not None
        for pid in [self._process.pid, *below(self._process.pid)]:
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        (self.paths.data / "postmaster.pid").unlink(missing_ok=True)
        gone = "SELECT 1 FROM pg_stat_replication"
        wait_until(lambda: not asked(self.primary, gone))

    def promote(self) -> None:
        """Become a server of its own, and wait for no standby; any house may join it."""
        asked(self.data_dir, "SELECT pg_promote()")
        asked(self.data_dir, "ALTER SYSTEM RESET synchronous_standby_names")
        asked(self.data_dir, "SELECT pg_reload_conf()")

    def end(self) -> None:
        """Stop, where nobody who joined has stopped it already."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*programs.prefix(), str(programs.bin_dir() / program), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(self._command(program, *arguments), check=True, cwd="/")


def cancel_waiting_commits(data_dir: Path, *, until: Callable[[], bool]) -> None:
    """Stop the wait of commits for the standby, as an impatient administrator does."""
    waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

    def cancelled() -> bool:
        asked(data_dir, waiting)
        return until()

    wait_until(cancelled)
