"""
Tables that only grow: the database refuses UPDATE, DELETE and TRUNCATE, whoever asks.

A room's migration adds `*append_only("registry_membershipevent")` to its operations. A mistake in
such a table is followed by a right line, never edited.
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


def append_only(*tables: str) -> list[migrations.RunSQL]:
    """Return the migration operations that let `tables` (names in the database) only grow."""
    return [
        migrations.RunSQL(
            sql=REFUSE + GUARD.format(table=table), reverse_sql=UNGUARD.format(table=table)
        )
        for table in tables
    ]
