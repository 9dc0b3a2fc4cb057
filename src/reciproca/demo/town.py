"""
What is bought and given on one day of the plan: by whom, where, what and at which minute.

A day is a week and a weekday, not a date. Each is drawn from a stream of its own, so that it is
the same whatever came before it.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from reciproca.demo.chance import Chance, running
from reciproca.demo.cooperatives import cooperatives, projects
from reciproca.demo.days import (
    LAST_WEEK,
    ODD_DAY_WEEKDAY,
    month_of_week,
    season_of_week,
)
from reciproca.demo.goods import Assortment, Shelf, assortments, shelves
from reciproca.demo.habits import Habit
from reciproca.demo.personas import Spending
from reciproca.purchases.forms import LineIn
from reciproca.shared.allocation import split_by_weight

# How busy the weekdays and the months are, beside each shop's own rhythm.
WEEKDAY_RHYTHM: Final = (90, 85, 95, 100, 125, 160, 42)
MONTH_RHYTHM: Final = (92, 93, 96, 98, 99, 101, 108, 108, 99, 98, 97, 128)
# A closed shop sends its customer elsewhere so many times, then to the village shop.
ATTEMPTS = 6
GIFTS_PER_THOUSAND_MEMBERS = 120
FIRST_WEEK_WITH_GIFTS = 5
FIRST_WEEK_WITH_CREDITS = 2
CHRISTMAS_WEEK = 47
GIFT_CENTS: Final = (200, 300, 500, 500, 500, 1_000, 1_000, 1_500, 2_000)
WISHED_CENTS: Final = (200, 300, 500, 500, 1_000, 1_000, 2_000, 5_000)
AS_MUCH_AS_POSSIBLE = 100_000

Day = tuple[int, int]


class Basket(NamedTuple):
    """
    A purchase before it has a date; baskets of a day sort by minute.

    `fate`, from 0 to 1, says later whether it is undone, comes back or arrives late.
    """

    minute: int
    order: int
    member: int
    seller: int
    lines: tuple[LineIn, ...]
    wish_cents: int
    fate: float


class Donation(NamedTuple):
    """A gift before it has a date."""

    minute: int
    order: int
    member: int
    project: str
    amount_cents: int


def plan_days() -> list[Day]:
    """Return the year's days as (week, weekday): fifty-two weeks and the odd day."""
    return [(day // 7, day % 7) for day in range(LAST_WEEK * 7)] + [(LAST_WEEK, ODD_DAY_WEEKDAY)]


class Town:
    """The members with their habits, ready to be asked what they did on a day."""

    def __init__(self, *, habits: Sequence[Habit], purchases: int) -> None:
        """Raises ValueError when the purchases of fixed days alone are more than `purchases`."""
        self.places = [habit.places for habit in habits]
        self.spending = [habit.spending for habit in habits]
        # Each member as many times as purchases are expected: one draw finds a buyer.
        self.buyers = [i for i, habit in enumerate(habits) for _ in range(habit.purchases)]
        self.fixed = _fixed_days(habits)
        days = plan_days()
        rhythm = [MONTH_RHYTHM[month_of_week(w)] * WEEKDAY_RHYTHM[d] for w, d in days]
        free = purchases - sum(map(len, self.fixed.values()))
        if free < 0:
            raise ValueError(f"{-free} purchases too few for what is bought on fixed days")
        self.free = dict(zip(days, split_by_weight(total=free, weights=rhythm), strict=True))
        self.gifts = _gifts(days, len(habits))

    def baskets(self, *, week: int, weekday: int) -> list[Basket]:
        """Return a day's purchases in order of time."""
        chance = Chance("baskets", week, weekday)
        pairs = self.fixed.get((week, weekday), [])
        pairs = pairs + self._drawn(chance, week, weekday, self.free[week, weekday])
        return sorted(self._filled(chance, week, pairs))

    def donations(self, *, week: int, weekday: int) -> list[Donation]:
        """Return a day's gifts in order of time."""
        chance = Chance("gifts", week, weekday)
        readiness = running([project.popularity for project in projects()])
        return sorted(
            Donation(
                minute=chance.whole(17 * 60, 23 * 60),
                order=order,
                member=chance.one_of(self.buyers),
                project=chance.weighted(projects(), readiness).key,
                amount_cents=chance.one_of(GIFT_CENTS),
            )
            for order in range(self.gifts[week, weekday])
        )

    def _drawn(self, chance: Chance, week: int, weekday: int, count: int) -> list[tuple[int, int]]:
        """Return (member, seller) for purchases that nobody planned."""
        draw, buyers, places = chance.draw, self.buyers, self.places
        busy = [kind.openness(week=week, weekday=weekday) for kind in _kinds()]
        pairs = []
        for _ in range(count):
            member = buyers[int(draw() * len(buyers))]
            usual = places[member]
            for _attempt in range(ATTEMPTS):
                seller = usual[int(draw() * len(usual))]
                if draw() * 100 < busy[seller]:
                    break
            else:
                seller = usual[0]
            pairs.append((member, seller))
        return pairs

    def _filled(self, chance: Chance, week: int, pairs: list[tuple[int, int]]) -> list[Basket]:
        """Fill a basket for each (member, seller)."""
        draw, spending = chance.draw, self.spending
        kinds, filled = _kinds(), _shelves(week)
        readiness = {kind: _readiness(kind, week) for kind in set(spending)}
        baskets = []
        for order, (member, seller) in enumerate(pairs):
            kind, shelf = kinds[seller], filled[seller]
            start = int(draw() * shelf.length)
            size = kind.sizes[int(draw() * len(kind.sizes))]
            minute = kind.minutes[int(draw() * len(kind.minutes))]
            share, wishes = readiness[spending[member]]
            wish = wishes[int(draw() * len(wishes))] if draw() < share else 0
            lines = shelf.lines[start : start + size]
            baskets.append(Basket(minute, order, member, seller, lines, wish, draw()))
        return baskets


def _kinds() -> list[Assortment]:
    """Return each seller's kind of shop."""
    return [assortments()[seller.shop] for seller in cooperatives()]


def _shelves(week: int) -> list[Shelf]:
    season = shelves()[season_of_week(week)]
    return [season[seller.shop] for seller in cooperatives()]


def _readiness(spending: Spending, week: int) -> tuple[float, tuple[int, ...]]:
    """Return in which share of the purchases credit is offered, and how much of it."""
    if week < FIRST_WEEK_WITH_CREDITS or spending == "never":
        return 0.0, (0,)
    if spending == "always":
        return 0.5, (AS_MUCH_AS_POSSIBLE,)
    if spending == "sometimes":
        return 0.12, WISHED_CENTS
    return (0.6, (AS_MUCH_AS_POSSIBLE,)) if week >= CHRISTMAS_WEEK else (0.0, (0,))


def _fixed_days(habits: Sequence[Habit]) -> dict[Day, list[tuple[int, int]]]:
    """Return (member, seller) by day for what is bought on fixed days, Monday to Friday."""
    times = [kind.standing.times if kind.standing else 0 for kind in _kinds()]
    open_weeks = [_open_weeks(kind) for kind in _kinds()]
    days: dict[Day, list[tuple[int, int]]] = defaultdict(list)
    for member, habit in enumerate(habits):
        for seller in habit.fixed:
            for week in _weeks(open_weeks[seller], times[seller], member):
                days[week, member % 5].append((member, seller))
    return days


def _open_weeks(kind: Assortment) -> list[int]:
    return [week for week in range(LAST_WEEK) if kind.months[month_of_week(week)]]


def _weeks(weeks: list[int], times: int, member: int) -> list[int]:
    """Return the weeks in which a member pays: evenly over those in which the shop is open."""
    shift = member % (len(weeks) // times)
    return [weeks[turn * len(weeks) // times + shift] for turn in range(times)]


def _gifts(days: Sequence[Day], members: int) -> dict[Day, int]:
    """Return how many gifts are made on each day: more and more of them towards Christmas."""
    weights = [0 if week < FIRST_WEEK_WITH_GIFTS else 20 + week for week, _weekday in days]
    total = members * GIFTS_PER_THOUSAND_MEMBERS // 1_000
    # Running sums spread few gifts over many days, where equal weights would give them to none.
    reached = [total * part // sum(weights) for part in accumulate(weights)]
    counts = [now - before for before, now in zip([0, *reached], reached, strict=False)]
    return dict(zip(days, counts, strict=True))
