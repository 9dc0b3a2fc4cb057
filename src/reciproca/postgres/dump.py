"""Copying a whole database into one file and back, with PostgreSQL's own programs."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, Any

from reciproca.postgres import programs

BEGIN_EMPTY = b"""
SET client_min_messages = warning;
BEGIN;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
COMMIT = b"COMMIT;\n"
UNKNOWN_BEFORE_17 = b"SET transaction_timeout"
LAST_SETTING = b"SET row_security"
COPY_BYTES = 1 << 20


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
    with (
        TemporaryFile("w+") as said,
        _reader(file, said) as reader,
        _writer(database, said) as writer,
    ):
        assert reader.stdout is not None
        assert writer.stdin is not None
        with suppress(BrokenPipeError):
            writer.stdin.write(BEGIN_EMPTY)
            _copy_script(reader.stdout, writer.stdin)
        reader.stdout.close()
        whole = reader.wait() == 0
        with suppress(BrokenPipeError):
            # Only a script that was read to its end is committed, whatever stops us before.
            writer.stdin.write(COMMIT if whole else b"")
            writer.stdin.close()
        if writer.wait() != 0 or not whole:
            said.seek(0)
            raise DumpFailed(said.read().strip())


def _reader(file: Path, said: IO[str]) -> Popen[bytes]:
    """Start what turns a dump into a script; it leaves out making the schema, which is there."""
    command = _command("pg_restore", "--no-owner", "--no-privileges", "--schema=public", "--file=-")
    return Popen([*command, str(file)], stdout=PIPE, stderr=said)


def _writer(database: dict[str, Any], said: IO[str]) -> Popen[bytes]:
    """Start what runs a script on the database, up to its first error."""
    command = _command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
    environment = _environment(database)
    return Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=said, env=environment)


def _copy_script(script: IO[bytes], target: IO[bytes]) -> None:
    """Copy a restore script, less the settings at its head that older servers do not know."""
    for line in script:
        if not line.startswith(UNKNOWN_BEFORE_17):
            target.write(line)
        if line.startswith(LAST_SETTING):
            break
    shutil.copyfileobj(script, target, COPY_BYTES)
    target.flush()


def _run(database: dict[str, Any], program: str, *arguments: str) -> None:
    done = subprocess.run(
        _command(program, *arguments),
        env=_environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DumpFailed(done.stderr.strip())


def _command(program: str, *arguments: str) -> list[str]:
    return [str(programs.bin_dir() / program), *arguments]


def _environment(database: dict[str, Any]) -> dict[str, str]:
    """Return our environment with Django's description of a database in libpq's words."""
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    names |= {"HOST": "PGHOST", "PORT": "PGPORT"}
    options = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    named = {names[key]: value for key, value in database.items() if key in names and value}
    further = database.get("OPTIONS", {})
    chosen = {options[key]: value for key, value in further.items() if key in options}
    return {**os.environ, **{name: str(value) for name, value in (named | chosen).items()}}
