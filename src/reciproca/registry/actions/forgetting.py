"""
A person is erased: what the registry knows of them goes, and the entry names nobody.

Source: docs/rules/retention.md
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from reciproca.registry.models import (
    Card,
    CardRefusal,
    CardShown,
    Claim,
    DeskCheck,
    ExternalId,
    Invitation,
    Membership,
    MembershipEvent,
    Merge,
    Node,
    NodeKind,
    NotTheSame,
    Person,
    User,
)
from reciproca.registry.queries.identity import Identity

NOBODY = "Persona cancellata"
"""What an erased person's entry is called; a name is kept as it is, in one language."""

NO_MAIL = "erased.invalid"
"""No mail can ever be sent to a domain under `invalid` (RFC 2606)."""


def lock_person(*, person_id: UUID) -> bool:
    """Hold a person's open entry until the transaction ends; tell whether it is there."""
    nodes = Node.objects.select_for_update().filter(kind=NodeKind.PERSON, closed_at=None)
    return nodes.filter(pk=person_id).first() is not None


@transaction.atomic
def forget_person(
    *, identity: Identity, register_until: Mapping[UUID, date], erased_at: datetime
) -> None:
    """
    Erase what the registry keeps of a person, and of the entries that were merged into theirs.

    `register_until` says of which lines of members' registers the law has the name kept, and the
    last day of it. The login stays as an empty one: what it did for others is not told of anybody.
    Append-only rows go by leave of `shared_erasedperson`, which is written before.
    """
    people = identity.people
    for line in Membership.objects.filter(pk__in=register_until).select_related("member"):
        line.kept_name, line.kept_until = line.member.name, register_until[line.id]
        line.save(update_fields=["kept_name", "kept_until"])
    MembershipEvent.objects.filter(membership__member__in=people).exclude(note="").update(note="")
    _empty_logins(people)
    _forget_cards(people)
    _forget_words(identity, erased_at)
    ExternalId.objects.filter(node__in=people).delete()
    NotTheSame.objects.filter(Q(one__in=people) | Q(other__in=people)).delete()
    Merge.objects.filter(heir__in=people).update(moved={})
    Person.objects.filter(node__in=people).update(
        first_name="", last_name="", tax_code="", born_on=None, email="", phone=""
    )
    Node.objects.filter(pk__in=people).update(
        name=NOBODY, description="", municipality=None, address="", iban="", account_name=""
    )
    Node.objects.filter(pk__in=people, closed_at=None).update(closed_at=erased_at)


def forget_kept_names(*, on: date) -> int:
    """Erase the names that members' registers kept until before a day; return how many."""
    over = Membership.objects.filter(kept_until__lt=on).exclude(kept_name="")
    return over.update(kept_name="")


def _empty_logins(people: Collection[UUID]) -> None:
    for user in User.objects.filter(person__in=people):
        for model in (EmailAddress, Authenticator, SocialAccount):
            model.objects.filter(user=user).delete()
        _end_sessions(user)
        user.email = f"{user.pk}@{NO_MAIL}"
        user.first_name, user.last_name = "", ""
        user.password, user.is_active, user.last_login = make_password(None), False, None
        user.save()


def _end_sessions(user: User) -> None:
    """Delete the sessions of a login, and those that were begun with its address."""
    for session in Session.objects.iterator():
        told = repr(session.get_decoded())
        if str(user.pk) in told or user.email in told:
            session.delete()


def _forget_cards(people: Collection[UUID]) -> None:
    cards = Card.objects.filter(person__in=people)
    CardRefusal.objects.filter(card__in=cards).delete()
    CardShown.objects.filter(card__in=cards).delete()
    cards.delete()


def _forget_words(identity: Identity, erased_at: datetime) -> None:
    """Empty what was written of somebody by hand: on paper, in a claim, in an invitation."""
    people = identity.people
    checks = DeskCheck.objects.filter(act__person__in=people)
    checks.filter(confirmed=None).delete()
    checks.update(paper="")
    Claim.objects.filter(person__in=people, state="open").delete()
    Claim.objects.filter(person__in=people).update(words="", answer="")
    meant = Q(accepted_by__in=people)
    for text in (*identity.names, *identity.emails):
        meant |= Q(invitee__iexact=text)
    invitations = Invitation.objects.filter(meant)
    invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=erased_at)
    invitations.update(invitee="")
