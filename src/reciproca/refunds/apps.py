from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "reciproca.refunds"
    label = "refunds"

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.refunds import telling  # noqa: F401
