from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "reciproca.ledger"
    label = "ledger"

    def ready(self) -> None:
        from reciproca.ledger.months import make_months

        post_migrate.connect(lambda **_: make_months(), sender=self, weak=False)
