"""
The demo's calendar: fifty-two weeks from Monday to Sunday and one day more, for any year.

What is bought on a Saturday is decided once, for the n-th Saturday, whatever its date. A year
then only says on which of its days the n-th week's Saturday falls, so every year has the same
purchases and real Saturdays. Days are numbered from 0, 1 January, to 364; before it they are
negative, after it they go on. In a leap year 31 December has no purchases.
"""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Season = Literal["winter", "spring", "summer", "autumn", "christmas"]

ROME: Final = ZoneInfo("Europe/Rome")
SEASONS: Final[tuple[Season, ...]] = ("winter", "spring", "summer", "autumn", "christmas")
DAYS = 365
WEEKS = 53
LAST_WEEK = WEEKS - 1
LAST_DAY = DAYS - 1
# The day left over after fifty-two weeks is lived like a Wednesday, whatever it is.
ODD_DAY_WEEKDAY = 2
# Nobody opens on New Year's Day and at Christmas; those purchases are made on the day named.
CLOSED = {(1, 1): 1, (12, 25): -1}


def date_of(*, year: int, day: int) -> date:
    """Return the date that is `day` days after 1 January of `year` (before it when negative)."""
    return date(year, 1, 1) + timedelta(days=day)


def instant_of(*, year: int, day: int, minute: int) -> datetime:
    """Return a minute of a day as an aware instant in Italian time."""
    clock = time(minute // 60, minute % 60, tzinfo=ROME)
    return datetime.combine(date_of(year=year, day=day), clock)


def weekdays_in_order(*, year: int) -> list[tuple[int, int, int]]:
    """Return (day, week, weekday) for the 365 days of a year, weekdays from 0, Monday."""
    first = date(year, 1, 1).weekday()
    days = [(day, day // 7, (first + day) % 7) for day in range(LAST_DAY)]
    return [*days, (LAST_DAY, LAST_WEEK, ODD_DAY_WEEKDAY)]


def open_day(*, year: int, day: int) -> int:
    """Return the day itself, or the nearest one on which shops are open."""
    when = date_of(year=year, day=day)
    return day + CLOSED.get((when.month, when.day), 0)


def month_of_week(week: int) -> int:
    """Return the month (0 is January) in which a week lies, in every year nearly the same."""
    return min(11, week * 12 // 52)


def season_of_week(week: int) -> Season:
    """Return the season that rules what the shops have."""
    if week >= 47:
        return "christmas"
    if week < 9:
        return "winter"
    if week < 22:
        return "spring"
    return "summer" if week < 35 else "autumn"
