from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "reciproca.refunds"
    label = "refunds"
