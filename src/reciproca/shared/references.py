"""
Foreign keys that are checked once a statement, for tables that are written by the thousand.

PostgreSQL checks its own row by row: five of them were a third of what the database did for an
imported purchase, mostly for the same few sellers over and over. Here what a batch names is looked
up and locked once. The promise is the same, and is refused with the same SQLSTATE 23503: no row
names what is not there, and what a row names is not taken away.

A room's migration adds `*references("purchases_line", purchase_id="purchases_purchase.id")` to its
operations, its model says `db_constraint=False`, and an index begins with the column.

Source: docs/decisions/0021-references-by-statement.md
"""

from itertools import groupby

from django.db import migrations

# A session keeps the plan from when the tables were small (see ledger.sql): the only one left is
# to look each named thing up by its key.
CHECK = """
CREATE FUNCTION {table}_check_references() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
SET enable_bitmapscan = off SET enable_material = off AS $$
BEGIN{columns}
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_names_what_is_there AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION {table}_check_references();

CREATE FUNCTION {table}_refuse_other_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{table}: what a row names never changes'
    USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER {table}_names_it_for_good BEFORE UPDATE OF {names} ON {table}
FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))
EXECUTE FUNCTION {table}_refuse_other_references();
"""

CHECK_COLUMN = """
  IF (SELECT count(*) FROM (SELECT FROM {target} t
      WHERE t.{key} IN (SELECT DISTINCT {column} FROM added) FOR KEY SHARE) AS found)
     <> (SELECT count(DISTINCT {column}) FROM added) THEN
    RAISE EXCEPTION '{table}: {column} is not in {target}' USING ERRCODE = 'foreign_key_violation';
  END IF;"""

KEEP = """
CREATE FUNCTION {target}_keep_for_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR {used} THEN
    RAISE EXCEPTION '{target}: {table} names it' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {target}_is_kept_for_{table} AFTER DELETE ON {target}
FOR EACH ROW EXECUTE FUNCTION {target}_keep_for_{table}();
CREATE TRIGGER {target}_keeps_its_key_for_{table} AFTER UPDATE OF {key} ON {target}
FOR EACH ROW WHEN (OLD.{key} <> NEW.{key}) EXECUTE FUNCTION {target}_keep_for_{table}();
"""

FORGET = """
DROP FUNCTION {table}_check_references() CASCADE;
DROP FUNCTION {table}_refuse_other_references() CASCADE;
"""

FORGET_KEPT = """
DROP FUNCTION {target}_keep_for_{table}() CASCADE;
"""


def references(table: str, /, **targets: str) -> list[migrations.RunSQL]:
    """
    Return the migration operations that make columns of `table` foreign keys.

    `targets` are `column="table.key"`, all names as the database has them.
    """
    columns = [_column(name, target) for name, target in targets.items()]
    checks = "".join(
        CHECK_COLUMN.format(table=table, column=column, target=target, key=key)
        for column, target, key in columns
    )
    make = CHECK.format(
        table=table,
        columns=checks,
        names=", ".join(targets),
        old=", ".join(f"OLD.{column}" for column in targets),
        new=", ".join(f"NEW.{column}" for column in targets),
    )
    forget = FORGET.format(table=table)
    for (target, key), named in groupby(sorted(columns, key=_target), key=_target):
        used = " OR ".join(
            f"EXISTS (SELECT FROM {table} WHERE {column} = OLD.{key})" for column, _, _ in named
        )
        make += KEEP.format(table=table, target=target, key=key, used=used)
        forget += FORGET_KEPT.format(table=table, target=target)
    return [migrations.RunSQL(sql=make, reverse_sql=forget)]


def _column(name: str, target: str) -> tuple[str, str, str]:
    table, key = target.split(".")
    return name, table, key


def _target(column: tuple[str, str, str]) -> tuple[str, str]:
    return column[1:]
