"""What a policy of redistribution says, and how a pool is divided by it. No database."""

from reciproca.redistribution.rules.division import Division, Measured, divide
from reciproca.redistribution.rules.policy import (
    KIND,
    Criterion,
    Eligibility,
    RedistributionPolicy,
    Step,
    ZeroCriterion,
)

__all__ = [
    "KIND",
    "Criterion",
    "Division",
    "Eligibility",
    "Measured",
    "RedistributionPolicy",
    "Step",
    "ZeroCriterion",
    "divide",
]
