from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "reciproca.parameters"
    label = "parameters"
