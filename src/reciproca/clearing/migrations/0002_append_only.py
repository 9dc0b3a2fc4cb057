from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("clearing", "0001_initial")]

    operations = append_only(
        "clearing_clearingrun", "clearing_obligation", "clearing_payment", "clearing_settlement"
    )
