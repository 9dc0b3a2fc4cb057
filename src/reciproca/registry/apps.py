from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "reciproca.registry"
    label = "registry"
    verbose_name = _("registro")

    def ready(self) -> None:
        from reciproca.notices.mail import register_address_book
        from reciproca.registry import telling  # noqa: F401 - what can be told must be known
        from reciproca.registry.queries import addresses_of
        from reciproca.registry.seeding import seed_municipalities

        register_address_book(addresses_of)
        # After every migrate and every flush of a test: the table is never found empty.
        post_migrate.connect(lambda **_: seed_municipalities(), sender=self, weak=False)
