from django.db import migrations

from reciproca.ledger import sql


class Migration(migrations.Migration):
    """Transfers are kept by month. Every rule is installed here, whatever was there before."""

    dependencies = [("ledger", "0004_reservations")]

    operations = [
        migrations.RunSQL(sql=sql.RULES, reverse_sql=migrations.RunSQL.noop),
    ]
