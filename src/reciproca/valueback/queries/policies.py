"""The value-back policies that this community adopted."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from reciproca.governance import queries as governance
from reciproca.valueback.rules import ValueBackPolicy
from reciproca.valueback.rules import policy as policies


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy, the hash that names it, and the day from which it runs."""

    digest: str
    in_force_on: date
    policy: ValueBackPolicy


@dataclass(frozen=True, slots=True)
class Policies:
    """Every value-back policy this community adopted, by the day it came into force."""

    adopted: tuple[PolicyInForce, ...]

    def on(self, day: date) -> PolicyInForce | None:
        """Return the policy in force on a day, None before the first."""
        begun = bisect_right(self.adopted, day, key=lambda each: each.in_force_on)
        return self.adopted[begun - 1] if begun else None

    def named(self, digest: str) -> PolicyInForce | None:
        """Return the adopted policy of this hash."""
        return next((each for each in self.adopted if each.digest == digest), None)


def adopted_policies() -> Policies:
    """Return all value-back policies, in one SQL query."""
    adopted = governance.adopted_policies(kind=policies.KIND)
    return Policies(
        tuple(
            PolicyInForce(each.digest, each.in_force_on, _parsed(each.document)) for each in adopted
        )
    )


def policy_in_force(*, on: date) -> PolicyInForce | None:
    """Return the value-back policy of a day, None before the first adoption."""
    return adopted_policies().on(on)


@lru_cache(maxsize=64)
def _parsed(document: str) -> ValueBackPolicy:
    return ValueBackPolicy.from_document(json.loads(document))
