from django.apps import AppConfig


class ValuebackConfig(AppConfig):
    name = "reciproca.valueback"
    label = "valueback"
