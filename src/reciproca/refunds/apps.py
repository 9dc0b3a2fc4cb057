from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    name = "reciproca.refunds"
    label = "refunds"
    verbose_name = _("ristorni")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.refunds import telling  # noqa: F401
