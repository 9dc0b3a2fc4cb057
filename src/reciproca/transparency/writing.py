"""Rows by the thousand, as PostgreSQL reads them fastest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from django.db import connection

from reciproca.postgres.backend.base import DatabaseWrapper
from reciproca.shared.arrays import placeholders
from reciproca.transparency.rules.leaves import Opening
from reciproca.transparency.rules.tiles import Tile


def write_openings(openings: Sequence[Opening]) -> None:
    """Write what entries stand for, and the entries as they wait for their places."""
    _copy(
        "transparency_opening (fact, kind, payload, salt)",
        # The payload is UTF-8 already, which is how a text column is sent.
        ("uuid", "varchar", "bytea", "bytea"),
        [(leaf.id, leaf.kind, leaf.payload, salt) for leaf, salt, _ in openings],
    )
    _copy(
        "transparency_waiting (fact, entry)",
        ("uuid", "bytea"),
        [(leaf.id, entry) for leaf, _, entry in openings],
    )


def write_with_openings(
    openings: Sequence[Opening], statement: str, parameters: Sequence[object]
) -> None:
    """Run a statement that writes, and write a few openings and entries in that very statement."""
    written: dict[str, list[tuple[object, ...]]] = {
        "transparency_opening (fact, kind, payload, salt)": [
            (leaf.id, leaf.kind, leaf.payload.decode(), salt) for leaf, salt, _ in openings
        ],
        "transparency_waiting (fact, entry)": [(leaf.id, entry) for leaf, _, entry in openings],
    }
    if openings:
        beside = ", ".join(
            f"{table.split()[0]} AS (INSERT INTO {table} VALUES {placeholders(rows)})"  # noqa: S608
            for table, rows in written.items()
        )
        statement = f"WITH {beside} {statement}"
    values = [value for rows in written.values() for row in rows for value in row]
    with cast(DatabaseWrapper, connection).prepared_cursor() as cursor:
        cursor.execute(statement, (*values, *parameters))  # type: ignore[arg-type]


def write_places(*, first: int, facts: Iterable[UUID]) -> None:
    """Write which places facts have, from a first index on."""
    _copy("transparency_leaf (index, fact)", ("int8", "uuid"), enumerate(facts, start=first))


def write_tiles(tiles: Mapping[Tile, bytes]) -> None:
    """Write tiles, those that are there already as they have grown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO transparency_tile (level, number, hashes)"
            " SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])"
            " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            [
                [level for level, _ in tiles],
                [number for _, number in tiles],
                list(tiles.values()),
            ],
        )


def write_bundles(bundles: Mapping[int, bytes]) -> None:
    """Write bundles, those that are there already as they have grown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO transparency_bundle (number, entries)"
            " SELECT * FROM unnest(%s::bigint[], %s::bytea[])"
            " ON CONFLICT (number) DO UPDATE SET entries = excluded.entries",
            [list(bundles), list(bundles.values())],
        )


def _copy(target: str, types: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
