"""Telling people things, and letting them choose how they hear of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from reciproca.notices.kinds import kind_of, kinds_of, topics
from reciproca.notices.models import Mail, Notice, Preference
from reciproca.shared.errors import DomainError


class TopicUnknown(DomainError):
    code = "topic-unknown"
    message = _("Non conosciamo questo tipo di avviso: ricarica la pagina e scegli di nuovo.")
    status = 422


Params = Mapping[str, object]


def tell(
    *,
    recipients: Collection[UUID],
    kind: str,
    told_at: datetime,
    params: Params | None = None,
    url: str = "",
) -> None:
    """Tell these people the same thing; see `tell_each`."""
    people = dict.fromkeys(recipients)
    tell_each(
        each=[(person, params or {}) for person in people], kind=kind, told_at=told_at, url=url
    )


@transaction.atomic
def tell_each(
    *, each: Sequence[tuple[UUID, Params]], kind: str, told_at: datetime, url: str = ""
) -> None:
    """
    Tell each of these people their own thing, in the application and by mail as they chose.

    `kind` is what `kinds.kind` returned, the params are JSON (`…_cents` whole cents, `…_on` ISO
    dates), `url` is the path of the page that shows more.
    """
    what = kind_of(kind)
    Notice.objects.bulk_create(
        [
            Notice(recipient_id=person, kind=kind, params=params, url=url, created_at=told_at)
            for person, params in each
        ],
        batch_size=5_000,
    )
    recipients = [person for person, _params in each]
    if waiting := recipients if what.due else _wanting_at_once(recipients, what.topic.name):
        from reciproca.notices.tasks import mail_now

        kinds = [kind] if what.due else kinds_of(what.topic.name)
        mail_now.defer(people=[str(person) for person in waiting], kinds=kinds)


def _wanting_at_once(recipients: Collection[UUID], topic: str) -> list[UUID]:
    at_once = Preference.objects.filter(person__in=recipients, topic=topic, mail=Mail.NOW)
    return list(at_once.values_list("person_id", flat=True))


@transaction.atomic
def choose_mail(*, person_id: UUID, choices: Mapping[str, str]) -> None:
    """
    Keep how a person wants each topic by mail (topic name -> value of `Mail`).

    Raises: TopicUnknown.
    """
    known = {topic.name for topic in topics()}
    if choices.keys() - known or set(choices.values()) - set(Mail.values):
        raise TopicUnknown
    Preference.objects.bulk_create(
        [Preference(person_id=person_id, topic=name, mail=mail) for name, mail in choices.items()],
        update_conflicts=True,
        unique_fields=["person", "topic"],
        update_fields=["mail"],
    )


def mark_read(*, person_id: UUID, up_to: datetime, read_at: datetime) -> None:
    """Mark as read what a person was told until `up_to`: what came meanwhile stays new."""
    unread = Notice.objects.filter(recipient_id=person_id, read_at=None, created_at__lte=up_to)
    unread.update(read_at=read_at)


def forget_about(*, kinds: Collection[str], urls: Collection[str]) -> int:
    """Delete what anybody was told of these kinds with one of these pages; return how many."""
    return Notice.objects.filter(kind__in=kinds, url__in=urls).delete()[0]


@transaction.atomic
def forget_person(*, people: Collection[UUID], names: Collection[str], put_instead: str) -> None:
    """
    Delete what erased people were told and how they wanted it by mail, and let what others were
    told of them no longer name them: `put_instead` stands where one of `names` did.
    """
    Notice.objects.filter(recipient__in=people).delete()
    Preference.objects.filter(person__in=people).delete()
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "UPDATE notices_notice SET params ="
                " replace(params::text, to_json(%(name)s::text)::text,"
                " to_json(%(instead)s::text)::text)::jsonb"
                " WHERE strpos(params::text, to_json(%(name)s::text)::text) > 0",
                {"name": name, "instead": put_instead},
            )
