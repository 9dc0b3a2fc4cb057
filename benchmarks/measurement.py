"""What a benchmark says: a figure, and the limit that it is held against."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")

QUICK = bool(os.environ.get("QUICK"))
"""`make bench QUICK=1` shows that the benchmarks run; its figures mean little and are not kept."""

ROUNDS = 1 if QUICK else 5
"""Ours and its limit in turn, so that what else the machine does meets both; the median counts."""

SECONDS = 0.3 if QUICK else 1.2
"""How long one cell is measured."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """
    One figure of one benchmark.

    `limit_value`, in the same unit, is what it is compared with: the same rows written by bare SQL,
    or a time to stay under. `ratio` is `value / limit_value`.
    """

    name: str
    value: float
    unit: str
    limit_name: str
    limit_value: float

    @property
    def ratio(self) -> float:
        return round(self.value / self.limit_value, 4) if self.limit_value else 0.0

    def as_dict(self) -> dict[str, str | float]:
        return {**asdict(self), "ratio": self.ratio}

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.value:,.1f} {self.unit}"
            f" ({self.limit_name}: {self.limit_value:,.1f}; ratio {self.ratio:.2f})"
        )


def keep(measurements: list[Measurement]) -> None:
    """Write measurements to the results, in place of those of the same names."""
    if QUICK:
        return
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    by_name = {row["name"]: row for row in known}
    by_name |= {measurement.name: measurement.as_dict() for measurement in measurements}
    rows = [by_name[name] for name in sorted(by_name)]
    RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
