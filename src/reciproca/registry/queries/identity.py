"""By what a person is told from others, wherever it may be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Max
from django.db.models.functions import Greatest

from reciproca.registry.models import Card, Membership, Node, NodeKind, Person, User


@dataclass(frozen=True, slots=True)
class Identity:
    """
    A person, the entries that were merged into theirs, and what names them.

    `names` are as they are shown, `words` each name's own parts, `cards` all numbers they ever had.
    """

    people: Sequence[UUID]
    names: Sequence[str]
    words: Sequence[Sequence[str]]
    emails: Sequence[str]
    codes: Sequence[str]
    cards: Sequence[str]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """
    A line of a members' register that was ever entered there.

    `last_on` is the day of the last thing written on it (leaving, a share given back), None while
    it is a member's.
    """

    membership_id: UUID
    cooperative_name: str
    number: int
    last_on: date | None


def identity_of(*, person_id: UUID) -> Identity:
    """Return what names somebody, in five SQL queries and one for each merge before a merge."""
    people = _with_merged(person_id)
    nodes = list(Node.objects.filter(pk__in=people).values_list("name", "iban"))
    own = list(
        Person.objects.filter(node__in=people).values_list(
            "first_name", "last_name", "tax_code", "email", "phone"
        )
    )
    users = User.objects.filter(person__in=people)
    logins = EmailAddress.objects.filter(user__in=users)
    emails = [row[3] for row in own] + list(users.values_list("email", flat=True))
    emails += list(logins.values_list("email", flat=True))
    cards = list(Card.objects.filter(person__in=people).values_list("number", flat=True))
    written = [name for name, _iban in nodes]
    return Identity(
        people=people,
        names=_known([*written, *(f"{last} {first}".strip() for first, last, *_rest in own)]),
        words=[name.split() for name in _known(written)],
        emails=_known(emails),
        codes=_known([*(row[2] for row in own), *(row[4] for row in own), *(n[1] for n in nodes)]),
        cards=cards,
    )


def register_entries_of(*, people: Sequence[UUID]) -> list[RegisterEntry]:
    """Return the lines of members' registers that people were ever entered on, in one SQL query."""
    lines = (
        Membership.objects.filter(member__in=people, number__isnull=False)
        .annotate(last_on=Greatest("left_on", Max("capital_movements__happened_on")))
        .order_by("registered_on", "id")
        .values_list("id", "cooperative__name", "number", "left_on", "last_on")
    )
    return [
        RegisterEntry(line, name, number or 0, last_on if left_on else None)
        for line, name, number, left_on, last_on in lines
    ]


def person_by(*, code: str) -> UUID | None:
    """
    Return the open entry of the person whose card number, tax code or e-mail address this is.

    None if nobody's, or more than one person's. Four SQL queries at most.
    """
    text = "".join(code.split())
    if not text:
        return None
    people = Node.objects.filter(kind=NodeKind.PERSON, closed_at=None)
    for found in (
        people.filter(cards__number=text),
        people.filter(person__tax_code__iexact=text),
        people.filter(user__email__iexact=text),
        people.filter(person__email__iexact=text),
    ):
        ids = list(found.values_list("id", flat=True)[:2])
        if ids:
            return ids[0] if len(ids) == 1 else None
    return None


def _with_merged(person_id: UUID) -> list[UUID]:
    people, newest = [person_id], [person_id]
    while newest:
        merged = Node.objects.filter(merged_into__in=newest).order_by("id")
        newest = list(merged.values_list("id", flat=True))
        people += newest
    return people


def _known(texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
