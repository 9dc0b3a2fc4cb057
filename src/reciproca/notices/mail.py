"""
The mails: one digest a day, or at once for the topics somebody chose so.

This room knows no people: whoever does hands in an address book. A mail's subject carries no
personal data, and its text says no more than the page behind the login.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from reciproca.notices.kinds import kind_of, sentence
from reciproca.notices.models import Mail, Notice, Preference

logger = logging.getLogger(__name__)

LONGEST_MAIL = 50
"""Notices in one mail; the rest is on the page."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody reads mail, and in which language."""

    email: str
    language: str


AddressBook = Callable[[Collection[UUID]], dict[UUID, Address]]

_books: list[AddressBook] = []


def register_address_book(book: AddressBook) -> None:
    """Hand in who knows the verified addresses of people; those without one get no mail."""
    _books.append(book)


def mail_digests() -> int:
    """Mail everybody what waits for them, in one mail each; return how many mails went."""
    waiting = Notice.objects.filter(mailed_at=None).values_list("recipient_id", flat=True)
    return sum(mail_people(people=list(waiting.distinct())))


def mail_people(*, people: Collection[UUID], kinds: Collection[str] | None = None) -> list[bool]:
    """Mail each of these people what waits for them, only of `kinds` if given."""
    addresses = {person: found for book in _books for person, found in book(people).items()}
    return [_mail_one(person, addresses.get(person), kinds) for person in people]


@transaction.atomic
def _mail_one(person: UUID, address: Address | None, kinds: Collection[str] | None) -> bool:
    # Locked while the mail goes: two workers never send the same notice twice.
    waiting = Notice.objects.select_for_update(skip_locked=True).filter(
        recipient_id=person, mailed_at=None
    )
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    notices = list(waiting.order_by("created_at", "id"))
    wanted = _wanted(person, notices)
    if wanted and address and not _send(address, wanted):
        return False
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=timezone.now())
    return bool(wanted and address)


def _wanted(person: UUID, notices: Iterable[Notice]) -> list[Notice]:
    refused = set(
        Preference.objects.filter(person_id=person, mail=Mail.NEVER).values_list("topic", flat=True)
    )
    return [
        notice
        for notice, kind in ((notice, kind_of(notice.kind)) for notice in notices)
        if kind.due or kind.topic.name not in refused
    ]


def _send(address: Address, notices: list[Notice]) -> bool:
    with override(address.language):
        subject = ngettext(
            "Reciproca: un avviso per te", "Reciproca: %(count)s avvisi per te", len(notices)
        ) % {"count": len(notices)}
        body = render_to_string("notices/mail.txt", _content(notices))
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address.email])
    except (SMTPException, OSError):
        # They stay unmailed and go with the next digest; the address is nobody's business here.
        logger.exception("a mail with %s notices could not be sent", len(notices))
        return False
    return True


def _content(notices: list[Notice]) -> dict[str, object]:
    base = settings.BASE_URL.rstrip("/")
    lines = [
        (sentence(kind=notice.kind, params=notice.params), notice.url and base + notice.url)
        for notice in notices[:LONGEST_MAIL]
    ]
    return {
        "lines": lines,
        "more": len(notices) - len(lines),
        "list_url": base + reverse("notices:list"),
        "preferences_url": base + reverse("notices:preferences"),
    }
