from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "reciproca.web"
    label = "web"
