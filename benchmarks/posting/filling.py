"""
Posting very many transfers through the ledger's door, from several processes.

They leave no leaves: an entry's opening is some 400 bytes, and what is measured later posts with
its own.
"""

import os
import random
from multiprocessing import get_context

BATCH = 8_190


def fill(*, transfers: int, accounts: int, hands: int) -> None:
    """Post about so many transfers of a cent among the funded accounts."""
    with get_context("spawn").Pool(hands) as pool:
        pool.starmap(_part, [(seed, transfers // hands, accounts) for seed in range(hands)])


def _part(seed: int, transfers: int, accounts: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reciproca.settings.django")
    import django

    django.setup()
    from benchmarks.posting.ways import without_leaves
    from benchmarks.posting.work import NOON, member
    from reciproca.ledger.rules import Move, Posting
    from reciproca.shared.ids import fact_id

    chance, members = random.Random(seed), [member(number) for number in range(accounts)]

    def transfer() -> Posting:
        giver, taker = chance.sample(members, 2)
        return Posting(fact_id(), NOON, [Move(giver, taker, 1, "spend")])

    for first in range(0, transfers, BATCH):
        without_leaves([transfer() for _ in range(min(BATCH, transfers - first))])
