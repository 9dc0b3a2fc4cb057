"""What a person was told, and how they want to hear of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.notices.kinds import sentence, topics
from reciproca.notices.models import Mail, Notice, Preference

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice in the words of this moment's language."""

    id: UUID
    sentence: str
    url: str
    created_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic and how a person wants it by mail."""

    name: str
    title: str
    mail: str


def notices_of(
    *, person_id: UUID, before: datetime | None = None, limit: int = PAGE_SIZE
) -> list[NoticeRow]:
    """Return what a person was told, latest first, in one SQL query."""
    rows = Notice.objects.filter(recipient_id=person_id).order_by("-created_at", "id")
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    return [
        NoticeRow(
            id=row.id,
            sentence=sentence(kind=row.kind, params=row.params),
            url=row.url,
            created_at=row.created_at,
            is_new=row.read_at is None,
        )
        for row in rows[:limit]
    ]


def unread_count(*, person_id: UUID) -> int:
    """Return how many notices a person has not seen yet."""
    return Notice.objects.filter(recipient_id=person_id, read_at=None).count()


def mailed_at(*, kind: str, url: str, people: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when those of these people who were told this were sent the mail; one SQL query."""
    told = Notice.objects.filter(recipient__in=people, kind=kind, url=url, mailed_at__isnull=False)
    rows = told.order_by("mailed_at").values_list("recipient_id", "mailed_at")
    return {person: at for person, at in rows if at is not None}


def mail_choices(*, person_id: UUID) -> list[TopicChoice]:
    """Return every topic with this person's choice, in the digest where they made none."""
    chosen = dict(Preference.objects.filter(person_id=person_id).values_list("topic", "mail"))
    return [
        TopicChoice(topic.name, str(topic.title), chosen.get(topic.name, Mail.DIGEST))
        for topic in topics()
    ]
