"""The log of who read whose data; every member can read their own part of it."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.models import AccessLog
from reciproca.shared.types import Actor


def note_access(*, reader: Actor, subject: UUID, what: str) -> None:
    """
    Write down that somebody read what belongs to the person `subject`.

    `what` is a short word for the page (`statement`, `purchases`). Reading one's own data is not
    written down.
    """
    if reader.person_id == subject:
        return
    AccessLog.objects.create(
        reader_user=reader.user_id,
        reader_person=reader.person_id,
        reader_node=reader.node_id,
        subject=subject,
        what=what,
    )


def note_accesses(*, reader: Actor, subjects: Collection[UUID], what: str) -> None:
    """Write down that somebody took home what belongs to many people, in one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shared_accesslog"
            " (id, reader_user, reader_person, reader_node, subject, what)"
            " SELECT gen_random_uuid(), %(user)s, %(person)s, %(node)s, subject, %(what)s"
            " FROM unnest(%(subjects)s::uuid[]) AS subject"
            " WHERE subject IS DISTINCT FROM %(person)s",
            {
                "user": reader.user_id,
                "person": reader.person_id,
                "node": reader.node_id,
                "what": what,
                "subjects": array_of_uuids(subjects),
            },
        )


def forget_accesses(subjects: Collection[UUID], /) -> None:
    """Delete who read the data of people who are erased."""
    AccessLog.objects.filter(subject__in=subjects).delete()


def accesses_to(*, subject: UUID, limit: int = 100) -> list[AccessLog]:
    """Return who read this person's data, latest first, in one SQL query."""
    return list(AccessLog.objects.filter(subject=subject).order_by("-at", "id")[:limit])
