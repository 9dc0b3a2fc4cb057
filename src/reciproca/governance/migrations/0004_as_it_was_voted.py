from django.db import migrations, models

GUARD = """
CREATE FUNCTION governance_refuse_unvoted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  resolution governance_resolution;
BEGIN
  SELECT r.* INTO resolution FROM governance_resolution r WHERE r.id = NEW.resolution_id;
  IF (NEW.adopted_by = 'ballot') IS DISTINCT FROM (resolution.ballot IS NOT NULL)
    OR resolution.ballot IS NOT NULL AND resolution.policy_id IS DISTINCT FROM NEW.policy_id
  THEN
    RAISE EXCEPTION 'resolution % did not vote policy %', resolution.id, NEW.policy_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'governance_adopted_as_voted';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER governance_adopted_as_voted BEFORE INSERT ON governance_adoption
FOR EACH ROW EXECUTE FUNCTION governance_refuse_unvoted();
"""
UNGUARDED = """
DROP TRIGGER governance_adopted_as_voted ON governance_adoption;
DROP FUNCTION governance_refuse_unvoted();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_voted_resolutions")]

    operations = [
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("adopted_by", "ballot")),
                fields=("resolution",),
                name="governance_voted_policy_begins_once",
            ),
        ),
        migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARDED),
    ]
