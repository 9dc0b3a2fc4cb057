"""What papers say counts when two people read the same, each without seeing the other's reading."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from reciproca.ballots.models import Ballot, PaperReading


class Reading(StrEnum):
    """What came of a reading: it waits for another one, differs from one, or both are counted."""

    WAITS = "waits"
    DIFFERS = "differs"
    COUNTED = "counted"


def read(
    *, ballot: Ballot, financing: bool, content: str, entered_by: UUID, entered_at: datetime
) -> Reading:
    """
    Keep somebody's reading in place of their former one; of two that are the same, keep none.

    The caller holds `locks.for_papers` and counts what was read when this answers COUNTED.
    """
    kept = PaperReading.objects.filter(ballot=ballot, financing=financing)
    others = kept.exclude(entered_by=entered_by)
    if others.filter(content=content).exists():
        kept.delete()
        return Reading.COUNTED
    PaperReading.objects.update_or_create(
        ballot=ballot,
        financing=financing,
        entered_by=entered_by,
        defaults={"content": content, "entered_at": entered_at},
    )
    return Reading.DIFFERS if others.exists() else Reading.WAITS
