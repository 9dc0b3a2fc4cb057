from django.db import migrations

from reciproca.shared.append_only import append_only

# The row that holds the sum is locked first: of two that would pass it together, the second waits
# and then finds what the first one left.
GUARDS = """
CREATE FUNCTION projects_refuse_beyond_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  call projects_call;
  granted bigint;
BEGIN
  SELECT c.* INTO call FROM projects_call c JOIN projects_project p ON p.call_id = c.id
  WHERE p.id = NEW.project_id FOR UPDATE OF c;
  SELECT coalesce(sum(a.granted_cents), 0) INTO granted FROM projects_award a
  JOIN projects_project p ON p.id = a.project_id WHERE p.call_id = call.id;
  IF granted + NEW.granted_cents > call.budget_cents THEN
    RAISE EXCEPTION 'call % has % cents: % are granted, % more would pass them',
      call.id, call.budget_cents, granted, NEW.granted_cents
      USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_awards_within_budget';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_awards_within_budget BEFORE INSERT ON projects_award
FOR EACH ROW EXECUTE FUNCTION projects_refuse_beyond_budget();

CREATE FUNCTION projects_refuse_beyond_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  award projects_award;
  asked bigint;
  had bigint;
BEGIN
  SELECT a.* INTO award FROM projects_award a JOIN projects_receipt r ON r.award_id = a.project_id
  WHERE r.id = NEW.receipt_id FOR UPDATE OF a;
  SELECT amount_cents INTO asked FROM projects_receipt WHERE id = NEW.receipt_id;
  SELECT (SELECT coalesce(sum(t.amount_cents), 0) FROM projects_tranche t
          JOIN projects_receipt r ON r.id = t.receipt_id WHERE r.award_id = award.project_id)
       + (SELECT coalesce(sum(g.amount_cents), 0) FROM valueback_gift g
          WHERE g.project_id = award.node_id) INTO had;
  IF NEW.amount_cents NOT IN (0, asked) OR had + NEW.amount_cents > award.granted_cents THEN
    RAISE EXCEPTION 'project % was granted % cents and had %: % are not paid',
      award.project_id, award.granted_cents, had, NEW.amount_cents
      USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_tranches_within_grant';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_tranches_within_grant BEFORE INSERT ON projects_tranche
FOR EACH ROW WHEN (NEW.amount_cents > 0) EXECUTE FUNCTION projects_refuse_beyond_grant();
"""
UNGUARDED = """
DROP TRIGGER projects_awards_within_budget ON projects_award;
DROP TRIGGER projects_tranches_within_grant ON projects_tranche;
DROP FUNCTION projects_refuse_beyond_budget();
DROP FUNCTION projects_refuse_beyond_grant();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("valueback", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=GUARDS, reverse_sql=UNGUARDED),
        *append_only(
            "projects_call",
            "projects_project",
            "projects_costline",
            "projects_assessment",
            "projects_voting",
            "projects_award",
            "projects_receipt",
            "projects_tranche",
            "projects_report",
            "projects_photo",
        ),
    ]
