"""
Who owes whom: positions, and the few payments that settle them.

Source: docs/rules/netting.md
"""

from collections.abc import Hashable, Iterable, Mapping
from heapq import heapify, heappop, heapreplace
from typing import Any, NamedTuple, Protocol, TypeVar


class _Id(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


# Any id that sorts will do: the product's are UUIDs, the worked examples' are words.
IdT = TypeVar("IdT", bound=_Id)


class Obligation(NamedTuple):
    """`debtor` owes `creditor` so many cents, above zero."""

    debtor: Any
    creditor: Any
    amount_cents: int


class Redemption(NamedTuple):
    """Credit that `issuer` gave out and `acceptor` took in payment, at its face value."""

    issuer: Any
    acceptor: Any
    face_cents: int


def obligations_of(redemptions: Iterable[Redemption]) -> list[Obligation]:
    """
    Return what issuers owe acceptors, one obligation for a pair, in order of their ids.

    The face value counts in full; credit spent where it was born owes nothing.
    """
    owed: dict[tuple[Any, Any], int] = {}
    for issuer, acceptor, face in redemptions:
        if issuer != acceptor:
            owed[issuer, acceptor] = owed.get((issuer, acceptor), 0) + face
    return [Obligation(*pair, cents) for pair, cents in sorted(owed.items()) if cents]


def gross_cents(obligations: Iterable[Obligation]) -> int:
    """Return the sum of what everybody owes, before anything is set off."""
    return sum(obligation.amount_cents for obligation in obligations)


def positions(obligations: Iterable[Obligation]) -> dict[Any, int]:
    """Return for each node what it is owed less what it owes; the sum is zero."""
    net: dict[Any, int] = {}
    for debtor, creditor, cents in obligations:
        net[debtor] = net.get(debtor, 0) - cents
        net[creditor] = net.get(creditor, 0) + cents
    return net


def net_internal_debt_cents(net: Mapping[Any, int]) -> int:
    """Return the least that must change hands: the sum of the positions above zero."""
    return sum(cents for cents in net.values() if cents > 0)


def netted_payments(net: Mapping[IdT, int]) -> list[Obligation]:
    """
    Return the payments that bring every position to zero.

    The largest debtor pays the largest creditor as much as both allow, ties by id, until nobody
    owes: at most one payment less than there are nodes, and no node both pays and is paid. These
    are new debts in place of the old ones, so they need everybody's assent.

    Source: docs/rules/netting.md
    """
    # Heaps hold the smallest first: debtors are kept as they are, creditors with a minus sign.
    debtors = [(cents, node) for node, cents in net.items() if cents < 0]
    creditors = [(-cents, node) for node, cents in net.items() if cents > 0]
    heapify(debtors)
    heapify(creditors)
    payments = []
    while debtors and creditors:
        (owes, debtor), (owed, creditor) = debtors[0], creditors[0]
        cents = min(-owes, -owed)
        payments.append(Obligation(debtor, creditor, cents))
        _lessen(debtors, cents)
        _lessen(creditors, cents)
    return payments


def _lessen(heap: list[tuple[int, IdT]], cents: int) -> None:
    """Take `cents` off the first position, and the node off the heap when nothing is left."""
    position, node = heap[0]
    if position + cents:
        heapreplace(heap, (position + cents, node))
    else:
        heappop(heap)
