"""Who is a member of which cooperative, since when, and who may act for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

from reciproca.demo.chance import Chance
from reciproca.demo.cooperatives import CooperativePlan, cooperatives, federation
from reciproca.demo.days import DAYS
from reciproca.demo.habits import Habit, distances
from reciproca.demo.people import ADULT, AGES_COUNTED_IN, PersonPlan
from reciproca.demo.personas import Role
from reciproca.registry.places import MunicipalityRow

Kind = Literal["cooperator", "worker_member", "service_user_member", "volunteer_member"]
State = Literal["applied", "registered", "withdrawn"]

FEWEST_MEMBERS = 12
TILL_OPERATORS = 2
# Their members are cooperatives: the social ones, the village shops, those of workers.
OF_COOPERATIVES: Final = ("rete-mani", "botteghe-in-rete", "confidi-montano")
# Only those with a counter need somebody at it.
SHOPS_WITHOUT_TILL: Final = (
    "banca",
    "casa",
    "energia",
    "calore",
    "nido",
    "assistenza",
    "musica",
    "garanzia",
)


@dataclass(frozen=True, slots=True)
class MembershipPlan:
    """
    One line of a cooperative's members' register; `cooperative` is a position in the plan.

    `member` is a person's index or, in a cooperative of cooperatives, the key of one. Days count
    from 1 January of the demo's year, backwards when negative. Somebody who has only applied has
    neither number nor day of registration, and has paid nothing yet.
    """

    member: int | str
    cooperative: int
    kind: Kind
    state: State
    number: int | None
    applied_day: int
    registered_day: int | None
    left_day: int | None
    capital_cents: int


@dataclass(frozen=True, slots=True)
class MandatePlan:
    """A person may act for an organisation (by key) from a day on."""

    person: int
    organisation: str
    role: Role
    starts_day: int


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody who belongs in a register, before dates and number."""

    member: int | str
    cooperative: int
    kind: Kind


def plan_memberships(
    *, people: Sequence[PersonPlan], habits: Sequence[Habit]
) -> tuple[MembershipPlan, ...]:
    """Return all registers, cooperative by cooperative, in order of number."""
    registers: dict[int, dict[int | str, _Wish]] = defaultdict(dict)
    for wish in _wishes(people, habits):
        registers[wish.cooperative].setdefault(wish.member, wish)
    for wish in _missing(people, registers):
        registers[wish.cooperative].setdefault(wish.member, wish)
    return tuple(
        line
        for position in range(len(cooperatives()))
        for line in _register(position, list(registers[position].values()), people)
    )


def plan_mandates(
    *, people: Sequence[PersonPlan], memberships: Sequence[MembershipPlan]
) -> tuple[MandatePlan, ...]:
    """Return who manages each cooperative, who sits at its till, and the federation's officers."""
    personas = [person for person in people if person.persona]
    own = [
        MandatePlan(person.index, person.persona.organisation, person.persona.role, -500)
        for person in personas
        if person.persona and person.persona.role
    ]
    return (*own, *_other_mandates(people, memberships, own))


# --- who belongs where ---


def _wishes(people: Sequence[PersonPlan], habits: Sequence[Habit]) -> Iterator[_Wish]:
    chance = Chance("memberships")
    for person, habit in zip(people, habits, strict=True):
        yield _Wish(person.index, habit.home_shop, "cooperator")
        if person.persona and person.persona.organisation != federation().key:
            yield from _own_cooperative(person)
        for seller in dict.fromkeys((*habit.fixed, *habit.places)):
            yield from _as_customer(person, seller, seller in habit.fixed, chance)
        yield from _as_maker(person, chance)
    yield from _of_cooperatives()


def _own_cooperative(person: PersonPlan) -> Iterator[_Wish]:
    for position, cooperative in enumerate(cooperatives()):
        if person.persona and cooperative.key == person.persona.organisation:
            kind: Kind = "worker_member" if cooperative.exchange == "work" else "cooperator"
            yield _Wish(person.index, position, kind)


def _as_customer(
    person: PersonPlan, seller: int, on_fixed_days: bool, chance: Chance
) -> Iterator[_Wish]:
    """Yield the membership of somebody who uses what a cooperative does for its users."""
    cooperative = cooperatives()[seller]
    joins = chance.happens(820 if on_fixed_days else 90)
    if not joins or cooperative.key in OF_COOPERATIVES:
        return
    if cooperative.exchange == "users":
        yield _Wish(person.index, seller, "cooperator")
    elif cooperative.sector == "social" and on_fixed_days:
        yield _Wish(person.index, seller, "service_user_member")


def _as_maker(person: PersonPlan, chance: Chance) -> Iterator[_Wish]:
    """Yield the membership of somebody who delivers, works or volunteers near home."""
    delivers, works, volunteers = (chance.happens(n) for n in (75, 55, 25))
    near = chance.whole(0, 4)
    if delivers:
        yield _Wish(person.index, _near(person.place, "contribution")[near], "cooperator")
    if works and person.age < 67:
        yield _Wish(person.index, _near(person.place, "work")[near * 2], "worker_member")
    if volunteers:
        yield _Wish(person.index, _near(person.place, "social")[near], "volunteer_member")


@lru_cache(maxsize=256)
def _near(place: MunicipalityRow, what: str) -> list[int]:
    """Return the cooperatives of an exchange or of the social sector, nearest first."""
    metres = distances(place)
    fitting = [
        position
        for position, cooperative in enumerate(cooperatives())
        if what in (cooperative.exchange, cooperative.sector)
        and cooperative.key not in OF_COOPERATIVES
    ]
    return sorted(fitting, key=lambda position: (metres[position], position))


