from django.db import migrations

from reciproca.ledger import sql


class Migration(migrations.Migration):
    """Every rule, whatever was there before."""

    dependencies = [("ledger", "0007_rules")]

    operations = [
        migrations.RunSQL(sql=sql.FUNCTIONS + sql.TRIGGERS, reverse_sql=migrations.RunSQL.noop),
    ]
