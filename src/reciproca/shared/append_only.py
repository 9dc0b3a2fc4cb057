"""
Tables that only grow: the database refuses UPDATE, DELETE and TRUNCATE, whoever asks.

A room's migration adds `*append_only("registry_membershipevent")` to its operations. A mistake in
such a table is followed by a right line, never edited.

What such a table holds of a person goes when the person is erased, and the database itself sees to
it that nothing else does: `erasable` lets rows of somebody in `shared_erasedperson` be deleted, or
given the very values that an erasure leaves. Source: docs/decisions/0031-erasing-a-person.md
"""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION shared_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is never allowed: add a line that corrects it', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'RS001';
END $$;
"""

GUARD = """
CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION shared_refuse_change();
"""

UNGUARD = """
DROP TRIGGER {table}_is_never_changed ON {table};
DROP TRIGGER {table}_is_never_emptied ON {table};
"""


EXCEPT_ERASURE = """
CREATE FUNCTION {table}_refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = '{operation}' AND EXISTS (SELECT FROM shared_erasedperson e {whose}{becomes}) THEN
    RETURN {row};
  END IF;
  RAISE EXCEPTION '% on % is never allowed: add a line that corrects it', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'RS001';
END $$;
DROP TRIGGER {table}_is_never_changed ON {table};
CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse_all_but_erasure();
"""

NO_EXCEPTION = """
DROP FUNCTION {table}_refuse_all_but_erasure() CASCADE;
CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
"""


def append_only(*tables: str) -> list[migrations.RunSQL]:
    """Return the migration operations that let `tables` (names in the database) only grow."""
    return [
        migrations.RunSQL(
            sql=REFUSE + GUARD.format(table=table), reverse_sql=UNGUARD.format(table=table)
        )
        for table in tables
    ]


def erasable(table: str, /, *, whose: str, **becomes: str) -> migrations.RunSQL:
    """
    Return the operation that lets a table that only grows forget an erased person.

    `whose` is SQL that ties a row (OLD) to an erased person (e): `WHERE e.person = OLD.subject`.
    `becomes` are the columns that an erasure empties, each with the SQL of what it becomes; without
    any, rows are deleted whole.
    """
    pairs = ", ".join(f"'{column}', {value}" for column, value in becomes.items())
    emptied = f" AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object({pairs})"
    return migrations.RunSQL(
        sql=EXCEPT_ERASURE.format(
            table=table,
            whose=whose,
            operation="UPDATE" if becomes else "DELETE",
            becomes=emptied if becomes else "",
            row="NEW" if becomes else "OLD",
        ),
        reverse_sql=NO_EXCEPTION.format(table=table),
    )
