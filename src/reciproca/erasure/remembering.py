"""
The list by which people who were erased stay so after an old backup is restored.

It lies in the data directory, outside every backup of the database, and holds random ids and days,
nothing of anybody. Source: docs/operating.md
"""

import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from reciproca.settings.reader import read_settings


class Remembered(NamedTuple):
    """An erasure, as `shared.ErasedPerson` has it."""

    person: UUID
    erased_at: datetime
    paper: str
    kept_until: date | None


def remember(each: Remembered, /) -> None:
    """Add a line to the list, and see that it is on the disk."""
    told = {name: str(value) if value else "" for name, value in each._asdict().items()}
    list_path().touch(mode=0o600)
    with list_path().open("a") as file:
        file.write(json.dumps(told) + "\n")
        file.flush()
        os.fsync(file.fileno())


def remembered() -> Iterator[Remembered]:
    """Yield the lines of the list, in the order in which people were erased."""
    if not list_path().exists():
        return
    for line in list_path().read_text().splitlines():
        told = json.loads(line)
        yield Remembered(
            person=UUID(told["person"]),
            erased_at=datetime.fromisoformat(told["erased_at"]),
            paper=told["paper"],
            kept_until=date.fromisoformat(told["kept_until"]) if told["kept_until"] else None,
        )


def list_path() -> Path:
    """Return where the list is."""
    return read_settings().data_dir / "erased-people"
