from django.apps import AppConfig


class ControlRoomConfig(AppConfig):
    name = "reciproca.control_room"
    label = "control_room"
