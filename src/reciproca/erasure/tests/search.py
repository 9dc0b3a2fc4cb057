"""Where a text still stands: in any column of any table, in any file, in the log."""

import base64
from collections.abc import Iterator
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection

from reciproca.settings.reader import read_settings
from reciproca.transparency.tests.log import entries


def tables() -> Iterator[tuple[str, str]]:
    """Yield each table of the database with the SQL of a row as one text, bytes in hexadecimals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(format('%I::text', column_name), ', ')"
            " FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name"
        )
        for table, columns in cursor.fetchall():
            yield table, f"lower(concat_ws(' ', {columns}))"


def spellings(text: str) -> set[str]:
    """Return how a text may stand in a row: as it is, without blanks, as bytes."""
    found = {text.lower(), text.lower().replace(" ", "")}
    return found | {each.encode().hex() for each in found}


def places_of(text: str) -> set[str]:
    """Return where in database, files and log a text still stands."""
    wanted, found = spellings(text), set()
    with connection.cursor() as cursor:
        for table, row in tables():
            named = " OR ".join(f"strpos({row}, %s) > 0" for _each in wanted)
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {named}", list(wanted))
            if cursor.fetchall() != [(0,)]:
                found.add(table)
        cursor.execute("SELECT value FROM shared_cache")
        cached = [base64.b64decode(value).lower() for (value,) in cursor.fetchall()]
        if any(text.lower().encode() in value for value in cached):
            found.add("shared_cache")
    told = [repr(session.get_decoded()).lower() for session in Session.objects.all()]
    if any(text.lower() in each for each in told):
        found.add("django_session")
    if any(text.encode() in entry for entry in entries()):
        found.add("log")
    return found | {f"file {path.name}" for path in files_with(text)}


def files_with(text: str) -> Iterator[Path]:
    """Yield the files of the data directory that hold a text, but for PostgreSQL's own pages."""
    root = read_settings().data_dir
    versions = sorted(root.rglob("PG_VERSION"), key=lambda path: len(path.parts))
    cluster = versions[0].parent if versions else root / "postgres"
    for path in root.rglob("*"):
        # PostgreSQL's own pages and journal, which it clears itself: docs/operating.md says when.
        own = path.is_relative_to(cluster)
        if not own and path.is_file() and text.lower().encode() in path.read_bytes().lower():
            yield path
