"""Days and years as people count them: by the clock of the installation's time zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def first_instant(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_day(day: date) -> datetime:
    """Return the moment at which a day is over: the first of the next, not a part of it."""
    return first_instant(day + timedelta(days=1))


def last_instant(day: date) -> datetime:
    """Return the last moment that still belongs to a day."""
    return end_of_day(day) - timedelta(microseconds=1)


def year_span(year: int) -> tuple[datetime, datetime]:
    """Return the first moment of a year and the first that no longer belongs to it."""
    return first_instant(date(year, 1, 1)), first_instant(date(year + 1, 1, 1))


def next_working_day(day: date) -> date:
    """Return the first day after `day` that is not a Saturday or a Sunday."""
    later = day + timedelta(days=1)
    return later + timedelta(days=max(0, 7 - later.weekday()) if later.weekday() > 4 else 0)
