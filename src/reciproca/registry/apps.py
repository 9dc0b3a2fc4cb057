from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "reciproca.registry"
    label = "registry"
