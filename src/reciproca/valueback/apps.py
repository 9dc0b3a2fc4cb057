from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ValuebackConfig(AppConfig):
    name = "reciproca.valueback"
    label = "valueback"
    verbose_name = _("impegni, doni e crediti")

    def ready(self) -> None:
        from reciproca.governance.schemas import register_schema
        from reciproca.valueback.schema import SCHEMA

        register_schema(SCHEMA)
