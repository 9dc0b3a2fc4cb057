from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("refunds", "0001_initial")]

    operations = append_only("refunds_refundrun", "refunds_refundline", "refunds_cashpayment")
