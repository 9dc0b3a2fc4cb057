"""
A closed ballot counted again from its two published files: the rule with the outcome, the votes.

Written from docs/rules alone and by other ways than the program that counted: the strongest paths
grow from the strongest links, every vote of a budget pays from a purse of its own.
"""

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from reciproca_verifier.told import Failed

YES, NO, ABSTAIN = "yes", "no", "abstain"
TOP = 5
EURO_CENTS = 100


@dataclass(frozen=True)
class Vote:
    """What one vote chose, and how much it counts."""

    choice: Any
    weight: Fraction


@dataclass(frozen=True)
class Recount:
    """What the votes come to, and each figure of the published outcome that is another."""

    outcome: dict[str, Any]
    differences: Sequence[str]


def recount(ballot: bytes, votes: bytes) -> Recount:
    """
    Count a ballot again and compare. Raises: Failed, for files that cannot be what they should.
    """
    try:
        told = json.loads(ballot)
        rows = list(csv.DictReader(io.StringIO(votes.decode())))
        return _recounted(told, rows)
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as mistake:
        raise Failed("ballot-unreadable", trouble=repr(mistake)) from mistake


def main(arguments: Sequence[str] | None = None) -> int:
    """Count again what `reciproca-recount BALLOT.json VOTES.csv` names; end with 0, 1 or 2."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        ballot, votes = (Path(each).read_bytes() for each in arguments)
        found = recount(ballot, votes)
    except (OSError, ValueError, Failed) as trouble:
        print(f"usage: reciproca-recount BALLOT.json VOTES.csv ({trouble!r})", file=sys.stderr)  # noqa: T201
        return 2
    result = {
        "ok": not found.differences,
        "differences": found.differences,
        "outcome": found.outcome,
    }
    print(json.dumps(result, ensure_ascii=False))  # noqa: T201
    return 1 if found.differences else 0


def _recounted(told: dict[str, Any], rows: Sequence[dict[str, str]]) -> Recount:
    published = told["outcome"]
    wrong = []
    if sha256(told["seed"].encode()).hexdigest() != told["seed_sha256"]:
        wrong.append("seed")
    if len({row["code"] for row in rows}) != len(rows):
        wrong.append("codes")
    if published.get("void"):
        # The question changed while people voted: nothing was counted, so nothing may be told.
        wrong += ["votes"] if rows or published["tally"] or published["passed"] else []
        return Recount(published, wrong)
    found = _outcome(told, rows)
    names = published if found["quorum_reached"] else published.keys() - {"cast"}
    wrong += [name for name in sorted(names) if published[name] != found.get(name)]
    return Recount(found, wrong)


def _outcome(told: dict[str, Any], rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    published, quorum = told["outcome"], told["quorum"]
    present, financing = published["present"], published["financing_present"]
    ordinary = present - financing
    coefficient = Fraction(1)
    if financing > Fraction(ordinary, 2):
        coefficient = Fraction(ordinary, 2) / financing
    needed = Fraction(quorum["share"]) * published["entitled"]
    enough = present > needed if quorum["strict"] else present >= needed
    votes = [
        Vote(json.loads(row["choice"]), coefficient if row["financing"] == "1" else Fraction(1))
        for row in rows
    ]
    base = {"cast": _weight(votes, lambda vote: vote.choice != ABSTAIN)}
    base["present"] = ordinary + coefficient * financing
    tally: dict[str, Fraction] = {}
    winners: list[str] = []
    if enough:
        choosing = [each for each in votes if each.choice != ABSTAIN and each.weight]
        tally, winners = _METHODS[told["method"]](told, choosing, votes, base)
        tally[ABSTAIN] = _weight(votes, lambda vote: vote.choice == ABSTAIN)
    return {
        "passed": bool(winners) and winners != [NO],
        "tally": {option: str(count) for option, count in tally.items()},
        "winners": winners,
        "cast": len(rows),
        "present": present,
        "entitled": published["entitled"],
        "quorum_reached": enough,
        "coefficient": str(coefficient),
        "financing_present": financing,
    }


def _weight(votes: Sequence[Vote], wanted: Any) -> Fraction:
    return sum((each.weight for each in votes if wanted(each)), Fraction(0))


def _draw(told: dict[str, Any]) -> list[str]:
    """Return the options as they are drawn: the first of equal ones first."""
    return sorted(
        told["options"],
        key=lambda option: sha256(f"{told['seed']}:{option}".encode()).hexdigest(),
    )


def _reaches(told: dict[str, Any], votes: Fraction, base: dict[str, Fraction]) -> bool:
    majority = told["majority"] or {"base": "cast", "share": "1/2", "strict": True}
    needed = Fraction(majority["share"]) * base[majority["base"]]
    return votes > 0 and (votes > needed if majority["strict"] else votes >= needed)


def _motion(told: Any, choosing: Any, _votes: Any, base: Any) -> tuple[dict[str, Fraction], Any]:
    tally = {word: _weight(choosing, lambda vote, w=word: vote.choice == w) for word in (YES, NO)}
    return tally, [YES if _reaches(told, tally[YES], base) else NO]


def _approved(told: Any, choosing: Any) -> dict[str, Fraction]:
    return {
        option: _weight(choosing, lambda vote, o=option: o in vote.choice)
        for option in told["options"]
    }


def _approval(told: Any, choosing: Any, _votes: Any, base: Any) -> tuple[dict[str, Fraction], Any]:
    tally, drawn = _approved(told, choosing), _draw(told)
    best = sorted(drawn, key=lambda option: (-tally[option], drawn.index(option)))
    return tally, [
        option
        for option in best[: told["seats"]]
        if tally[option] and (told["majority"] is None or _reaches(told, tally[option], base))
    ]


def _scores(told: Any, choosing: Any, _votes: Any, _base: Any) -> tuple[dict[str, Fraction], Any]:
    given = {
        option: [(vote.choice.get(option, 0), vote.weight) for vote in choosing]
        for option in told["options"]
    }
    if told["method"] == "score-sum":
        tally = {
            option: sum((score * weight for score, weight in scores), Fraction(0))
            for option, scores in given.items()
        }
    else:
        tally = {option: _median(scores) for option, scores in given.items()}
    tops = {
        option: sum((weight for score, weight in scores if score == TOP), Fraction(0))
        for option, scores in given.items()
    }
    drawn = _draw(told)
    order = sorted(drawn, key=lambda o: (-tally[o], -tops[o], drawn.index(o)))
    return tally, order[: told["seats"]] if choosing else []


def _median(scores: Sequence[tuple[int, Fraction]]) -> Fraction:
    """Return the score in the middle of the votes in order; of two middles the lower."""
    total = sum((weight for _, weight in scores), Fraction(0))
    passed = Fraction(0)
    for score, weight in sorted(scores):
        passed += weight
        if 2 * passed >= total:
            return Fraction(score)
    return Fraction(0)


def _schulze(told: Any, choosing: Any, _votes: Any, _base: Any) -> tuple[dict[str, Fraction], Any]:
    options = told["options"]
    over = {(a, b): Fraction(0) for a in options for b in options}
    for vote in choosing:
        place = {option: i for i, level in enumerate(vote.choice) for option in level}
        for a in options:
            for b in options:
                if place.get(a, len(options)) < place.get(b, len(options)):
                    over[a, b] += vote.weight
    links = sorted(
        ((over[a, b], a, b) for a in options for b in options if over[a, b] > over[b, a]),
        reverse=True,
    )
    path = {(a, b): Fraction(0) for a in options for b in options}
    for strength in sorted({link[0] for link in links}, reverse=True):
        # Whoever is reached over links at least so strong, and was not before, is reached by it.
        strong = [(a, b) for s, a, b in links if s >= strength]
        for start in options:
            reached: set[str] = set()
            edge = {start}
            while edge:
                edge = {b for a, b in strong if a in edge} - reached
                reached |= edge
            for end in reached - {start}:
                path[start, end] = max(path[start, end], strength)
    beaten = {b: sum(path[a, b] > path[b, a] for a in options) for b in options}
    drawn = _draw(told)
    order = sorted(drawn, key=lambda option: (beaten[option], drawn.index(option)))
    tally = {a: Fraction(sum(path[a, b] > path[b, a] for b in options)) for a in options}
    return tally, order[: told["seats"]] if choosing else []


def _budget(told: Any, choosing: Any, votes: Any, _base: Any) -> tuple[dict[str, Fraction], Any]:
    tally = _approved(told, choosing)
    if told["method"] == "greedy":
        return tally, _greedy(told, tally)
    counting = [each for each in votes if each.weight]
    total = sum((each.weight for each in counting), Fraction(0))
    if not total:
        return tally, []
    share = Fraction(told["budget_cents"]) / total
    bought = _equal_shares(told, choosing, share)
    wanted = {option for option, count in tally.items() if count}
    while told["method"] == "mes-add1" and any(
        _cost(told, [*bought, each]) <= told["budget_cents"] for each in wanted - set(bought)
    ):
        share += EURO_CENTS
        more = _equal_shares(told, choosing, share)
        if _cost(told, more) > told["budget_cents"]:
            break
        bought = more
    return tally, bought


def _cost(told: Any, projects: Sequence[str]) -> int:
    return sum(told["costs_cents"][each] for each in projects)


def _greedy(told: Any, tally: dict[str, Fraction]) -> list[str]:
    drawn, costs = _draw(told), told["costs_cents"]
    worth = {o: tally[o] if told["utility"] == "cost" else tally[o] / costs[o] for o in drawn}
    bought: list[str] = []
    for option in sorted(drawn, key=lambda o: (-worth[o], drawn.index(o))):
        if tally[option] and _cost(told, [*bought, option]) <= told["budget_cents"]:
            bought.append(option)
    return bought


def _equal_shares(told: Any, choosing: Sequence[Vote], share: Fraction) -> list[str]:
    """Return what is bought when each vote has a purse with its weight's share."""
    purses = [vote.weight * share for vote in choosing]
    waiting = _draw(told)
    bought: list[str] = []
    while True:
        best = None
        for option in waiting:
            price = _price(told["costs_cents"][option], option, choosing, purses)
            if price is None:
                continue
            rho = price / (told["costs_cents"][option] if told["utility"] == "cost" else 1)
            if best is None or rho < best[0]:
                best = rho, option, price
        if best is None:
            return bought
        _, option, price = best
        for i, vote in enumerate(choosing):
            if option in vote.choice:
                purses[i] -= min(purses[i], price * vote.weight)
        waiting.remove(option)
        bought.append(option)


def _price(
    cost: int, option: str, choosing: Sequence[Vote], purses: Sequence[Fraction]
) -> Fraction | None:
    """Return what a full vote pays: the poorest first, each all it has, until the rest can pay."""
    backers = sorted(
        (purse / vote.weight, purse, vote.weight)
        for vote, purse in zip(choosing, purses, strict=True)
        if option in vote.choice
    )
    left, weight = Fraction(cost), sum((each[2] for each in backers), Fraction(0))
    for per_vote, purse, own in backers:
        if left <= per_vote * weight:
            return left / weight
        left -= purse
        weight -= own
    return None


_METHODS = {
    "motion": _motion,
    "approval": _approval,
    "score-sum": _scores,
    "score-median": _scores,
    "schulze": _schulze,
    "greedy": _budget,
    "mes": _budget,
    "mes-add1": _budget,
}
