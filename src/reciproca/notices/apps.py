from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "reciproca.notices"
    label = "notices"
