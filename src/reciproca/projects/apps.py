from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "reciproca.projects"
    label = "projects"
    verbose_name = _("progetti")

    def ready(self) -> None:
        # What can be told must be known to whoever shows notices.
        from reciproca.ballots.closed import register_follower
        from reciproca.projects import telling  # noqa: F401
        from reciproca.projects.actions import grant_what_won

        register_follower(grant_what_won)
