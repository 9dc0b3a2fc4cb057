"""Logins and the people behind them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions.people import register_people
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import DeskCheck, Node, Person, User
from reciproca.shared.errors import DomainError

LANGUAGES = ("it", "en")


class LanguageUnknown(DomainError):
    code = "language-unknown"
    message = _("Scegli una delle lingue dell’elenco.")
    status = 422


@transaction.atomic
def bind_user(*, user_id: UUID, verified_email: str, bound_at: datetime) -> UUID:
    """
    Return the person of a login, finding or making it the first time.

    Somebody whom a cooperative registered with this very address becomes the person of the login:
    the address is proof only because it was verified. Where several share it (a family), nobody is
    guessed, and the login gets a person of its own. An address that a desk wrote for a member, and
    that nobody else there has confirmed, is nobody's.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user.person_id is None:
        user.person_id = _known_person(verified_email) or _new_person(
            user, verified_email, bound_at
        )
        user.save(update_fields=["person"])
    return user.person_id


def set_language(*, user_id: UUID, language: str) -> None:
    """Keep the language in which somebody reads pages and mails. Raises: LanguageUnknown."""
    if language not in LANGUAGES:
        raise LanguageUnknown
    User.objects.filter(pk=user_id).update(language=language)


def _known_person(email: str) -> UUID | None:
    people = Person.objects.filter(
        email__iexact=email, node__user=None, node__closed_at=None
    ).values_list("node_id", flat=True)
    found = list(people[:2])
    waiting = DeskCheck.objects.filter(act__person__in=found, act__what="email", confirmed=None)
    if len(found) != 1 or waiting.exists():
        return None
    # Held until the login points to it: the constraint would refuse a second one, less kindly.
    Node.objects.select_for_update(no_key=True).get(pk=found[0])
    return found[0]


def _new_person(user: User, email: str, bound_at: datetime) -> UUID:
    person = PersonIn(
        first_name=user.first_name,
        last_name=user.last_name,
        name="" if user.first_name or user.last_name else email.partition("@")[0],
        email=email,
    )
    return register_people(people=[person], recorded_by=user.id, recorded_at=bound_at)[0]
