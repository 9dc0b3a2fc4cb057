from pathlib import Path

from tests.crashes.dividing import MEMBERS
from tests.crashes.house import House, free_port

KILLS = 10


def test_a_run_whose_worker_is_killed_at_ten_points_pays_everybody_once(tmp_path: Path) -> None:
    house = House(tmp_path, free_port())

    told = house.run("tests.crashes.dividing", "points", str(KILLS))

    killed, stands = told["after"][:KILLS], told["stands"]
    assert all(after.endswith("killed") for after in killed), killed
    assert len({after.split(",")[0] for after in killed}) > 1, killed
    assert told["after"][KILLS] == "paid, lived"
    assert stands["lines"] == stands["told"] == MEMBERS
    assert stands["paid"] + stands["waiting"] + stands["common"] == stands["whole"]
    assert stands["waiting"] > 0
    assert stands["credit"] == stands["moved"] == stands["paid"]
    assert 0 < stands["payments"] < MEMBERS
    assert house.run("reciproca", "verify", "--json")["ok"]
