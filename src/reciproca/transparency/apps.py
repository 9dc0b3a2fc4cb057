from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "reciproca.transparency"
    label = "transparency"
