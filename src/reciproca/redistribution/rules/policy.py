"""
The policy of a redistribution: a document that members adopt, read into figures.

Reading and writing are each other's inverse, so nothing that a document says goes unused: a field
that no rule reads is refused with it.

Source: docs/rules/redistribution.md
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.redistribution.rules.measures import MEASURES
from reciproca.shared.errors import DomainError
from reciproca.shared.money import FractionUnreadable, format_fraction, parse_fraction

KIND = "redistribution"
MOST_CENTS = 10**13
MOST_DAYS = 3_660
MOST_STEPS = 12
MOST_CATEGORIES = 30
FINEST = 10_000
"""Weights of purchases are counted in parts of this at most, so that sums stay whole numbers."""

_MAX_TEXT = 200


class PolicyRefused(DomainError):
    code = "redistribution-policy-refused"
    message = _("Il documento dei criteri non è completo: manca o non si legge “%(field)s”.")
    status = 422


class PolicyKindUnknown(PolicyRefused):
    code = "redistribution-policy-kind"
    message = _("Questo documento non contiene criteri di riparto nella versione 1.")


class PolicyNotPlain(PolicyRefused):
    code = "redistribution-policy-not-plain"
    message = _(
        "Il documento dice anche cose che il riparto non usa, o scrive una cifra in un modo che non"
        " è il suo: scrivi i criteri dalla loro pagina."
    )


class WeightsRefused(PolicyRefused):
    code = "redistribution-weights"
    message = _("I pesi dei criteri devono fare 100%% in tutto: adesso fanno %(sum)s.")


class CriterionTwice(PolicyRefused):
    code = "redistribution-criterion-twice"
    message = _(
        "Il criterio “%(criterion)s” c’è due volte: lasciane uno, con il peso di tutti e due."
    )


class CriterionUnknown(PolicyRefused):
    code = "redistribution-criterion-unknown"
    message = _("Nessuno misura ancora “%(criterion)s”: scegli un altro criterio.")


class CategoriesMissing(PolicyRefused):
    code = "redistribution-categories-missing"
    message = _("Scrivi quali categorie di beni contano come beni del territorio.")


class FloorAboveCap(PolicyRefused):
    code = "redistribution-floor-above-cap"
    message = _("Il minimo garantito supera il massimo a persona: abbassa l’uno o alza l’altro.")


class StepsRefused(PolicyRefused):
    code = "redistribution-steps"
    message = _(
        "I giorni degli scalini crescono e i loro pesi non salgono: controlla lo scalino di"
        " %(days)s giorni."
    )


class ZeroCriterion(StrEnum):
    """Where the weight of a criterion goes on which nobody scores."""

    REWEIGHT = "reweight"
    TO_COMMON = "to_common"


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    A share of the whole, and by what it is divided.

    `cap` is the most that counts of one person, in whole units of the measure (cents or points).
    """

    id: str
    weight: Fraction
    cap: int | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Purchases up to so many days old on the last day of the period count by this weight."""

    up_to_days: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Eligibility:
    """
    Who takes part: in a members' register for so many days, and so many years old (0: any age).
    """

    registered_days: int = 0
    from_age: int = 0


@dataclass(frozen=True, slots=True)
class RedistributionPolicy:
    """
    An adopted policy, ready to compute. Amounts in whole cents, shares as exact fractions.

    Without `recency` the purchases of the period count in full, and no others; with it, those as
    old as its steps say. `floor_cents` holds for who has any share at all.
    """

    title: str
    pool_id: UUID
    common_id: UUID
    common_share: Fraction
    criteria: tuple[Criterion, ...]
    zero_criterion: ZeroCriterion = ZeroCriterion.REWEIGHT
    floor_cents: int = 0
    cap_cents: int | None = None
    min_payout_cents: int = 0
    eligibility: Eligibility = Eligibility()
    recency: tuple[Step, ...] = ()

    @property
    def finest(self) -> int:
        """Return into how many parts a cent or point is counted, so that measures are whole."""
        return lcm(*(step.weight.denominator for step in self.recency))

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "RedistributionPolicy":
        """
        Return the policy that a document states; `as_document` is its inverse.

        Shape: `{"kind": "redistribution", "v": 1, "title": text, "pool": uuid, "common_fund":
        uuid, "common_share": "1/5", "criteria": [{"id": "patronage", "weight": "3/5", "cap": whole
        or null, "categories": [text]}], "zero_criterion": "reweight" or "to_common",
        "floor_cents": whole, "cap_cents": whole or null, "min_payout_cents": whole,
        "eligibility": {"registered_days": 90, "from_age": 18}, "recency": [{"up_to_days": 90,
        "weight": "1"}]}`.

        Raises: PolicyRefused or one of its kinds.
        """
        if document.get("kind") != KIND or document.get("v") != 1:
            raise PolicyKindUnknown
        policy = cls(
            title=_text(document, "title"),
            pool_id=_node_id(document, "pool"),
            common_id=_node_id(document, "common_fund"),
            common_share=_share(document, "common_share"),
            criteria=_criteria(document.get("criteria")),
            zero_criterion=_zero_criterion(document.get("zero_criterion")),
            floor_cents=_cents(document, "floor_cents"),
            cap_cents=_optional_cents(document, "cap_cents"),
            min_payout_cents=_cents(document, "min_payout_cents"),
            eligibility=_eligibility(document.get("eligibility")),
            recency=_recency(document.get("recency")),
        )
        if policy.cap_cents is not None and policy.floor_cents > policy.cap_cents:
            raise FloorAboveCap
        # As texts: to Python `true` equals 1, and to whoever reads it does not.
        if _plain(policy.as_document()) != _plain(document):
            raise PolicyNotPlain
        return policy

    def as_document(self) -> dict[str, Any]:
        """Return the one document that states this policy."""
        return {
            "kind": KIND,
            "v": 1,
            "title": self.title,
            "pool": str(self.pool_id),
            "common_fund": str(self.common_id),
            "common_share": format_fraction(self.common_share),
            "criteria": [
                {
                    "id": each.id,
                    "weight": format_fraction(each.weight),
                    "cap": each.cap,
                    "categories": list(each.categories),
                }
                for each in self.criteria
            ],
            "zero_criterion": self.zero_criterion.value,
            "floor_cents": self.floor_cents,
            "cap_cents": self.cap_cents,
            "min_payout_cents": self.min_payout_cents,
            "eligibility": {
                "registered_days": self.eligibility.registered_days,
                "from_age": self.eligibility.from_age,
            },
            "recency": [
                {"up_to_days": step.up_to_days, "weight": format_fraction(step.weight)}
                for step in self.recency
            ],
        }


def _plain(document: Mapping[str, object]) -> str:
    return json.dumps(dict(document), sort_keys=True)


def _criteria(stated: object) -> tuple[Criterion, ...]:
    criteria = tuple(_criterion(each) for each in _each(stated, "criteria"))
    seen: set[str] = set()
    for each in criteria:
        if each.id in seen:
            raise CriterionTwice(criterion=MEASURES[each.id].title)
        seen.add(each.id)
    total = sum((each.weight for each in criteria), Fraction())
    if total != 1:
        raise WeightsRefused(sum=share_in_words(total))
    return criteria


def _criterion(stated: Mapping[str, object]) -> Criterion:
    name = _text(stated, "id")
    if name not in MEASURES:
        raise CriterionUnknown(criterion=name)
    weight = _share(stated, "weight")
    if not weight:
        raise PolicyRefused(field="weight")
    categories = _categories(stated.get("categories"))
    if MEASURES[name].by_category != bool(categories):
        raise CategoriesMissing if MEASURES[name].by_category else PolicyNotPlain
    cap = None if stated.get("cap") is None else _whole(stated, "cap", least=1)
    return Criterion(name, weight, cap, categories)


def _categories(stated: object) -> tuple[str, ...]:
    if not isinstance(stated, list) or len(stated) > MOST_CATEGORIES:
        raise PolicyRefused(field="categories")
    found = [each for each in stated if isinstance(each, str) and each and each == each.strip()]
    if found != stated or sorted(set(found)) != found or any(len(each) > 40 for each in found):
        raise PolicyRefused(field="categories")
    return tuple(found)


def _zero_criterion(stated: object) -> ZeroCriterion:
    if stated not in list(ZeroCriterion):
        raise PolicyRefused(field="zero_criterion")
    return ZeroCriterion(str(stated))


def _eligibility(stated: object) -> Eligibility:
    if not isinstance(stated, Mapping):
        raise PolicyRefused(field="eligibility")
    return Eligibility(
        _whole(stated, "registered_days", most=MOST_DAYS), _whole(stated, "from_age", most=120)
    )


def _recency(stated: object) -> tuple[Step, ...]:
    steps = tuple(
        Step(_whole(each, "up_to_days", most=MOST_DAYS), _share(each, "weight"))
        for each in _each(stated, "recency")
    )
    if len(steps) > MOST_STEPS or lcm(*(step.weight.denominator for step in steps)) > FINEST:
        raise PolicyRefused(field="recency")
    before = Step(-1, Fraction(1))
    for step in steps:
        if step.up_to_days <= before.up_to_days or not 0 < step.weight <= before.weight:
            raise StepsRefused(days=step.up_to_days)
        before = step
    return steps


def share_in_words(share: Fraction) -> str:
    """Return a share as people read it: `60%`, or `1/3` where no whole percentage says it."""
    return f"{share * 100}%" if (share * 100).denominator == 1 else format_fraction(share)


def _each(stated: object, name: str) -> list[Mapping[str, object]]:
    if not isinstance(stated, Sequence) or isinstance(stated, str):
        raise PolicyRefused(field=name)
    found = [each for each in stated if isinstance(each, Mapping)]
    if len(found) != len(stated):
        raise PolicyRefused(field=name)
    return found


def _share(stated: Mapping[str, object], name: str) -> Fraction:
    try:
        share = parse_fraction(_text(stated, name))
    except FractionUnreadable as refusal:
        raise PolicyRefused(field=name) from refusal
    if share > 1:
        raise PolicyRefused(field=name)
    return share


def _optional_cents(stated: Mapping[str, object], name: str) -> int | None:
    return None if stated.get(name) is None else _whole(stated, name, least=1)


def _cents(stated: Mapping[str, object], name: str) -> int:
    return _whole(stated, name)


def _whole(
    stated: Mapping[str, object], name: str, *, least: int = 0, most: int = MOST_CENTS
) -> int:
    number = stated.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise PolicyRefused(field=name)
    return number


def _text(stated: Mapping[str, object], name: str) -> str:
    text = stated.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > _MAX_TEXT:
        raise PolicyRefused(field=name)
    return text


def _node_id(stated: Mapping[str, object], name: str) -> UUID:
    try:
        return UUID(_text(stated, name))
    except ValueError as mistake:
        raise PolicyRefused(field=name) from mistake
