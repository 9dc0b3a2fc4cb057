"""Points that somebody who may know the reasons attests: they come in alone, without a why."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from reciproca.redistribution import errors
from reciproca.redistribution.models import PointLine, PointList
from reciproca.registry import queries as registry
from reciproca.shared.ids import uuid7
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf

MOST_POINTS = 100
MOST_LINES = 2_000


@transaction.atomic
def hand_in_points(
    *,
    criterion: str,
    points: Sequence[tuple[str, int]],
    attested_by: str,
    starts_on: date,
    ends_on: date,
    handed_by: UUID,
    handed_at: datetime,
) -> PointList:
    """
    Keep how many points each person has, by card number, tax code or e-mail address, from a day to
    a day; who is in a later list has what that one says. The log keeps that it was handed in.

    Raises: PointsPersonUnknown, PointsTwice, PeriodBackwards.
    """
    if starts_on > ends_on:
        raise errors.PeriodBackwards
    people = registry.people_by(codes=[code for code, _points in points])
    given: dict[UUID, int] = {}
    for code, many in points:
        person = people.get(code)
        if person is None:
            raise errors.PointsPersonUnknown(text=code)
        if person in given:
            raise errors.PointsTwice(text=code)
        given[person] = many
    handed = PointList(
        id=uuid7(),
        criterion=criterion,
        attested_by=attested_by,
        starts_on=starts_on,
        ends_on=ends_on,
        people=len(given),
        handed_by=handed_by,
        handed_at=handed_at,
    )
    handed.save(force_insert=True)
    PointLine.objects.bulk_create(
        PointLine(list=handed, member_id=person, points=many) for person, many in given.items()
    )
    content = {
        "points": criterion,
        "attested_by": attested_by,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "people": len(given),
    }
    transparency.record([leaf(kind="R", id=handed.id, content=content)])
    return handed
