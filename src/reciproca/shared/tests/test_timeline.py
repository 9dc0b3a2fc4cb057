"""Places in a list of what happened, as an address names them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from reciproca.shared.timeline import Moment

NOON = datetime(2025, 6, 2, 10, 0, 0, 123_456, tzinfo=UTC)


def test_a_moment_is_read_back_from_its_key_to_the_microsecond() -> None:
    moment = Moment(NOON, UUID(int=7))

    assert Moment.read(moment.key) == moment


@pytest.mark.parametrize("key", ["", "yesterday", "12", f"{1:d}-{'g' * 32}", "-1-" + "0" * 32])
def test_what_is_no_moment_is_no_place_in_the_list(key: str) -> None:
    assert Moment.read(key) is None


def test_moments_sort_by_instant_and_then_by_id() -> None:
    later = Moment(NOON + timedelta(microseconds=1), UUID(int=1))

    assert sorted([later, Moment(NOON, UUID(int=2)), Moment(NOON, UUID(int=1))]) == [
        Moment(NOON, UUID(int=1)),
        Moment(NOON, UUID(int=2)),
        later,
    ]
