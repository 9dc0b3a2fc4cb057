"""Foreign keys that are checked once a statement hold as PostgreSQL's own do."""

from collections.abc import Iterator
from threading import Thread
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction

from reciproca.shared.references import references

TABLES = """
CREATE TABLE shop (id int PRIMARY KEY, name text);
CREATE TABLE receipt (shop_id int NOT NULL, member_id int);
CREATE INDEX ON receipt (shop_id);
CREATE INDEX ON receipt (member_id);
"""
OPERATIONS = references("receipt", shop_id="shop.id", member_id="shop.id")


@pytest.fixture
def shops(transactional_db: None) -> Iterator[None]:
    """Two shops and a third that nothing names; two receipts, one of nobody."""
    run(TABLES)
    for operation in OPERATIONS:
        run(operation.sql)
    run("INSERT INTO shop VALUES (1, 'Lievito'), (2, 'Roncolago'), (3, 'Chiusa')")
    run("INSERT INTO receipt VALUES (1, 2), (1, NULL)")
    yield
    for operation in OPERATIONS:
        run(operation.reverse_sql)
    run("DROP TABLE receipt, shop")


def run(sql: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(str(sql))


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "rows", ["(9, NULL)", "(1, NULL), (9, 1)", "(1, 9)", "(2, NULL), (2, 1), (1, 9)"]
)
def test_a_batch_in_which_one_row_names_nothing_is_refused_whole(shops: None, rows: str) -> None:
    with pytest.raises(IntegrityError, match="is not in shop"):
        run(f"INSERT INTO receipt VALUES {rows}")

    assert count("receipt") == 2


def test_a_batch_that_names_what_is_there_comes_in(shops: None) -> None:
    run("INSERT INTO receipt SELECT 1 + n % 2, nullif(n % 3, 0) FROM generate_series(1, 5000) n")

    assert count("receipt") == 5_002


@pytest.mark.parametrize("shop", [1, 2])
def test_what_a_row_names_is_not_taken_away(shops: None, shop: int) -> None:
    with pytest.raises(IntegrityError, match="receipt names it"):
        run(f"DELETE FROM shop WHERE id = {shop}")
    with pytest.raises(IntegrityError, match="receipt names it"):
        run(f"UPDATE shop SET id = 7 WHERE id = {shop}")


def test_what_nobody_names_may_go_and_names_are_free_to_change(shops: None) -> None:
    run("DELETE FROM shop WHERE id = 3")
    run("UPDATE shop SET name = 'Forno'")

    assert count("shop") == 2


def test_a_row_never_names_something_else(shops: None) -> None:
    with pytest.raises(IntegrityError, match="never changes"):
        run("UPDATE receipt SET shop_id = 3")


def test_who_takes_away_waits_for_who_is_just_naming_it_and_is_refused(shops: None) -> None:
    refusals: list[str] = []

    def take_away() -> None:
        try:
            run("DELETE FROM shop WHERE id = 3")
        except IntegrityError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    taker = Thread(target=take_away)
    with transaction.atomic():
        run("INSERT INTO receipt VALUES (3, NULL)")
        taker.start()
        sleep(0.2)
        assert taker.is_alive()
    taker.join(timeout=10)

    assert refusals
    assert count("shop") == 3


def test_who_names_waits_for_who_is_just_taking_it_away_and_is_refused(shops: None) -> None:
    refusals: list[str] = []

    def name() -> None:
        try:
            run("INSERT INTO receipt VALUES (3, NULL)")
        except IntegrityError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    namer = Thread(target=name)
    with transaction.atomic():
        run("DELETE FROM shop WHERE id = 3")
        namer.start()
        sleep(0.2)
        assert namer.is_alive()
    namer.join(timeout=10)

    assert refusals
    assert count("receipt") == 2
