from django.db import migrations


class Migration(migrations.Migration):
    """Once replaced a plan that could turn slow; see 0002."""

    dependencies = [("ledger", "0002_rules")]

    operations = []
