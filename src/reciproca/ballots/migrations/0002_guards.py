from django.db import migrations

from reciproca.ballots.sql import INSTALL, REMOVE
from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]

    operations = [
        *append_only("ballots_ballot", "ballots_option", "ballots_closing"),
        migrations.RunSQL(sql=INSTALL, reverse_sql=REMOVE),
    ]
