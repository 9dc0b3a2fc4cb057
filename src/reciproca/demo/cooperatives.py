"""The organisations of the demo: cooperatives, their federation, funds, projects and neighbours."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reciproca.demo import identifiers
from reciproca.registry.places import MunicipalityRow, find_municipality

DATA = Path(__file__).parent / "data"
PROVINCE = "TN"

Exchange = Literal["users", "work", "contribution"]
Mutuality = Literal["prevalent", "other"]
NodeKind = Literal["federation", "fund", "pool", "project", "purchasing_group", "company"]
YearStory = Literal[
    "ordinary",
    "nothing_refunded",
    "break_even",
    "loss",
    "tiny_refund",
    "refund_as_cost",
    "refund_above_member_surplus",
    "refund_above_what_is_left",
    "refund_above_what_was_spent",
    "dividend_above_cap",
    "weak_equity",
    "no_debt",
]


class RatePlan(NamedTuple):
    """A committed rate in hundredths of a percent; an empty category is the general rate."""

    category: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class LegalIdentity:
    """What registers know of an organisation; every check digit holds, nobody real bears them."""

    legal_name: str
    tax_code: str
    vat_number: str
    rea: str
    certified_email: str
    iban: str


@dataclass(frozen=True, slots=True)
class CooperativePlan:
    """
    A cooperative. `sector`, `category`, `exchange` and `mutuality` are the registry's own words.

    `accepts_bp` is the largest share of a sale it takes in credits. Of each refund `cash_bp` is
    paid in money and `capital_bp` in shares, the rest in credit. `story` says which rule of the
    waterfall its accounts show, `surplus_cents` how large the year's profit (or loss) is.
    """

    key: str
    name: str
    about: str
    place: MunicipalityRow
    address: str
    identity: LegalIdentity
    register_number: str
    founded_year: int
    shop: str
    sector: str
    category: str
    exchange: Exchange
    mutuality: Mutuality
    rates: tuple[RatePlan, ...]
    accepts_bp: int
    share_cents: int
    story: YearStory
    surplus_cents: int
    cash_bp: int
    capital_bp: int


@dataclass(frozen=True, slots=True)
class NodePlan:
    """
    Any other node: federation, fund, pool, project, purchasing group or company.

    `branch` names the policy branch that a fund receives (common, territory, solidarity);
    `goal_cents` what a project hopes for; `popularity` how readily members give to it.
    """

    key: str
    kind: NodeKind
    name: str
    about: str
    place: MunicipalityRow | None = None
    address: str = ""
    identity: LegalIdentity | None = None
    branch: str = ""
    goal_cents: int = 0
    popularity: int = 0


@lru_cache(maxsize=1)
def cooperatives() -> tuple[CooperativePlan, ...]:
    """Return the cooperatives; a purchase names its seller by the position here."""
    return tuple(_cooperative(i, raw) for i, raw in enumerate(_file()["cooperative"]))


@lru_cache(maxsize=1)
def federation() -> NodePlan:
    raw = _file()["federation"]
    return _node(90, "federation", raw)


@lru_cache(maxsize=1)
def funds() -> tuple[NodePlan, ...]:
    """Return the funds of the branches, in their fixed order, and the pool."""
    return tuple(_node(0, raw["kind"], raw) for raw in _file()["fund"])


@lru_cache(maxsize=1)
def projects() -> tuple[NodePlan, ...]:
    return tuple(_node(0, "project", raw) for raw in _file()["project"])


@lru_cache(maxsize=1)
def neighbours() -> tuple[NodePlan, ...]:
    """Return the purchasing group and the companies of the community."""
    groups = [_node(0, "purchasing_group", raw) for raw in _file()["group"]]
    companies = [_node(91 + i, "company", raw) for i, raw in enumerate(_file()["company"])]
    return (*groups, *companies)


def place_in_trentino(*, name: str) -> MunicipalityRow:
    """Return a municipality of the province of Trento; LookupError when there is none."""
    place = find_municipality(name=name, province=PROVINCE)
    if place is None:
        raise LookupError(name)
    return place


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    with (DATA / "cooperatives.toml").open("rb") as file:
        return tomllib.load(file)


def _cooperative(number: int, raw: dict[str, Any]) -> CooperativePlan:
    cash_bp, capital_bp = raw["refund"]
    return CooperativePlan(
        key=raw["key"],
        name=raw["name"],
        about=raw["about"],
        place=place_in_trentino(name=raw["place"]),
        address=raw["address"],
        identity=_identity(number, raw["key"], f"{raw['name']}, società cooperativa"),
        register_number=f"A{990_001 + number}",
        founded_year=raw["founded"],
        shop=raw["shop"],
        sector=raw["sector"],
        category=raw["category"],
        exchange=raw["exchange"],
        mutuality=raw["mutuality"],
        rates=tuple(RatePlan(*rate) for rate in raw["rates"]),
        accepts_bp=raw["accepts_bp"],
        share_cents=raw["share"],
        story=raw["year"],
        surplus_cents=raw["surplus"],
        cash_bp=cash_bp,
        capital_bp=capital_bp,
    )


def _node(number: int, kind: NodeKind, raw: dict[str, Any]) -> NodePlan:
    return NodePlan(
        key=raw["key"],
        kind=kind,
        name=raw["name"],
        about=raw["about"],
        place=place_in_trentino(name=raw["place"]) if "place" in raw else None,
        address=raw.get("address", ""),
        identity=_identity(number, raw["key"], raw["name"]) if number else None,
        branch=raw.get("branch", ""),
        goal_cents=raw.get("goal", 0),
        popularity=raw.get("popularity", 0),
    )


def _identity(number: int, key: str, legal_name: str) -> LegalIdentity:
    vat_number = identifiers.vat_number(number=number)
    return LegalIdentity(
        legal_name=legal_name,
        tax_code=vat_number,
        vat_number=vat_number,
        rea=f"TN-{990_001 + number}",
        certified_email=f"{key}@pec.example.org",
        iban=identifiers.iban(number=number + 1),
    )
