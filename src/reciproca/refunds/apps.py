from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    name = "reciproca.refunds"
    label = "refunds"
    verbose_name = _("ristorni")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.governance.effects import register_effects
        from reciproca.refunds import telling  # noqa: F401
        from reciproca.refunds.effects import refunds_because_of

        register_effects(refunds_because_of)
