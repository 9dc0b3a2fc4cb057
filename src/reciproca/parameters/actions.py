"""Filling the table of law from the file that ships with the house."""

import csv
from datetime import date
from pathlib import Path

from reciproca.parameters.models import Parameter

FILE = Path(__file__).parent / "data" / "parameters.csv"


def seed() -> int:
    """
    Write every row of the shipped file and return how many there are.

    A release may correct a value or close its period, so rows that are there are brought up to
    date; rows that others added stay. Runs keep a copy of the values they used.
    """
    rows = list(shipped())
    Parameter.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["name", "valid_from"],
        update_fields=["value", "unit", "valid_to", "source", "mark"],
    )
    return len(rows)


def shipped() -> list[Parameter]:
    """Return the rows of the shipped file, not saved; an empty date means no limit on that side."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Parameter(
                **row
                | {
                    "valid_from": _day(row["valid_from"]),
                    "valid_to": _day(row["valid_to"]),
                }
            )
            for row in csv.DictReader(file)
        ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
