"""The ways to post that are measured: by the end of a figure's name."""

from collections.abc import Callable, Sequence

from reciproca.ledger import actions
from reciproca.ledger.actions import Receipt
from reciproca.ledger.rules import Posting

POSTING: dict[str, Callable[[Sequence[Posting]], Receipt]] = {"": actions.post}
"""Another way stands beside it under an end of its own, as " with leaves"; cells print both."""
