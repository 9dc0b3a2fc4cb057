"""The rows of purchases written by bare SQL: the limit that recording them is held against."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

TABLES = (
    "purchases_purchase",
    "purchases_line",
    "ledger_transfer",
    "transparency_opening",
    "transparency_waiting",
)
KEY_OF = {
    "purchases_purchase": "id",
    "purchases_line": "purchase_id",
    "ledger_transfer": "reference",
    "transparency_opening": "fact",
    "transparency_waiting": "fact",
}


def rows_of(table: str, ids: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {table} WHERE {KEY_OF[table]} = ANY(%s::uuid[])", [list(ids)]
        )
        return list(cursor.fetchall())


def make_bare_tables() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{table}")
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING INDEXES)")


def _types(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_batch(batch: dict[str, list[tuple[Any, ...]]]) -> None:
    types = {table: _types(table) for table in TABLES}
    with psycopg.connect(**connection_params()) as bare:
        for table, rows in batch.items():
            statement = f"COPY bare_{table} FROM STDIN (FORMAT BINARY)"
            with bare.cursor() as cursor, cursor.copy(statement) as copy:
                copy.set_types(types[table])
                for row in rows:
                    copy.write_row(row)


def connection_params() -> dict[str, Any]:
    return {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("dbname", "user", "password", "host", "port")
    }
