from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "reciproca.assemblies"
    label = "assemblies"
    verbose_name = _("assemblee")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.assemblies import telling  # noqa: F401
