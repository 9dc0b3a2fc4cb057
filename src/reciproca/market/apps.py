from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketConfig(AppConfig):
    name = "reciproca.market"
    label = "market"
    verbose_name = _("mercato")

    def ready(self) -> None:
        from reciproca.market import telling  # noqa: F401 - what can be told must be known
