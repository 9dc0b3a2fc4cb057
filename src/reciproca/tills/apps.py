from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TillsConfig(AppConfig):
    name = "reciproca.tills"
    label = "tills"
    verbose_name = _("casse")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.tills import telling  # noqa: F401
