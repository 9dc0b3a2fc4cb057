"""The invented members: who they are, where they live and with whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from reciproca.demo import identifiers
from reciproca.demo.chance import Chance, running
from reciproca.demo.cooperatives import place_in_trentino
from reciproca.demo.names import ARRIVED, SURNAMES, first_names
from reciproca.demo.personas import PERSONAS, PersonaPlan
from reciproca.registry.places import MunicipalityRow

PEOPLE = 5_000
VALLEYS: Final = {
    "Val di Sole": (
        "Caldes, Cavizzana, Commezzadura, Croviana, Dimaro Folgarida, Malé, Mezzana, Ossana, Peio,"
        " Pellizzano, Rabbi, Terzolas, Vermiglio"
    ),
    "Val di Non": (
        "Amblar-Don, Borgo d'Anaunia, Bresimo, Campodenno, Cavareno, Cis, Cles, Contà, Dambel,"
        " Denno, Livo, Novella, Predaia, Romeno, Ronzone, Ruffrè-Mendola, Rumo, Sanzeno, Sarnonico,"
        " Sfruz, Sporminore, Ton, Ville d'Anaunia"
    ),
    "Valle dell’Adige": (
        "Giovo, Lavis, Mezzocorona, Mezzolombardo, Roverè della Luna, San Michele all'Adige,"
        " Terre d'Adige"
    ),
}
# Ages are counted in this year, whatever year the demo plays in, so that nobody's code changes.
AGES_COUNTED_IN = 2025
ADULT = 18
# How many of a household are in the network, and how often.
HOUSEHOLD_SIZES = (1, 1, 1, 1, 2, 2, 2, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """
    One invented person.

    `household` numbers those who live together; `children` are its minors, who are not in the
    network; `age` in whole years. `persona` is set for those whose eyes a visitor may borrow.
    """

    index: int
    first_name: str
    last_name: str
    female: bool
    born_on: date
    tax_code: str
    email: str
    place: MunicipalityRow
    household: int
    children: int
    persona: PersonaPlan | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def age(self) -> int:
        return AGES_COUNTED_IN - self.born_on.year


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A person before numbers are given out."""

    first_name: str
    last_name: str
    female: bool
    born_on: date
    place: MunicipalityRow
    household: int
    children: int
    persona: PersonaPlan | None = None


@lru_cache(maxsize=4)
def people(count: int = PEOPLE) -> tuple[PersonPlan, ...]:
    """
    Return `count` people, the personas first.

    A smaller community is the beginning of a larger one: the same people have the same index.
    """
    taken: set[str] = set()
    return tuple(
        _numbered(index, sketch, taken)
        for index, sketch in zip(range(count), _sketches(), strict=False)
    )


@lru_cache(maxsize=1)
def home_places() -> tuple[MunicipalityRow, ...]:
    """Return the municipalities of the three valleys."""
    names = ", ".join(VALLEYS.values()).split(", ")
    return tuple(place_in_trentino(name=name) for name in names)


def _sketches() -> Iterator[_Sketch]:
    for household, persona in enumerate(PERSONAS):
        yield _Sketch(
            first_name=persona.first_name,
            last_name=persona.last_name,
            female=persona.female,
            born_on=persona.born_on,
            place=place_in_trentino(name=persona.place),
            household=household,
            children=persona.children,
            persona=persona,
        )
    household = len(PERSONAS)
    while True:
        yield from _household(household)
        household += 1


def _household(number: int) -> Iterator[_Sketch]:
    """Yield those of one home who are in the network: one, a couple, grown-up children."""
    chance = Chance("household", number)
    place = chance.weighted(home_places(), _inhabitants())
    surname = _surname(chance)
    female = chance.happens(520)
    age = _age(chance)
    children = chance.one_of((0, 0, 1, 1, 2, 2, 3)) if 26 <= age <= 51 else 0
    for order in range(chance.one_of(HOUSEHOLD_SIZES)):
        if order == 1:
            female = not female if chance.happens(960) else female
            own_age, surname_here = max(ADULT, age + chance.whole(-5, 4)), _surname(chance)
        elif order > 1:
            own_age, surname_here = age - chance.whole(23, 36), surname
            female = chance.happens(500)
            if own_age < ADULT:
                return
        else:
            own_age, surname_here = age, surname
        born_on = _birthday(own_age, chance)
        names = first_names(female=female, birth_year=born_on.year)
        yield _Sketch(chance.one_of(names), surname_here, female, born_on, place, number, children)


def _surname(chance: Chance) -> str:
    local = SURNAMES[:-ARRIVED]
    chosen = chance.one_of(local) if chance.happens(900) else chance.one_of(SURNAMES[-ARRIVED:])
    return chosen.replace("_", " ")


def _age(chance: Chance) -> int:
    """Return an adult's age: most are between thirty and seventy, some past ninety."""
    return 20 + (chance.whole(0, 45) + chance.whole(0, 28))


def _birthday(age: int, chance: Chance) -> date:
    return date(AGES_COUNTED_IN - age, 1, 1) + timedelta(days=chance.whole(0, 364))


@lru_cache(maxsize=1)
def _inhabitants() -> list[int]:
    return running([place.population or 1 for place in home_places()])


def _numbered(index: int, sketch: _Sketch, taken: set[str]) -> PersonPlan:
    """Give a sketch its number, address and code; `taken` holds the codes already given out."""
    code = next(code for code in _codes(sketch, index) if code not in taken)
    taken.add(code)
    return PersonPlan(
        index=index,
        first_name=sketch.first_name,
        last_name=sketch.last_name,
        female=sketch.female,
        born_on=sketch.born_on,
        tax_code=code,
        email=_email(sketch, index),
        place=sketch.place,
        household=sketch.household,
        children=sketch.children,
        persona=sketch.persona,
    )


def _codes(sketch: _Sketch, index: int) -> Iterator[str]:
    """Yield the codes that this person could have, one for each invented birthplace."""
    for step in range(1_000):
        yield identifiers.tax_code(
            first_name=sketch.first_name,
            last_name=sketch.last_name,
            female=sketch.female,
            born_on=sketch.born_on,
            birthplace=(index + step) % 1_000,
        )


def _email(sketch: _Sketch, index: int) -> str:
    first = identifiers.plain_letters(sketch.first_name).lower()
    last = identifiers.plain_letters(sketch.last_name).lower()
    return f"{first}.{last}.{index + 1}@example.org"
