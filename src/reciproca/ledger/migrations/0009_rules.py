from django.db import migrations

from reciproca.ledger import sql

# It takes one more argument now.
OLD = "DROP FUNCTION IF EXISTS ledger_move(bigint[], varchar[], bigint[], bigint[]);"


class Migration(migrations.Migration):
    """Every rule, whatever was there before."""

    dependencies = [("ledger", "0008_rules")]

    operations = [
        migrations.RunSQL(
            sql=OLD + sql.FUNCTIONS + sql.TRIGGERS, reverse_sql=migrations.RunSQL.noop
        ),
    ]
