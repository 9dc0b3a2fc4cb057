"""What people find wrong in their part, what they are answered, and what is forgotten of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from reciproca.redistribution import errors
from reciproca.redistribution.models import Objection, PointLine, Run, SimulatedPart
from reciproca.redistribution.telling import tell_answer

DAYS_TO_OBJECT = 30


@transaction.atomic
def object_to_run(*, run_id: UUID, member_id: UUID, text: str, made_at: datetime) -> Objection:
    """
    Write down that a person finds their part of a paid run wrong, within thirty days.

    Raises: TextMissing, NotPaid, ObjectionsOver, ObjectionMade.
    """
    run = Run.objects.get(id=run_id)
    if not text.strip():
        raise errors.TextMissing
    if run.paid_at is None:
        raise errors.NotPaid
    if made_at > run.paid_at + timedelta(days=DAYS_TO_OBJECT):
        raise errors.ObjectionsOver
    found, is_new = Objection.objects.get_or_create(
        run=run, member_id=member_id, defaults={"text": text.strip()[:2_000], "made_at": made_at}
    )
    if not is_new:
        raise errors.ObjectionMade
    return found


@transaction.atomic
def answer_objection(
    *, objection_id: UUID, upheld: bool, answer: str, answered_by: UUID, answered_at: datetime
) -> Objection:
    """
    Answer an objection; one that is upheld asks for a correction. Raises: TextMissing,
    AlreadyAnswered.
    """
    if not answer.strip():
        raise errors.TextMissing
    found = Objection.objects.select_for_update().select_related("run").get(id=objection_id)
    if found.answered_at is not None:
        raise errors.AlreadyAnswered
    found.upheld, found.answer = upheld, answer.strip()[:2_000]
    found.answered_by, found.answered_at = answered_by, answered_at
    found.save()
    tell_answer(objection=found, told_at=answered_at)
    return found


def forget_people(people: Collection[UUID], /) -> None:
    """
    Forget what erased people objected in their own words, what policies would have given them, and
    their points.

    Their lines stay: without them nobody's part could be computed again.
    """
    Objection.objects.filter(member__in=people).update(text="")
    SimulatedPart.objects.filter(member__in=people).delete()
    PointLine.objects.filter(member__in=people).delete()
