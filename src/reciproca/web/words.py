"""
Figures and dates as a person says them, in the language of the page.

Italian and English; whole cents and exact fractions in, text out. The space before the euro sign
is a hard one and the minus is U+2212, so that a figure never breaks nor looks like a hyphen.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, gettext

from reciproca.shared.money import format_cents, half_up

MINUS = "−"
_MOST_DIGITS = 9
_MARKS = {"it": (",", "."), "en": (".", ",")}


def euro(cents: int, *, signed: bool = False) -> str:
    """Return an amount: `1.234,56 €` or `€1,234.56`; with `signed` a gain carries its plus."""
    tongue = language()
    mark, thousands = _MARKS[tongue]
    figure = format_cents(abs(cents), decimal_mark=mark, thousands=thousands)
    written = f"€{figure}" if tongue == "en" else f"{figure}\u00a0€"
    return _sign(cents, signed=signed) + written


def exact_euro(cents: Fraction) -> str:
    """
    Return an exact amount before any rounding: `3,4995 €`.

    With the fraction of a cent where no decimals end: `1,16 € e 1/3 di centesimo`.
    """
    for digits in range(2, _MOST_DIGITS):
        if (cents * 10 ** (digits - 2)).denominator == 1:
            return _written(cents, digits)
    whole = int(cents)
    told = {"euro": euro(whole), "part": str(abs(cents - whole))}
    return gettext("%(euro)s e %(part)s di centesimo") % told


def distance(metres: int) -> str:
    """Return how far apart two places are, in whole kilometres: `6 km`."""
    return f"{count(half_up(Fraction(metres, 1_000)))}\u00a0km"


def whole_euro(cents: int) -> str:
    """Return an amount rounded to the euro, halves up, for big numbers: `164.200 €`."""
    rounded = half_up(Fraction(abs(cents), 100))
    figure = count(rounded)
    written = f"€{figure}" if language() == "en" else f"{figure}\u00a0€"
    return (MINUS if cents < 0 and rounded else "") + written


def count(number: int) -> str:
    """Return a whole number with its thousands apart, from four digits on: `3.180`."""
    _mark, thousands = _marks()
    return _sign(number, signed=False) + f"{abs(number):,}".replace(",", thousands)


def percent(share: Fraction | int) -> str:
    """Return a share: a fraction of one, or whole basis points; at most two decimals, `4,5%`."""
    hundredths = half_up((Fraction(share, 10_000) if isinstance(share, int) else share) * 10_000)
    whole, rest = divmod(abs(hundredths), 100)
    decimals = f"{rest:02d}".rstrip("0")
    mark, _thousands = _marks()
    return _sign(hundredths, signed=False) + str(whole) + (mark + decimals if rest else "") + "%"


def when(moment: date, *, style: str = "", today: date | None = None) -> str:
    """
    Return a date or an instant in words, the year only when it is not this one.

    `style`: empty for “venerdì 27 novembre” (“… alle 20” for an instant), `day` for the same
    without the hour, `short` for “27 nov”, `near` for “oggi”, “ieri”, “domani” and weekday names
    within six days, `month` for “novembre 2026”, `full` for day, month and year whatever the year.
    """
    today = today or timezone.localdate()
    if isinstance(moment, datetime):
        local = timezone.localtime(moment)
        return _day(local.date(), style, today) + _hour(local, style)
    return _day(moment, style, today)


def _day(day: date, style: str, today: date) -> str:
    if style == "near" and (word := _near_word(day, today)):
        return word
    here = day.year == today.year
    patterns = {
        "month": "MMMM y",
        "full": "d MMMM y",
        "short": "d MMM" if here else "d MMM y",
        "near": "d MMM" if here else "d MMM y",
    }
    pattern = patterns.get(style, "EEEE d MMMM" if here else "EEEE d MMMM y")
    return format_date(day, pattern, locale=language())


def _near_word(day: date, today: date) -> str | None:
    words = {0: gettext("oggi"), 1: gettext("domani"), -1: gettext("ieri")}
    apart = (day - today) // timedelta(days=1)
    if abs(apart) in (0, 1):
        return words[apart]
    return format_date(day, "EEEE", locale=language()) if abs(apart) <= 6 else None


def _hour(moment: datetime, style: str) -> str:
    if style in ("day", "short", "month", "full"):
        return ""
    hour = str(moment.hour) if moment.minute == 0 else f"{moment.hour}:{moment.minute:02d}"
    if language() == "en":
        return f" at {moment.hour}:{moment.minute:02d}"
    return f" all’{hour}" if moment.hour == 1 else f" alle {hour}"


def _written(cents: Fraction, digits: int) -> str:
    """Return an amount of euro with all its `digits` decimals."""
    mark, thousands = _marks()
    units = int(abs(cents) * 10 ** (digits - 2))
    whole, rest = divmod(units, 10**digits)
    figure = f"{whole:,}".replace(",", thousands) + f"{mark}{rest:0{digits}d}"
    written = f"€{figure}" if language() == "en" else f"{figure}\u00a0€"
    return (MINUS if cents < 0 else "") + written


def _sign(number: int, *, signed: bool) -> str:
    if number < 0:
        return MINUS
    return "+" if signed and number > 0 else ""


def language() -> str:
    """Return the page's language as Babel knows it: `it` or `en`."""
    return "en" if (get_language() or "it").startswith("en") else "it"


def _marks() -> tuple[str, str]:
    return _MARKS[language()]
