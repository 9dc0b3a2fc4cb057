from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "reciproca.imports"
    label = "imports"
