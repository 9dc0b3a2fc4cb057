"""Which sales of a file were recorded before, and under which key what was undone comes back."""

from collections.abc import Mapping as AnyMapping
from uuid import UUID

from reciproca.imports.reader import KNOWN, Verdict
from reciproca.purchases import queries
from reciproca.purchases.errors import KeyReused
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.recording import content_of

AGAIN = "~"
"""Before the number of times that a key came back: `4711~2` is sale 4711, undone and sent anew."""


class KeyBook:
    """Compares the keys of a batch of sales with those on record."""

    def __init__(self) -> None:
        self._renamed: dict[tuple[UUID, str], str] = {}

    def verdicts(self, sales: AnyMapping[int, SaleIn]) -> dict[int, Verdict]:
        """
        Return KNOWN, or KeyReused, for those of the numbered sales whose key is on record.

        A sale that was undone leaves its key free: it gets the next number (`renamed`).
        """
        self._renamed = {}
        found: dict[int, Verdict] = {}
        waiting = dict(sales)
        while waiting:
            pairs = [(sale.seller_id, sale.key) for sale in waiting.values()]
            recorded = queries.recorded_keys(pairs)
            undone = queries.undone_among([purchase for purchase, _content in recorded.values()])
            waiting = self._look(waiting, sales, recorded, undone, found)
        return found

    def renamed(self, sale: SaleIn) -> SaleIn:
        """Return the sale under the key that is free for it."""
        free = self._renamed.get((sale.seller_id, sale.key))
        return sale if free is None else sale._replace(key=free)

    def _look(
        self,
        waiting: AnyMapping[int, SaleIn],
        sales: AnyMapping[int, SaleIn],
        recorded: AnyMapping[tuple[UUID, str], tuple[UUID, str]],
        undone: set[UUID],
        found: dict[int, Verdict],
    ) -> dict[int, SaleIn]:
        again: dict[int, SaleIn] = {}
        for at, sale in waiting.items() if recorded else ():
            earlier = recorded.get((sale.seller_id, sale.key))
            if earlier is None:
                continue
            purchase_id, content = earlier
            if purchase_id in undone:
                first = sales[at]
                again[at] = sale._replace(key=_next_key(first.key, sale.key))
                self._renamed[first.seller_id, first.key] = again[at].key
            else:
                same = content == content_of(sale)
                found[at] = KNOWN if same else KeyReused(key=sales[at].key)
        return again


def _next_key(first: str, present: str) -> str:
    times = int(present.removeprefix(first + AGAIN)) if present != first else 1
    return f"{first}{AGAIN}{times + 1}"
