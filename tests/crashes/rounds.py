"""One process after the other is killed while tills sell and a worker records a file."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.crashes.house import House, Tills, free_port

SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 0.3
SALES_BETWEEN = 3
DECK = {"database": 5, "database connection": 5, "web process": 5, "worker": 3, "web server": 2}
"""How often each is hit in twenty kills; a web server takes seconds to come back, so not often."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was killed how often, and what became of the sales that tills were told are recorded."""

    killed: Counter[str]
    told: int
    resent: int
    lost: int
    doubled: int
    differing: int
    never_told: int
    imported: int
    import_rows: int
    verify_ok: bool

    @property
    def ok(self) -> bool:
        wrong = self.lost + self.doubled + self.differing + abs(self.imported - self.import_rows)
        return self.verify_ok and wrong == 0

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.killed.items()))
        return (
            f"{self.killed.total()} kills ({kills}); {self.told} sales acknowledged,"
            f" {self.resent} sendings without an answer; lost {self.lost}, doubled {self.doubled},"
            f" differing {self.differing}, recorded and never acknowledged {self.never_told};"
            f" {self.imported} of {self.import_rows} rows of the file;"
            f" verify {'ok' if self.verify_ok else 'FAILED'}"
        )


def kill_in_turn(
    *, data_dir: Path, rounds: int, import_rows: int, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Serve a new house in `data_dir`, kill `rounds` times, and count what stands."""
    house = House(data_dir, free_port())
    made = house.run("tests.crashes.prepare", str(import_rows))
    house.serve()
    tills = Tills(house.port, made["secret"], made["cards"])
    chance, killed, deck = random.Random(rounds), Counter[str](), list[str]()
    try:
        with tills.selling():
            tills.wait_for_more(SALES_BETWEEN)
            while killed.total() < rounds:
                time.sleep(chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
                deck = deck or chance.sample([*Counter(DECK).elements()], sum(DECK.values()))
                victims = house.victims().get(deck[-1], [])
                with suppress(ProcessLookupError, IndexError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    killed[deck.pop()] += 1
                tills.wait_for_more(SALES_BETWEEN)
                say(f"{killed.total()} kills, {len(tills.told)} sales acknowledged")
    finally:
        house.stop()
    return counted(house, tills, killed, made.get("import_id"), import_rows)


def counted(
    house: House, tills: Tills, killed: Counter[str], import_id: str | None, import_rows: int
) -> Report:
    """Finish the file, count all sales, and let `reciproca verify` count everything again."""
    stands = house.run("tests.crashes.stand", *([import_id] if import_id else []))
    sales: dict[str, list[int]] = stands["sales"]
    return Report(
        killed=killed,
        told=len(tills.told),
        resent=tills.resent,
        lost=sum(key not in sales for key in tills.told),
        doubled=sum(len(found) > 1 for found in sales.values()),
        differing=sum(sales.get(key, [cents])[0] != cents for key, cents in tills.told.items()),
        never_told=len(sales.keys() - tills.told.keys()),
        imported=stands["imported_rows"],
        import_rows=import_rows,
        verify_ok=bool(house.run("reciproca", "verify", "--json")["ok"]),
    )
