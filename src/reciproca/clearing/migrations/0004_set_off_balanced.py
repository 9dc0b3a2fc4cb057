from django.db import migrations

from reciproca.shared.append_only import append_only

BALANCED = """
CREATE FUNCTION clearing_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (
      SELECT debtor_id AS node, -amount_cents AS cents FROM clearing_obligation WHERE run_id = NEW.id
      UNION ALL
      SELECT creditor_id, amount_cents FROM clearing_obligation WHERE run_id = NEW.id
    ) AS side GROUP BY node HAVING sum(cents) <> 0
  ) THEN
    RAISE EXCEPTION 'set-off % changes a position: as much must be given up as is forgiven', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'clearing_set_off_is_balanced';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clearing_set_off_is_balanced AFTER INSERT ON clearing_clearingrun
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'set_off')
EXECUTE FUNCTION clearing_refuse_unbalanced();
"""
UNGUARDED = """
DROP TRIGGER clearing_set_off_is_balanced ON clearing_clearingrun;
DROP FUNCTION clearing_refuse_unbalanced();
"""


class Migration(migrations.Migration):
    dependencies = [("clearing", "0003_set_off")]

    operations = [
        migrations.RunSQL(sql=BALANCED, reverse_sql=UNGUARDED),
        *append_only(
            "clearing_setoffproposal",
            "clearing_setoffline",
            "clearing_setoffparty",
            "clearing_setoffanswer",
            "clearing_setoffclosing",
        ),
    ]
