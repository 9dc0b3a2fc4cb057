from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedistributionConfig(AppConfig):
    name = "reciproca.redistribution"
    label = "redistribution"
    verbose_name = _("riparti")

    def ready(self) -> None:
        from reciproca.governance.effects import register_effects
        from reciproca.governance.schemas import register_schema
        from reciproca.redistribution.effects import runs_because_of
        from reciproca.redistribution.schema import SCHEMA

        register_schema(SCHEMA)
        register_effects(runs_because_of)
