"""Copying a whole database into one file and back, with PostgreSQL's own programs."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from reciproca.postgres import programs

EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


class DumpFailed(RuntimeError):
    """A program failed; the text is what it said."""


def dump(*, database: dict[str, Any], file: Path) -> None:
    """
    Write the whole database to `file`, in pg_dump's custom format.

    The file appears when it is complete: a stopped backup leaves none that looks like one.

    Raises: DumpFailed.
    """
    draft = file.with_name(f"{file.name}.part")
    try:
        # It holds people's data: for its owner's eyes alone.
        draft.touch(mode=0o600)
        _run(
            database, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            "--schema=public", "--file", str(draft),
        )  # fmt: skip
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(*, database: dict[str, Any], file: Path) -> None:
    """
    Put the database back as it was in `file`, whatever is there now; all or nothing.

    Tables, rows and only then triggers, in one transaction: rows are stored as they were, and the
    ledger counts none of them twice.

    Raises: DumpFailed, and the database is as before.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        # Naming the schema leaves its creation out of the script: it is made anew just before.
        _run(
            database, "pg_restore", "--no-owner", "--no-privileges", "--schema=public",
            "--file", str(script), str(file),
        )  # fmt: skip
        _run(
            database, "psql", "--no-psqlrc", "--quiet", "--single-transaction",
            "--set=ON_ERROR_STOP=1", "--command", EMPTY_SCHEMA, "--file", str(script),
        )  # fmt: skip


def _run(database: dict[str, Any], program: str, *arguments: str) -> None:
    environment = {**os.environ, **_connection(database)}
    done = subprocess.run(
        [str(programs.bin_dir() / program), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DumpFailed(done.stderr.strip())


def _connection(database: dict[str, Any]) -> dict[str, str]:
    """Return Django's description of a database as libpq's environment variables."""
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    names |= {"HOST": "PGHOST", "PORT": "PGPORT"}
    options = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    named = {names[key]: value for key, value in database.items() if key in names and value}
    further = database.get("OPTIONS", {})
    chosen = {options[key]: value for key, value in further.items() if key in options}
    return {name: str(value) for name, value in (named | chosen).items()}
