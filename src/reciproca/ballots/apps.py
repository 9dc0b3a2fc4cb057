from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BallotsConfig(AppConfig):
    name = "reciproca.ballots"
    label = "ballots"
    verbose_name = _("votazioni")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.ballots import telling  # noqa: F401
