"""`python -m tests.crashes.crossing SEED BATCHES`: batches that cross on the same accounts."""

import json
import random
import sys
from datetime import UTC, datetime
from uuid import UUID

from reciproca.cli.house import open_house

ACCOUNTS, MOVES = 30, 60
AT = datetime(2026, 6, 2, 12, tzinfo=UTC)


def main(seed: int, batches: int) -> None:
    open_house(migrate=True)
    from reciproca.ledger import actions, rules
    from reciproca.ledger.rules import Move, Posting
    from reciproca.shared.ids import fact_id

    chance = random.Random(seed)
    accounts = [rules.clearing(node=UUID(int=number + 1)) for number in range(ACCOUNTS)]
    for _ in range(batches):
        pairs = [chance.sample(accounts, 2) for _ in range(MOVES)]
        moves = [Move(giver, taker, 1, "branch") for giver, taker in pairs]
        actions.post([Posting(fact_id(), AT, moves)])
    print(json.dumps(batches))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
