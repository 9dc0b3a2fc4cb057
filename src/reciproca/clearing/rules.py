"""
Who owes whom: positions, what runs in circles and can be cancelled, and the few payments that
settle the rest.

Source: docs/rules/set-off.md, docs/rules/netting.md
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Any, NamedTuple, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

MOST_CENTS = 2**62
"""What all debts together may come to: the solver counts in 64 bits."""


class DebtsTooLarge(DomainError):
    code = "debts-too-large"
    message = _("I debiti, tutti insieme, passano ciò che si può contare: dividili in più periodi.")
    status = 422


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


def set_off(obligations: Iterable[Obligation]) -> list[Obligation]:
    """
    Return what can be cancelled because it comes back to where it began, by pair of ids.

    It is the largest part of the debts in which every node gives up as much as it is forgiven: no
    position changes, no debt grows, none is new. Its total is the only largest one; where several
    parts have that total (`only_set_off`), the same debts in any order always give the same one.

    Raises: DebtsTooLarge.
    Source: docs/rules/set-off.md
    """
    owed = _by_pair(obligations)
    stays = _least_flow(owed, [1] * len(owed))
    return [
        Obligation(debtor, creditor, cents - left)
        for (debtor, creditor, cents), left in zip(owed, stays, strict=True)
        if cents > left
    ]


def only_set_off(obligations: Iterable[Obligation], cancelled: Iterable[Obligation]) -> bool:
    """
    Return whether no other part of these debts cancels as much as what `set_off` returned.

    Two parts differ by circles of debts, as many cents more as less. Such a circle lies within the
    debts cancelled in part, or a second look that prefers all other debts to those chosen finds it.

    Source: docs/rules/set-off.md
    """
    owed, gone = _by_pair(obligations), {(a, b): cents for a, b, cents in cancelled}
    stays = [cents - gone.get((debtor, creditor), 0) for debtor, creditor, cents in owed]
    in_part = [each for each, left in zip(owed, stays, strict=True) if 0 < left < each.amount_cents]
    if not _is_forest(in_part):
        return False
    # A circle passes each node once: a cent of the first preference outweighs all of the second.
    least = len(positions(owed)) + 1
    others = [
        least + (1 if left == each.amount_cents else -1 if left == 0 else 0)
        for each, left in zip(owed, stays, strict=True)
    ]
    return _least_flow(owed, others) == stays


def _by_pair(obligations: Iterable[Obligation]) -> list[Obligation]:
    """Return one obligation for a pair, in order of their ids, so that no other order matters."""
    owed: Counter[tuple[Any, Any]] = Counter()
    for debtor, creditor, cents in obligations:
        owed[debtor, creditor] += cents
    return [Obligation(*pair, cents) for pair, cents in sorted(owed.items()) if cents]


def _least_flow(owed: Sequence[Obligation], unit_costs: Sequence[int]) -> list[int]:
    """
    Return how much of each debt must stay so that every position does, at the least cost.

    Raises: DebtsTooLarge.
    """
    # Loaded by who sets off, not by every process of the house.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    if gross_cents(owed) > MOST_CENTS:
        raise DebtsTooLarge
    net = positions(owed)
    number = {node: i for i, node in enumerate(sorted(net))}
    network = SimpleMinCostFlow()
    for (debtor, creditor, cents), cost in zip(owed, unit_costs, strict=True):
        network.add_arc_with_capacity_and_unit_cost(number[debtor], number[creditor], cents, cost)
    for node, cents in net.items():
        network.set_node_supply(number[node], -cents)
    status = network.solve()
    assert status == network.OPTIMAL, f"the debts themselves are a flow, yet: {status}"
    return [network.flow(i) for i in range(len(owed))]


def _is_forest(debts: Iterable[Obligation]) -> bool:
    """Return whether these debts, whatever their direction, nowhere close a circle."""
    root: dict[Any, Any] = {}

    def root_of(node: Any) -> Any:
        while (above := root.setdefault(node, node)) != node:
            root[node] = root[above]
            node = root[above]
        return node

    for debtor, creditor, _cents in debts:
        one, other = root_of(debtor), root_of(creditor)
        if one == other:
            return False
        root[one] = other
    return True


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
