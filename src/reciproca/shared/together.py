"""
Doing at once what several threads ask for at the same moment.

Whoever finds nobody at work does all that waits, its own among it; whoever comes meanwhile waits,
holding no connection to the database. See docs/decisions/0026-sales-recorded-together.md.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

from django.db import IntegrityError, connection

from reciproca.shared.errors import DomainError

Asked = TypeVar("Asked")
Made = TypeVar("Made")


@dataclass(slots=True)
class _Waiting(Generic[Asked, Made]):
    """What somebody asked for; once `is_done`, what came of it. Woken before: it is their turn."""

    asked: Asked
    woken: Event = field(default_factory=Event)
    is_done: bool = False
    made: Made | None = None
    fault: Exception | None = None


class Together(Generic[Asked, Made]):
    """
    One queue of one process.

    `at_once` does many in one transaction, and answers None for those that must be done alone;
    where it refuses, nothing of it is left and each is done `alone`, so that what refuses one
    refuses nobody else. Any other fault is everybody's: what became of them is not known.
    """

    def __init__(
        self,
        *,
        at_once: Callable[[Sequence[Asked]], Sequence[Made | None]],
        alone: Callable[[Asked], Made],
        most: int,
    ) -> None:
        self._at_once, self._alone, self._most = at_once, alone, most
        self._lock = Lock()
        self._waiting: deque[_Waiting[Asked, Made]] = deque()
        self._is_at_work = False

    def do(self, asked: Asked) -> Made:
        """Return what came of it, after it was committed; within a transaction it is done there."""
        if connection.in_atomic_block:
            return self._alone(asked)
        mine: _Waiting[Asked, Made] = _Waiting(asked)
        with self._lock:
            self._waiting.append(mine)
            waits, self._is_at_work = self._is_at_work, True
        if waits:
            connection.close()
            mine.woken.wait()
        if not mine.is_done:
            self._work()
        if mine.fault is not None:
            raise mine.fault
        return mine.made  # type: ignore[return-value]

    def _work(self) -> None:
        """Do what waits, and hand the turn to whoever came meanwhile."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            self._do(batch)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._is_at_work = successor is not None
            for each in (*batch, *([successor] if successor else [])):
                each.woken.set()

    def _do(self, batch: Sequence[_Waiting[Asked, Made]]) -> None:
        made: Sequence[Made | None] = [None] * len(batch)
        fault: Exception | None = None
        if len(batch) > 1:
            try:
                made = self._at_once([each.asked for each in batch])
            except (DomainError, IntegrityError):
                pass
            except Exception as trouble:
                fault = trouble
        for each, found in zip(batch, made, strict=True):
            each.made, each.fault = found, fault
            if found is None and fault is None:
                try:
                    each.made = self._alone(each.asked)
                except Exception as trouble:
                    each.fault = trouble
            each.is_done = True
