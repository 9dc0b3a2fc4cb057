from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClearingConfig(AppConfig):
    name = "reciproca.clearing"
    label = "clearing"
    verbose_name = _("compensazioni")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.clearing import telling  # noqa: F401
