"""Many rows at once: one COPY, however many there are."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Field, Model


def copy_rows(
    *, model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """
    Write rows into a model's table; columns that are not named get the database's default.

    `fields` may name a foreign key with or without `_id`. Constraints hold, IntegrityError is
    Django's.
    """
    columns = [_column(model, name) for name in fields]
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _column(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    assert field.column
    return field.column
