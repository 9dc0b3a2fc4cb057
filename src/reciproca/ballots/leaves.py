"""What a vote commits to in the transparency log."""

from datetime import UTC

from reciproca.ballots.models import OpenVote, SecretVote
from reciproca.transparency.rules.leaves import Leaf, leaf


def open_leaf(vote: OpenVote, /) -> Leaf:
    """Return the leaf of an open vote: whose it is, what was chosen and when."""
    content = {
        "ballot": str(vote.elector.ballot_id),
        "elector": str(vote.elector.member_id),
        "unit": vote.unit,
        "choice": vote.choice,
        "cast_by": str(vote.cast_by),
        "cast_at": vote.cast_at.astimezone(UTC).isoformat(),
    }
    return leaf(kind="B", id=vote.code, content=content)


def secret_leaf(vote: SecretVote, /) -> Leaf:
    """Return the leaf of a secret vote: nothing of who cast it, and no time."""
    content = {
        "ballot": str(vote.ballot_id),
        "choice": vote.choice,
        "financing": vote.financing,
    }
    return leaf(kind="B", id=vote.code, content=content)
