"""People: joining the registry, changing what it knows of them, their login and their card."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions.cards import issue_cards
from reciproca.registry.actions.changes import apply_changes, note_changes
from reciproca.registry.actions.checks import (
    note_external_ids,
    refuse_taken_tax_codes,
    refuse_unknown_municipalities,
)
from reciproca.registry.bulk import copy_rows
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Node, NodeKind, Person, User
from reciproca.registry.rules import clean_email, clean_person
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import uuid7


class EmailAlreadyThere(DomainError):
    code = "email-already-there"
    message = _("Questa persona ha già un’e-mail: la cambia lei, dalla pagina dell’accesso.")


_OWN_FIELDS = ("first_name", "last_name", "tax_code", "born_on", "email", "phone")
_NODE_FIELDS = ("name", "address", "iban")


def register_person(*, person: PersonIn, recorded_by: UUID | None, recorded_at: datetime) -> UUID:
    """Add one person, with a card, to the registry; see `register_people`."""
    (node_id,) = register_people(people=[person], recorded_by=recorded_by, recorded_at=recorded_at)
    return node_id


@transaction.atomic
def register_people(
    *, people: Sequence[PersonIn], recorded_by: UUID | None, recorded_at: datetime
) -> list[UUID]:
    """
    Add people to the registry, all or none, each with a card; return their nodes in order.

    The number of SQL statements does not depend on how many they are.

    Raises: what `rules.clean_person` raises, MunicipalityUnknown, TaxCodeTaken, ExternalIdTaken.
    """
    cleaned = [clean_person(each) for each in people]
    refuse_unknown_municipalities([each.municipality for each in cleaned])
    refuse_taken_tax_codes(model=Person, codes=[each.tax_code for each in cleaned])
    ids = [uuid7() for _each in cleaned]
    pairs = list(zip(ids, cleaned, strict=True))
    constant = {
        "kind": NodeKind.PERSON.value,
        "description": "",
        "account_name": "",
        "opened_by": recorded_by,
        "opened_at": recorded_at,
    }
    of_node, own = attrgetter(*_NODE_FIELDS), attrgetter(*_OWN_FIELDS)
    copy_rows(
        model=Node,
        fields=("id", "municipality", *_NODE_FIELDS, *constant),
        rows=(
            (node, each.municipality or None, *of_node(each), *constant.values())
            for node, each in pairs
        ),
    )
    copy_rows(
        model=Person,
        fields=("node", *_OWN_FIELDS),
        rows=((node, *own(each)) for node, each in pairs),
    )
    note_external_ids([(node, *each.external_id) for node, each in pairs if each.external_id])
    issue_cards(people=ids, issued_by=recorded_by, issued_at=recorded_at)
    return ids


@transaction.atomic
def change_person(
    *, person_id: UUID, person: PersonIn, changed_by: UUID, changed_at: datetime
) -> None:
    """
    Bring what the registry knows of a person up to date.

    The e-mail address stays: it changes where the login is, because it must be verified.

    Raises: as `register_people`; Node.DoesNotExist.
    """
    node = Node.objects.select_for_update().get(pk=person_id, kind=NodeKind.PERSON)
    own = Person.objects.get(pk=person_id)
    cleaned = clean_person(person)
    refuse_unknown_municipalities([cleaned.municipality])
    if cleaned.tax_code != own.tax_code:
        refuse_taken_tax_codes(model=Person, codes=[cleaned.tax_code])
    fields = [name for name in _OWN_FIELDS if name != "email"]
    changes = {
        **apply_changes(node, {name: getattr(cleaned, name) for name in _NODE_FIELDS}),
        **apply_changes(node, {"municipality_id": cleaned.municipality or None}),
        **apply_changes(own, {name: getattr(cleaned, name) for name in fields}),
    }
    # Only that a field changed: old personal data is nothing to keep in a table that only grows.
    bare = dict.fromkeys(changes, ("", ""))
    note_changes(node_id=person_id, changes=bare, changed_by=changed_by, changed_at=changed_at)


@transaction.atomic
def give_email(*, person_id: UUID, email: str, changed_by: UUID, changed_at: datetime) -> None:
    """
    Note the first e-mail address of a person who has no login yet. With it they may come in, once
    it is verified and nobody at a desk still has to confirm it.

    Raises: EmailAlreadyThere, EmailUnreadable.
    """
    address = clean_email(email)
    own = Person.objects.select_for_update().get(pk=person_id)
    if own.email or User.objects.filter(person=person_id).exists():
        raise EmailAlreadyThere
    apply_changes(own, {"email": address})
    changes = {"email": ("", "")}
    note_changes(node_id=person_id, changes=changes, changed_by=changed_by, changed_at=changed_at)
