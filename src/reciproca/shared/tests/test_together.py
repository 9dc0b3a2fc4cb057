from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from reciproca.shared.errors import DomainError
from reciproca.shared.together import Together

MOST = 8


class Odd(DomainError):
    code = "odd"


class Desk:
    """Doubles numbers; the first to come is kept busy until `go`, so that the others wait."""

    def __init__(self, at_once: Callable[[Sequence[int]], Sequence[int | None]]) -> None:
        self.go, self.busy = Event(), Event()
        self.alone: list[int] = []
        self.batches: list[list[int]] = []
        self._at_once = at_once
        self.queue = Together(at_once=self._together, alone=self._one, most=MOST)

    def ask(self, *numbers: int) -> list[Future[int]]:
        """Ask for all numbers at the same time, behind somebody who is being served."""
        hands = ThreadPoolExecutor(len(numbers) + 1)
        first = hands.submit(self.queue.do, 0)
        assert self.busy.wait(5)
        asked = [hands.submit(self.queue.do, number) for number in numbers]
        while len(self.queue._waiting) < len(numbers):
            pass
        self.go.set()
        hands.shutdown()
        assert first.result() == 0
        return asked

    def _one(self, number: int) -> int:
        if number == 0:
            self.busy.set()
            assert self.go.wait(5)
            return 0
        self.alone.append(number)
        if number % 2:
            raise Odd
        return number * 2

    def _together(self, numbers: Sequence[int]) -> Sequence[int | None]:
        self.batches.append(list(numbers))
        return self._at_once(numbers)


def doubled(numbers: Sequence[int]) -> Sequence[int | None]:
    return [number * 2 for number in numbers]


def refusing_odd(numbers: Sequence[int]) -> Sequence[int | None]:
    if any(number % 2 for number in numbers):
        raise Odd
    return doubled(numbers)


def leaving_four(numbers: Sequence[int]) -> Sequence[int | None]:
    return [None if number == 4 else number * 2 for number in numbers]


def breaking(numbers: Sequence[int]) -> Sequence[int | None]:
    raise OSError("the line is down")


def test_who_comes_alone_is_served_alone() -> None:
    desk = Desk(doubled)

    assert desk.queue.do(2) == 4
    assert (desk.alone, desk.batches) == ([2], [])


def test_who_comes_meanwhile_is_served_together_and_each_gets_their_own_answer() -> None:
    desk = Desk(doubled)

    assert [each.result() for each in desk.ask(2, 4, 6)] == [4, 8, 12]
    assert (desk.alone, [sorted(batch) for batch in desk.batches]) == ([], [[2, 4, 6]])


def test_whoever_is_refused_refuses_nobody_else() -> None:
    desk = Desk(refusing_odd)

    two, three, four = desk.ask(2, 3, 4)

    assert (two.result(), four.result()) == (4, 8)
    with pytest.raises(Odd):
        three.result()


def test_what_cannot_be_done_together_is_done_alone() -> None:
    desk = Desk(leaving_four)

    assert [each.result() for each in desk.ask(2, 4, 6)] == [4, 8, 12]
    assert desk.alone == [4]


def test_a_fault_is_told_to_all_and_nothing_is_tried_again() -> None:
    desk = Desk(breaking)

    asked = desk.ask(2, 4)

    assert [type(each.exception()) for each in asked] == [OSError, OSError]
    assert desk.alone == []
    assert desk.queue.do(6) == 12


def test_more_than_fit_are_served_in_turn() -> None:
    desk = Desk(doubled)

    numbers = range(2, 2 + 2 * 20, 2)

    assert [each.result() for each in desk.ask(*numbers)] == [number * 2 for number in numbers]
    assert [len(batch) for batch in desk.batches] == [8, 8, 4]
