from django.db import migrations


class Migration(migrations.Migration):
    """Once installed the rules; the last migration installs them all."""

    dependencies = [("ledger", "0001_initial")]

    operations = []
