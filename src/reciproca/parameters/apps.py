from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ParametersConfig(AppConfig):
    name = "reciproca.parameters"
    label = "parameters"

    def ready(self) -> None:
        from reciproca.parameters.actions import seed

        # After every migrate and every flush of a test: the table is never found empty.
        post_migrate.connect(lambda **_: seed(), sender=self, weak=False)
