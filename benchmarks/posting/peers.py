"""What others would use on the same server: pgbench's TPC-B, and django-hordak."""

import subprocess
import sys
from importlib.util import find_spec

import psycopg

from benchmarks.bare import connection_params
from benchmarks.measurement import QUICK
from reciproca.postgres.programs import bin_dir

SECONDS = 1
SCALE = 1 if QUICK else 10


def pgbench(*, clients: int) -> float | None:
    """Return TPC-B-like transactions per second, None where the program is not there."""
    program = bin_dir() / "pgbench"
    if not program.exists():
        print("pgbench: skipped, the embedded server's wheel does not bring it")
        return None
    database = ["-h", connection_params()["host"], "-U", "postgres", "peer_pgbench"]
    if _made("peer_pgbench"):
        _run(str(program), "-i", "-q", "-s", str(SCALE), *database)
    said = _run(
        str(program), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(SECONDS),
        *database,
    )  # fmt: skip
    [line] = [line for line in said.splitlines() if line.startswith("tps")]
    return float(line.split("=")[1].split()[0])


def hordak(*, accounts: int) -> float | None:
    """Return transfers per second by its own `transfer_to`, one a transaction, or None."""
    if find_spec("hordak") is None:
        print("django-hordak: skipped, it is not installed (requirements/peers.lock)")
        return None
    fresh = _made("peer_hordak")
    return float(
        _run(
            sys.executable, "-m", "benchmarks.posting.hordak_peer",
            str(connection_params()["host"]), str(accounts), str(SECONDS), str(int(fresh)),
        )
    )  # fmt: skip


def _made(name: str) -> bool:
    """Make a database; tell whether it was not there."""
    with psycopg.connect(**connection_params(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone():
            return False
        connection.execute(f"CREATE DATABASE {name}")
        return True


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
