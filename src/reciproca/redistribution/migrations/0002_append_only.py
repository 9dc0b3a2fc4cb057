from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("redistribution", "0001_initial")]

    operations = append_only("redistribution_line")
