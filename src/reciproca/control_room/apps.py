from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlRoomConfig(AppConfig):
    name = "reciproca.control_room"
    label = "control_room"
    verbose_name = _("avvisi")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.control_room import telling  # noqa: F401
