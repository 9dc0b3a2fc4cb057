from django.db import migrations

from reciproca.shared.append_only import append_only
from reciproca.transparency import sql


class Migration(migrations.Migration):
    dependencies = [("transparency", "0001_initial"), ("shared", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=sql.INSTALL, reverse_sql=sql.REMOVE),
        *append_only("transparency_leaf", "transparency_checkpoint", "transparency_erasure"),
    ]
