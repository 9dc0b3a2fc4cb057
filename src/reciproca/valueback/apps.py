from django.apps import AppConfig


class ValuebackConfig(AppConfig):
    name = "reciproca.valueback"
    label = "valueback"

    def ready(self) -> None:
        from reciproca.governance.schemas import register_schema
        from reciproca.valueback.schema import SCHEMA

        register_schema(SCHEMA)
