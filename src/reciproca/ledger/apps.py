from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "reciproca.ledger"
    label = "ledger"
