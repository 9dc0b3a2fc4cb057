from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasesConfig(AppConfig):
    name = "reciproca.purchases"
    label = "purchases"
    verbose_name = _("acquisti")

    def ready(self) -> None:
        from reciproca.governance.effects import register_effects
        from reciproca.purchases.effects import value_because_of

        register_effects(value_because_of)
