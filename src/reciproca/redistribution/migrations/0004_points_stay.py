from django.db import migrations

from reciproca.shared.append_only import append_only, erasable


class Migration(migrations.Migration):
    dependencies = [("redistribution", "0003_attested_points"), ("shared", "0002_erased_people")]

    operations = [
        *append_only("redistribution_pointlist", "redistribution_pointline"),
        erasable("redistribution_pointline", whose="WHERE e.person = OLD.member_id"),
    ]
