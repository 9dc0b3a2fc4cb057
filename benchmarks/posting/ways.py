"""The ways to post that are measured: by the end of a figure's name."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from benchmarks.posting.work import NOON
from reciproca.ledger import actions, leaves
from reciproca.ledger.actions import Receipt
from reciproca.ledger.reserving import Take, reserve, take
from reciproca.ledger.rules import Posting
from reciproca.shared.ids import fact_id, transfer_id


def without_leaves(postings: Sequence[Posting], /) -> Receipt:
    """Post as `actions.post` does, and leave nothing in the transparency log: for a figure only."""
    leaves_of, leaves.leaves_of = leaves.leaves_of, lambda _postings: []
    try:
        return actions.post(postings)
    finally:
        leaves.leaves_of = leaves_of


def in_two_phases(postings: Sequence[Posting], /) -> Receipt:
    """Reserve what these postings would move, and take all of it."""
    reserve(postings, expires_at=NOON + timedelta(hours=1))
    held = [
        transfer_id(fact=posting.reference, number=number)
        for posting in postings
        for number in range(1, len(posting.moves) + 1)
    ]
    return take([Take(each) for each in held], reference=fact_id(), taken_at=NOON)


POSTING: dict[str, Callable[[Sequence[Posting]], Receipt]] = {
    "": without_leaves,
    " with leaves": actions.post,
}
