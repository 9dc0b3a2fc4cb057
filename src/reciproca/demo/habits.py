"""How the invented members live: where they shop, how often, what they pay on fixed days."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reciproca.demo.chance import Chance, running
from reciproca.demo.cooperatives import cooperatives
from reciproca.demo.goods import Assortment, Who, assortments
from reciproca.demo.people import PersonPlan
from reciproca.demo.personas import PersonaPlan, Spending
from reciproca.registry.places import MunicipalityRow, Point, distance_metres

VILLAGE_SHOP: Final = "bottega"
# Of a member's usual places so many are the village shop; the others fall as the place allows.
HOME_CHOICES = 9
OTHER_CHOICES = 13
SPENDING: Final[tuple[tuple[Spending, int], ...]] = (
    ("never", 250),
    ("sometimes", 500),
    ("at_christmas", 120),
    ("always", 130),
)
_SPENDING = [kind for kind, _share in SPENDING], running([share for _kind, share in SPENDING])
ELDERLY_FROM = 72
RETIRED_FROM = 67
# Nobody pays on fixed days a seller farther than this many times its reach.
FIXED_REACH = 2


@dataclass(frozen=True, slots=True)
class Habit:
    """
    One member's habits; sellers are positions in `cooperatives()`.

    `places` repeats a seller as often as the member prefers it. `purchases` is how often the
    member buys in a year, weighed against the others. `fixed` are the sellers paid on fixed days.
    """

    home_shop: int
    places: tuple[int, ...]
    purchases: int
    spending: Spending
    fixed: tuple[int, ...]


def plan_habits(*, people: Sequence[PersonPlan]) -> tuple[Habit, ...]:
    """Return the habits of each person, drawn in their order."""
    chance = Chance("habits")
    homes_seen: set[int] = set()
    habits = []
    for person in people:
        is_first_at_home = person.household not in homes_seen
        homes_seen.add(person.household)
        habits.append(_habit(person, chance, is_first_at_home))
    return tuple(habits)


def sellers_of(kind: str) -> list[int]:
    """Return the positions of the cooperatives that keep one kind of shop."""
    return [i for i, seller in enumerate(cooperatives()) if seller.shop == kind]


@lru_cache(maxsize=128)
def distances(place: MunicipalityRow) -> tuple[int, ...]:
    """Return how many metres each cooperative is from a municipality."""
    here = Point(place.lat, place.lon)
    return tuple(
        distance_metres(a=here, b=Point(seller.place.lat, seller.place.lon))
        for seller in cooperatives()
    )


@lru_cache(maxsize=128)
def attractions(place: MunicipalityRow) -> tuple[int, ...]:
    """Return how strongly each cooperative draws those who live in a municipality."""
    kinds = assortments()
    return tuple(
        _attraction(kinds[seller.shop], metres)
        for seller, metres in zip(cooperatives(), distances(place), strict=True)
    )


@lru_cache(maxsize=2048)
def nearest(place: MunicipalityRow, kind: str) -> list[int]:
    """Return the sellers of one kind, nearest first."""
    return sorted(sellers_of(kind), key=lambda seller: (distances(place)[seller], seller))


def _attraction(kind: Assortment, metres: int) -> int:
    return 100 * kind.popularity * kind.reach_metres**2 // (kind.reach_metres + metres) ** 2


def _habit(person: PersonPlan, chance: Chance, is_first_at_home: bool) -> Habit:
    if person.persona:
        return _persona_habit(person.persona, person.place)
    closest, second = _village_shops(person.place)
    home_shop = closest if chance.happens(860) else second
    return Habit(
        home_shop=home_shop,
        places=(*[home_shop] * HOME_CHOICES, *_drawn(person.place, chance)),
        purchases=chance.whole(6, 50) + 6 * person.children,
        spending=_spending(chance),
        fixed=tuple(_fixed(person, chance, is_first_at_home)),
    )


def _persona_habit(persona: PersonaPlan, place: MunicipalityRow) -> Habit:
    """Return habits that a story tells: the nearest shop, and the most attractive places."""
    home_shop, _second = _village_shops(place)
    return Habit(
        home_shop=home_shop,
        places=(*[home_shop] * HOME_CHOICES, *_best_places(place)[: persona.places]),
        purchases=persona.purchases,
        spending=persona.spending,
        fixed=tuple(nearest(place, kind)[0] for kind in persona.fixed),
    )


def _best_places(place: MunicipalityRow) -> list[int]:
    """Return the sellers that are no village shops, most attractive first."""
    pull = attractions(place)
    others = set(range(len(pull))) - set(sellers_of(VILLAGE_SHOP))
    return sorted(others, key=lambda seller: (-pull[seller], seller))


@lru_cache(maxsize=128)
def _village_shops(place: MunicipalityRow) -> tuple[int, int]:
    first, second, *_others = nearest(place, VILLAGE_SHOP)
    return first, second


@lru_cache(maxsize=128)
def _pull(place: MunicipalityRow) -> list[int]:
    return running(attractions(place))


def _drawn(place: MunicipalityRow, chance: Chance) -> list[int]:
    pull = _pull(place)
    return [chance.weighted(range(len(pull)), pull) for _ in range(OTHER_CHOICES)]


def _spending(chance: Chance) -> Spending:
    return chance.weighted(*_SPENDING)


def _fixed(person: PersonPlan, chance: Chance, is_first_at_home: bool) -> list[int]:
    """Return the sellers that this person pays on fixed days: the nearest of each kind."""
    chosen = []
    for kind in _kinds_on_fixed_days():
        wants = chance.happens(kind.standing.per_thousand) if kind.standing else False
        if wants and _is_among(kind, person, is_first_at_home):
            seller = nearest(person.place, kind.key)[0]
            if distances(person.place)[seller] <= kind.reach_metres * FIXED_REACH:
                chosen.append(seller)
    return chosen


@lru_cache(maxsize=1)
def _kinds_on_fixed_days() -> list[Assortment]:
    return [kind for kind in assortments().values() if kind.standing]


def _is_among(kind: Assortment, person: PersonPlan, is_first_at_home: bool) -> bool:
    """Return whether the person is one of those who buy this on fixed days."""
    assert kind.standing is not None
    claims: dict[Who, bool] = {
        "homes": is_first_at_home,
        "parents": is_first_at_home and person.children > 0,
        "elderly": person.age >= ELDERLY_FROM,
        "commuters": person.age < RETIRED_FROM,
    }
    return claims[kind.standing.who]
