from django.apps import AppConfig


class ControlRoomConfig(AppConfig):
    name = "reciproca.control_room"
    label = "control_room"

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.control_room import telling  # noqa: F401
