from django.db import migrations

# A file's run wrote its people and its lines at one and the same instant. Lines of a run that made
# nobody new stay without a file: undoing such a file is refused.
REMEMBER = """
UPDATE registry_membership m SET imported_by_id = run.import_id
FROM (
  SELECT DISTINCT i.id AS import_id, n.opened_at FROM imports_import i
  JOIN registry_externalid x ON x.source = 'import:' || i.id
  JOIN registry_node n ON n.id = x.node_id
  WHERE i.kind = 'members'
) run
JOIN registry_membershipevent e ON e.recorded_at = run.opened_at AND e.state = 'registered'
WHERE e.membership_id = m.id AND m.imported_by_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_lines_of_imports")]

    operations = [migrations.RunSQL(REMEMBER, migrations.RunSQL.noop)]
