from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "reciproca.shared"
    label = "shared"
