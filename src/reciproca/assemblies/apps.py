from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "reciproca.assemblies"
    label = "assemblies"
    verbose_name = _("assemblee")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.assemblies import telling  # noqa: F401
        from reciproca.assemblies.queries.minutes import without_minutes
        from reciproca.ballots.keeping import register_keeper

        # Minutes name who voted what: until they are approved they are drawn from the roll.
        register_keeper(without_minutes)
