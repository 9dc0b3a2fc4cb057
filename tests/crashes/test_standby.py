"""Two servers: what a till was told survives the first; what nobody knows it is not told."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.crashes.house import House, Tills, free_port, send
from tests.crashes.rounds import counted
from tests.crashes.standby import Standby, asked, cancel_waiting_commits


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "first", free_port())
    yield house
    house.stop()


def test_a_lost_primary_takes_no_sale_with_it(house: House, tmp_path: Path) -> None:
    made = house.run("tests.crashes.prepare", "0")
    house.serve()
    standby = Standby(primary=house.data_dir, data_dir=tmp_path / "second")
    other = House(standby.data_dir, house.port)
    tills = Tills(house.port, made["secret"], made["cards"])
    try:
        standby.follow()
        _not_told_what_nobody_knows(house, standby, made)
        with tills.selling():
            tills.wait_for_more(40)
            house.kill_all()
            standby.promote()
            other.serve()
            tills.wait_for_more(20)
        other.stop()
        report = counted(other, tills, Counter(primary=1), None, 0)
    finally:
        standby.end()

    assert report.ok, str(report)
    assert report.told >= 60
    assert report.never_told == 1


def _not_told_what_nobody_knows(house: House, standby: Standby, made: dict[str, Any]) -> None:
    """A commit that no longer waits is not answered as done; sent again, it waits once more."""
    sale = {"key": "unknown", "card": made["cards"][0], "lines": [{"amount_cents": 1_200}]}

    def sell() -> tuple[int, str]:
        return send(HTTPConnection("127.0.0.1", house.port, timeout=60), made["secret"], sale)

    standby.fall()
    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(sell)
        cancel_waiting_commits(house.data_dir, until=first.done)
        assert first.result()[0] == 500

        again = hands.submit(sell)
        with pytest.raises(TimeoutError):
            again.result(timeout=1)
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        assert asked(house.data_dir, waiting)
        standby.follow()
        assert again.result()[0] == 201
