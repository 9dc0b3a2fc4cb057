"""
One invented year, event by event, as it reaches the network.

What happens on a week's Saturday is drawn once, whatever its date in the year that is asked for:
every year has the same purchases, amounts, refunds and gifts, in that year's order.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from reciproca.demo.chance import Chance
from reciproca.demo.days import DAYS, LAST_DAY, date_of, open_day, weekdays_in_order
from reciproca.demo.events import GiftPlan, PurchasePlan, RefundPlan, YearEvent
from reciproca.demo.habits import Habit
from reciproca.demo.town import Basket, Donation, Town
from reciproca.purchases.forms import LineBack

PURCHASES = 200_000
MINUTES_A_DAY = 24 * 60
# Which share of the purchases is undone at once, comes back later, or reaches the network late.
UNDONE, GIVEN_BACK, LATE = 0.003, 0.006, 0.0015
UNDO_MINUTES = 9
LONGEST_DELAY_DAYS = 20
LATE_MINUTES: Final = (45, 2_400)
SUNDAY = 6
REASONS: Final = (
    "Merce rovinata",
    "Misura sbagliata",
    "Prezzo battuto due volte",
    "Non serviva più",
    "Prodotto diverso da quello chiesto",
    "Appuntamento annullato",
)


def plan_year(
    *, habits: Sequence[Habit], year: int, purchases: int = PURCHASES
) -> Iterator[YearEvent]:
    """
    Yield everything that happens in a year, in the order in which the network hears of it.

    `habits` are the members'; exactly `purchases` purchases come out. A refund follows its
    purchase. Raises ValueError when what is bought on fixed days alone is more.
    """
    town = Town(habits=habits, purchases=purchases)
    days: list[list[YearEvent]] = [[] for _ in range(DAYS)]
    for day, week, weekday in weekdays_in_order(year=year):
        on = open_day(year=year, day=day)
        name = f"{week:02d}{weekday + 1}"
        for number, basket in enumerate(town.baskets(week=week, weekday=weekday), 1):
            purchase = _purchase(basket, f"{name}-{number:04d}", on)
            days[purchase.recorded_day].append(purchase)
            if basket.fate < UNDONE + GIVEN_BACK:
                back = _back(basket, purchase.key, on, year)
                days[back.recorded_day].append(back)
        for number, donation in enumerate(town.donations(week=week, weekday=weekday), 1):
            days[on].append(_gift(donation, f"D{name}-{number:02d}", on))
        # A holiday's purchases may still join the day before it; two days ago is complete.
        if day:
            yield from _in_order(days, day - 1)
    yield from _in_order(days, LAST_DAY)


def _in_order(days: list[list[YearEvent]], day: int) -> list[YearEvent]:
    """Return a day's events by the minute, and forget them."""
    events, days[day] = days[day], []
    return sorted(events, key=lambda event: event.recorded_minute)


def _purchase(basket: Basket, key: str, day: int) -> PurchasePlan:
    minute, _order, member, seller, lines, wish_cents, fate = basket
    heard = (day, minute)
    if UNDONE + GIVEN_BACK <= fate < UNDONE + GIVEN_BACK + LATE:
        heard = _late(key, day, minute)
    return PurchasePlan(key, member, seller, day, minute, *heard, lines, wish_cents)


def _back(basket: Basket, key: str, day: int, year: int) -> RefundPlan:
    """Return what follows a purchase whose fate is not to stand."""
    return _undo(basket, key, day) if basket.fate < UNDONE else _refund(basket, key, day, year)


def _late(key: str, day: int, minute: int) -> tuple[int, int]:
    """Return when a till without a line told of its sale, within the year."""
    later = day * MINUTES_A_DAY + minute + Chance("late", key).whole(*LATE_MINUTES)
    return divmod(min(later, DAYS * MINUTES_A_DAY - 1), MINUTES_A_DAY)


def _undo(basket: Basket, key: str, day: int) -> RefundPlan:
    minutes = Chance("undo", key).whole(1, UNDO_MINUTES)
    return RefundPlan(
        key=f"{key}-annullo",
        purchase_key=key,
        member=basket.member,
        seller=basket.seller,
        recorded_day=day,
        recorded_minute=min(basket.minute + minutes, MINUTES_A_DAY - 1),
        lines=None,
        reason="",
        is_undo=True,
    )


def _refund(basket: Basket, key: str, day: int, year: int) -> RefundPlan:
    """Return a refund some days later; at the year's end it comes the same day at the latest."""
    chance = Chance("refund", key)
    heard_day = min(_weekday_after(day + chance.whole(1, LONGEST_DELAY_DAYS), year), LAST_DAY)
    minute = chance.whole(9 * 60, 18 * 60)
    return RefundPlan(
        key=f"{key}-reso",
        purchase_key=key,
        member=basket.member,
        seller=basket.seller,
        recorded_day=heard_day,
        recorded_minute=minute if heard_day > day else max(minute, basket.minute + 15),
        lines=_lines_back(basket, chance),
        reason=chance.one_of(REASONS),
        is_undo=False,
    )


def _weekday_after(day: int, year: int) -> int:
    """Return the day, or the next when it is a Sunday or shops are closed."""
    while open_day(year=year, day=day) != day or date_of(year=year, day=day).weekday() == SUNDAY:
        day += 1
    return day


def _lines_back(basket: Basket, chance: Chance) -> tuple[LineBack, ...] | None:
    """Return the line that comes back, whole or half of it, or None for the whole basket."""
    position, whole = chance.whole(0, len(basket.lines) - 1), chance.happens(700)
    if len(basket.lines) == 1 and whole:
        return None
    cents = basket.lines[position].amount_cents
    return (LineBack(position + 1, cents if whole else cents // 2),)


def _gift(donation: Donation, key: str, day: int) -> GiftPlan:
    return GiftPlan(
        key=key,
        member=donation.member,
        project=donation.project,
        recorded_day=day,
        recorded_minute=donation.minute,
        amount_cents=donation.amount_cents,
    )
