from django.db import migrations

from reciproca.ledger import sql


class Migration(migrations.Migration):
    """Databases made before have the function with a plan that may turn slow."""

    dependencies = [("ledger", "0002_rules")]

    operations = [migrations.RunSQL(sql=sql.APPLY, reverse_sql=migrations.RunSQL.noop)]
