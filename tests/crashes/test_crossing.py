from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from reciproca.postgres.server import Server
from tests.crashes.crossing import MOVES
from tests.crashes.house import House, free_port, socket_of

PROCESSES, BATCHES = 4, 60
DEADLOCKS = "SELECT sum(deadlocks)::int FROM pg_stat_database"
WRONG = """
SELECT count(*) FROM ledger_account a WHERE a.credits_posted - a.debits_posted
  + (SELECT coalesce(sum(credits_posted - debits_posted), 0) FROM ledger_stripe
     WHERE account_id = a.id) <>
  (SELECT coalesce(sum(CASE WHEN t.credit_account_id = a.id THEN t.amount ELSE -t.amount END), 0)
   FROM ledger_transfer t WHERE a.id IN (t.debit_account_id, t.credit_account_id))
"""


def test_processes_whose_batches_cross_never_deadlock_and_lose_nothing(tmp_path: Path) -> None:
    house = House(tmp_path, free_port())
    server = Server(data_dir=tmp_path)
    server.join()
    try:
        with ThreadPoolExecutor(PROCESSES) as hands:
            runs = [
                hands.submit(house.run, "tests.crashes.crossing", str(seed), str(BATCHES))
                for seed in range(PROCESSES)
            ]
            assert [run.result() for run in runs] == [BATCHES] * PROCESSES
        with psycopg.connect(
            host=socket_of(tmp_path), user="postgres", dbname="reciproca"
        ) as connection:
            posted = connection.execute("SELECT count(*) FROM ledger_transfer").fetchone()
            assert posted == (PROCESSES * BATCHES * MOVES,)
            assert connection.execute(WRONG).fetchone() == (0,)
            assert connection.execute(DEADLOCKS).fetchone() == (0,)
    finally:
        server.leave()
