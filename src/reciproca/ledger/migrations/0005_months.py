from django.db import migrations

from reciproca.ledger import sql


class Migration(migrations.Migration):
    """Transfers are kept by month."""

    dependencies = [("ledger", "0004_reservations")]

    operations = [
        migrations.RunSQL(sql=sql.FUNCTIONS + sql.INTO_MONTHS, reverse_sql=migrations.RunSQL.noop),
    ]
