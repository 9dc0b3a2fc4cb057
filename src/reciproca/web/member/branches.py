"""The four branches of some value, under the names that the community gave them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from reciproca.valueback.queries import PolicyInForce
from reciproca.valueback.rules import BRANCH_KEYS, branch_name


class Parts(Protocol):
    """Value and its four parts in whole cents, whatever the row is called."""

    @property
    def member_cents(self) -> int: ...
    @property
    def common_cents(self) -> int: ...
    @property
    def territory_cents(self) -> int: ...
    @property
    def solidarity_cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class BranchPart:
    """
    One branch: the policy's `share` of the value, and the cents that came to it.

    `share` is None where no policy, or more than one, was in force; `fund_id` is None for what is
    the member's own.
    """

    key: str
    name: str
    cents: int
    share: Fraction | None = None
    fund_id: UUID | None = None
    note: str = ""


def cents_by_key(parts: Parts) -> dict[str, int]:
    """Return the cents of each branch."""
    return {
        "member": parts.member_cents,
        "common": parts.common_cents,
        "territory": parts.territory_cents,
        "solidarity": parts.solidarity_cents,
    }


def branch_parts(parts: Parts, policy: PolicyInForce | None) -> list[BranchPart]:
    """Return the branches that the policy has, or that hold something, in their order."""
    named = {each.key: each for each in policy.policy.branches} if policy else {}
    pool = {"member": policy.policy.pool_id} if policy else {}
    cents = cents_by_key(parts)
    return [
        BranchPart(
            key=key,
            name=branch_name(named[key]) if key in named else usual_name(key),
            cents=cents[key],
            share=named[key].share if key in named else None,
            fund_id=(named[key].fund_id if key in named else None) or pool.get(key),
        )
        for key in BRANCH_KEYS
        if key in named or cents[key]
    ]


def usual_name(key: str) -> str:
    """Return what a branch is called where no policy names it."""
    return {
        "member": _("A te"),
        "common": _("Fondo comune"),
        "territory": _("Territorio"),
        "solidarity": _("Solidarietà"),
    }[key]