def _of_cooperatives() -> Iterator[_Wish]:
    positions = {cooperative.key: i for i, cooperative in enumerate(cooperatives())}
    for cooperative in cooperatives():
        if cooperative.key in OF_COOPERATIVES:
            continue
        if cooperative.sector == "social":
            yield _Wish(cooperative.key, positions["rete-mani"], "cooperator")
        if cooperative.shop == "bottega":
            yield _Wish(cooperative.key, positions["botteghe-in-rete"], "cooperator")
        if cooperative.exchange == "work":
            yield _Wish(cooperative.key, positions["confidi-montano"], "cooperator")


def _missing(
    people: Sequence[PersonPlan], registers: dict[int, dict[int | str, _Wish]]
) -> Iterator[_Wish]:
    """Yield neighbours for a cooperative that would have fewer members than it can live with."""
    for position, cooperative in enumerate(cooperatives()):
        register = registers[position]
        if cooperative.key in OF_COOPERATIVES or len(register) >= FEWEST_MEMBERS:
            continue
        kind: Kind = "worker_member" if cooperative.exchange == "work" else "cooperator"
        neighbours = sorted(people, key=lambda p: (distances(p.place)[position], p.index))
        willing = [p for p in neighbours if p.index not in register and not p.persona]
        for person in willing[: FEWEST_MEMBERS - len(register)]:
            yield _Wish(person.index, position, kind)


# --- the register ---


def _register(
    position: int, wishes: list[_Wish], people: Sequence[PersonPlan]
) -> list[MembershipPlan]:
    cooperative = cooperatives()[position]
    chance = Chance("register", cooperative.key)
    lines = [_line(cooperative, wish, people, chance) for wish in wishes]
    entered = sorted(
        (line for line in lines if line.registered_day is not None),
        key=lambda line: (line.registered_day, str(line.member)),
    )
    waiting = [line for line in lines if line.registered_day is None]
    return [replace(line, number=n) for n, line in enumerate(entered, 1)] + waiting


def _line(
    cooperative: CooperativePlan, wish: _Wish, people: Sequence[PersonPlan], chance: Chance
) -> MembershipPlan:
    person = people[wish.member] if isinstance(wish.member, int) else None
    registered_day = _registered_day(cooperative, person, chance)
    applied_day = registered_day - chance.whole(15, 60)
    shares = chance.one_of((1, 1, 1, 1, 1, 2, 2, 4))
    fate = chance.whole(1, 1_000)
    line = MembershipPlan(
        member=wish.member,
        cooperative=wish.cooperative,
        kind=wish.kind,
        state="registered",
        number=None,
        applied_day=applied_day,
        registered_day=registered_day,
        left_day=None,
        capital_cents=shares * cooperative.share_cents,
    )
    if person is None or person.persona:
        return line
    if fate <= 8 and registered_day < -DAYS:
        return replace(line, state="withdrawn", left_day=20 + fate * 40)
    if fate > 994:
        late = DAYS - chance.whole(3, 25)
        return replace(
            line, state="applied", applied_day=late, registered_day=None, capital_cents=0
        )
    return line


def _registered_day(cooperative: CooperativePlan, person: PersonPlan | None, chance: Chance) -> int:
    """Return a day since the founding and the member's coming of age, more often a recent one."""
    years = AGES_COUNTED_IN - cooperative.founded_year
    if person:
        years = min(years, person.age - ADULT)
    past = max(1, years) * DAYS - 60
    recent = chance.draw() ** 2
    if chance.happens(35) and person and not person.persona:
        return chance.whole(20, 330)
    return -chance.whole(1, 30) - int(recent * past)


# --- who acts for whom ---


def _other_mandates(
    people: Sequence[PersonPlan], memberships: Sequence[MembershipPlan], own: list[MandatePlan]
) -> Iterator[MandatePlan]:
    managed = {mandate.organisation for mandate in own if mandate.role == "manager"}
    taken = {person.index for person in people if person.persona}
    members: dict[int, set[int]] = defaultdict(set)
    for line in memberships:
        if isinstance(line.member, int) and line.state == "registered":
            members[line.cooperative].add(line.member)
    for position, cooperative in enumerate(cooperatives()):
        chance = Chance("mandates", cooperative.key)
        able = iter(_able(people, members[position], position, taken))
        if cooperative.key not in managed:
            manager = next(able)
            taken.add(manager)
            yield MandatePlan(manager, cooperative.key, "manager", -chance.whole(100, 2_000))
        for operator in islice(able, TILL_OPERATORS if _has_till(cooperative) else 0):
            taken.add(operator)
            yield MandatePlan(operator, cooperative.key, "till", -chance.whole(30, 900))


def _has_till(cooperative: CooperativePlan) -> bool:
    return cooperative.shop not in SHOPS_WITHOUT_TILL


def _able(
    people: Sequence[PersonPlan], members: set[int], position: int, taken: set[int]
) -> list[int]:
    """Return who could act for a cooperative: members of working age near it, else neighbours."""

    def ranked(some: Iterable[PersonPlan]) -> list[int]:
        free = (p for p in some if p.index not in taken and 25 <= p.age <= 64)
        return [
            p.index for p in sorted(free, key=lambda p: (distances(p.place)[position], p.index))
        ]

    inside = ranked(people[i] for i in members)
    enough = len(inside) > TILL_OPERATORS
    return inside if enough else inside + ranked(p for p in people if p.index not in members)
