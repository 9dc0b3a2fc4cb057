"""The ways to post that are measured: by the end of a figure's name."""

from collections.abc import Callable, Sequence

from reciproca.ledger import actions, leaves
from reciproca.ledger.actions import Receipt
from reciproca.ledger.rules import Posting


def without_leaves(postings: Sequence[Posting], /) -> Receipt:
    """Post as `actions.post` does, and leave nothing in the transparency log: for a figure only."""
    leaves_of, leaves.leaves_of = leaves.leaves_of, lambda _postings: []
    try:
        return actions.post(postings)
    finally:
        leaves.leaves_of = leaves_of


POSTING: dict[str, Callable[[Sequence[Posting]], Receipt]] = {
    "": without_leaves,
    " with leaves": actions.post,
}
