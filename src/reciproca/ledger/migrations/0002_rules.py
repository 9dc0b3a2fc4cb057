from django.db import migrations

from reciproca.ledger import sql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=sql.APPLY + sql.APPLIED + sql.GUARDS + sql.STORAGE, reverse_sql=sql.DROP
        ),
    ]
