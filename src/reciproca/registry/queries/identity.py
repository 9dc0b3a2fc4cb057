"""By what a person is told from others, wherever it may be written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import F, Max
from django.db.models.functions import Greatest, Lower

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
    return people_by(codes=[code]).get(code)


def people_by(*, codes: Collection[str]) -> dict[str, UUID]:
    """
    Return the open entry of the person whom each card number, tax code or e-mail address means.

    Codes that are nobody's, or more than one person's, are not there. Four SQL queries at most.
    """
    sought = {code: "".join(code.split()).lower() for code in codes}
    means: dict[str, UUID | None] = {}
    people = Node.objects.filter(kind=NodeKind.PERSON, closed_at=None)
    for code, as_kept in (
        (F("cards__number"), str.lower),
        (F("person__tax_code"), str.upper),
        (Lower("user__email"), str.lower),
        (Lower("person__email"), str.lower),
    ):
        left = {as_kept(text) for text in sought.values() if text and text not in means}
        if not left:
            break
        found = people.annotate(code=code).filter(code__in=left)
        ids: dict[str, set[UUID]] = {}
        for text, person in found.values_list("code", "id"):
            ids.setdefault(text.lower(), set()).add(person)
        means |= {text: each.pop() if len(each) == 1 else None for text, each in ids.items()}
    answers = {written: means.get(text) for written, text in sought.items()}
    return {written: person for written, person in answers.items() if person is not None}


def _with_merged(person_id: UUID) -> list[UUID]:
    people, newest = [person_id], [person_id]
    while newest:
        merged = Node.objects.filter(merged_into__in=newest).order_by("id")
        newest = list(merged.values_list("id", flat=True))
        people += newest
    return people


def _known(texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
