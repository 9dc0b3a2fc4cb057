"""The rows of a ballot, read as the rules want them."""

from fractions import Fraction

from reciproca.ballots.models import Ballot
from reciproca.ballots.rules.choices import NO, YES, Method
from reciproca.ballots.rules.counting import Rule
from reciproca.ballots.rules.majorities import Majority, Quorum


def options_of(ballot: Ballot, /) -> list[str]:
    """Return what may be chosen on a ballot, in the order of its paper."""
    if ballot.method == Method.MOTION:
        return [YES, NO]
    return list(ballot.options.order_by("number").values_list("key", flat=True))


def rule_of(ballot: Ballot, /) -> Rule:
    """Return how a ballot is counted."""
    majority = None
    if ballot.majority_base:
        majority = Majority(
            base="present" if ballot.majority_base == "present" else "cast",
            share=Fraction(ballot.majority_share),
            strict=ballot.majority_strict,
        )
    return Rule(
        method=Method(ballot.method),
        options=options_of(ballot),
        majority=majority,
        quorum=Quorum(share=Fraction(ballot.quorum_share), strict=ballot.quorum_strict),
        seats=ballot.seats,
        seed=ballot.seed,
        budget_cents=ballot.budget_cents or 0,
        utility="cardinality" if ballot.utility == "cardinality" else "cost",
        costs={key: cost for key, cost in ballot.options.values_list("key", "cost_cents") if cost},
    )
