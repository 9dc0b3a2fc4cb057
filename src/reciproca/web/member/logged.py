"""How far a movement has come in the transparency log, and the proof of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from reciproca.transparency import queries as log
from reciproca.transparency.queries import Standing


@dataclass(frozen=True, slots=True)
class Logged:
    """
    What a movement's page says of the log; `proof` is a `.tlog-proof`, empty until there is one.

    `vkey` and `url` are what the reader needs to check it by themselves.
    """

    fact: UUID
    standing: Standing
    proof: str
    vkey: str
    url: str
    witnesses: Sequence[str]
    quorum: int

    @property
    def number(self) -> int:
        """Return the entry's number as the log counts, from zero."""
        assert self.standing.index is not None
        return self.standing.index


def logged(*, fact: UUID) -> Logged | None:
    """Return how far a fact has come, None for one that moved nothing and so left no leaf."""
    standing, info = log.standing(fact), log.info()
    if standing is None or info is None:
        return None
    proof = log.proof(fact)
    return Logged(
        fact=fact,
        standing=standing,
        proof=proof.file if proof else "",
        vkey=info.vkey,
        url=info.prefix,
        witnesses=info.witnesses,
        quorum=info.quorum,
    )
