"""The ways to post that are measured: by the end of a figure's name."""

from collections.abc import Callable, Sequence

from reciproca.ledger import actions
from reciproca.ledger.actions import Receipt
from reciproca.ledger.leaves import leaves_of
from reciproca.ledger.rules import Posting
from reciproca.transparency import actions as transparency

LEAVES = {"leaves_of": leaves_of, "transparency": transparency}


class NoLog:
    """A log that keeps nothing."""

    @staticmethod
    def record(_leaves: object, /) -> None: ...


NO_LEAVES = {"leaves_of": lambda _postings: (), "transparency": NoLog}


def without_leaves(postings: Sequence[Posting], /) -> Receipt:
    """Post as `actions.post` does, and leave nothing in the transparency log: for a figure only."""
    vars(actions).update(NO_LEAVES)
    try:
        return actions.post(postings)
    finally:
        vars(actions).update(LEAVES)


POSTING: dict[str, Callable[[Sequence[Posting]], Receipt]] = {
    "": without_leaves,
    " with leaves": actions.post,
}
