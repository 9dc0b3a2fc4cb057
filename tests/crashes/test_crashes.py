from pathlib import Path

from tests.crashes.rounds import kill_in_turn


def test_whatever_is_killed_no_sale_that_a_till_was_told_of_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    report = kill_in_turn(data_dir=tmp_path, rounds=20, import_rows=4_000)

    assert report.ok, str(report)
    assert report.killed.total() == 20
    assert report.told > 60
