from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "reciproca.purchases"
    label = "purchases"
