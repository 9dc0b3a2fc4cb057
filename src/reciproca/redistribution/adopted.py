"""The policy that a run goes by: the very text that was adopted, or nothing."""

import json
from datetime import date

from reciproca.governance import queries as governance
from reciproca.governance.rules import canonical, digest
from reciproca.redistribution import errors
from reciproca.redistribution.rules import KIND, RedistributionPolicy
from reciproca.shared.errors import DomainError


def adopted_on(day: date) -> governance.Adopted:
    """Return the policy in force on a day. Raises: PolicyMissing."""
    adopted = [each for each in governance.adopted_policies(kind=KIND) if each.in_force_on <= day]
    if not adopted:
        raise errors.PolicyMissing
    return adopted[-1]


def policy_named(name: str) -> RedistributionPolicy:
    """Return the adopted policy of a hash. Raises: PolicyMissing, PolicyTampered."""
    for each in governance.adopted_policies(kind=KIND):
        if each.digest == name:
            return policy_of(name, each.document)
    raise errors.PolicyMissing


def policy_of(name: str, text: str) -> RedistributionPolicy:
    """Return the policy that a text states, if it is the very text of this hash."""
    try:
        document = json.loads(text)
        found = digest(text)
        if found == name == digest(canonical(document)):
            return RedistributionPolicy.from_document(document)
    except (ValueError, DomainError) as mistake:
        raise errors.PolicyTampered(found=digest(text), digest=name) from mistake
    raise errors.PolicyTampered(found=found, digest=name)
