from django.apps import AppConfig


class ClearingConfig(AppConfig):
    name = "reciproca.clearing"
    label = "clearing"
