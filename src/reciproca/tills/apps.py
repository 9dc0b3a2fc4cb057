from django.apps import AppConfig


class TillsConfig(AppConfig):
    name = "reciproca.tills"
    label = "tills"

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.tills import telling  # noqa: F401
