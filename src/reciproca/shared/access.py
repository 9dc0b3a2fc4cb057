"""The log of who read whose data; every member can read their own part of it."""

from uuid import UUID

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


def accesses_to(*, subject: UUID, limit: int = 100) -> list[AccessLog]:
    """Return who read this person's data, latest first, in one SQL query."""
    return list(AccessLog.objects.filter(subject=subject).order_by("-at", "id")[:limit])
