from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("tills", "0001_initial")]

    operations = append_only(
        "tills_tillsale", "tills_heldsale", "tills_settlement", "tills_closing"
    )
