"""
What the cells of a file say: amounts as whole cents, moments as instants.

Each maker returns a reader with a memory of its own: files repeat themselves, and a price or a day
that was read once is not read again.

Source: docs/data-import.md
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.money import AmountTooLarge, AmountTooPrecise, AmountUnreadable, parse_cents

REMEMBERED = 65_536
MOST_DIGITS = 13
FIRST_YEAR = 1900

# What binary fractions leave behind (4.440892e-16, 2.1800000000000002, 129.99001) is no part of a
# price: a thousandth of a cent is the most that single precision leaves of a shop's amounts.
FRACTION_NOISE = Decimal("0.001")
SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", re.ASCII)

MONTH_FIRST = "%m/%d/%Y"
MONTHS = 12
LAST_OF_YEAR = date(2026, 12, 31)
SAID_UTC = re.compile(r" ?(?:UTC|GMT)$")
DAY_FIRST = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?",
    re.ASCII,
)
YEAR_FIRST = re.compile(
    r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)


class BadDate(DomainError):
    code = "bad-date"
    message = _("“%(text)s” non è una data che riusciamo a leggere. Scrivila come %(example)s.")
    status = 422


class BadNumber(DomainError):
    code = "bad-number"
    message = _("“%(text)s” non è un numero intero.")
    status = 422


def amount_reader(
    *, decimal_mark: str, thousands_mark: str, in_cents: bool = False
) -> Callable[[str], int]:
    """
    Return a function from an amount as written to whole cents.

    With `in_cents` the file counts cents, so that decimals other than zeros are refused. Fractions
    of a cent up to a thousandth are the noise of a program that counted in binary fractions,
    and are dropped; larger ones are refused.

    Raises (the reader): AmountUnreadable, AmountTooPrecise, AmountTooLarge.
    """

    @lru_cache(maxsize=REMEMBERED)
    def read(text: str) -> int:
        try:
            cents = parse_cents(text=text, decimal_mark=decimal_mark, thousands=thousands_mark)
        except (AmountTooPrecise, AmountUnreadable):
            cents = _without_noise(text, decimal_mark)
        if not in_cents:
            return cents
        whole, rest = divmod(cents, 100)
        if rest:
            raise AmountTooPrecise(text=text)
        return whole

    return read


def _without_noise(text: str, decimal_mark: str) -> int:
    """Return the whole cents that a binary fraction meant; raise again what is no such thing."""
    plain = text.strip().replace(decimal_mark, ".")
    if not SCIENTIFIC.fullmatch(plain) or plain.count(".") != text.count(decimal_mark):
        raise AmountUnreadable(text=text, example=f"12{decimal_mark}50")
    exact = Decimal(plain) * 100
    if exact and exact.adjusted() > MOST_DIGITS:
        raise AmountTooLarge(text=text)
    cents = exact.quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(exact - cents) > FRACTION_NOISE:
        raise AmountTooPrecise(text=text)
    return int(cents)


def moment_reader(*, timezone: str, date_format: str | None = None) -> Callable[[str], datetime]:
    """
    Return a function from a date or a timestamp as written to an instant.

    Without `date_format` (as `datetime.strptime` takes it) ISO 8601 and day/month/year are known,
    never month/day/year; with `MONTH_FIRST` it is the other way round. A day without an hour begins
    at midnight; what names no zone is a time of `timezone`.

    Raises (the reader): BadDate.
    """
    zone, last_year = ZoneInfo(timezone), datetime.now(UTC).year + 10
    example = f"{LAST_OF_YEAR:{date_format or '%d/%m/%Y'}}"

    @lru_cache(maxsize=REMEMBERED)
    def read(text: str) -> datetime:
        try:
            if date_format in (None, "", MONTH_FIRST):
                moment = _known(text, month_first=date_format == MONTH_FIRST)
            else:
                moment = _formatted(text, date_format or "")
        except (ValueError, OverflowError) as error:
            raise BadDate(text=text, example=example) from error
        if not FIRST_YEAR <= moment.year <= last_year:
            raise BadDate(text=text, example=example)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

    return read


def _formatted(text: str, date_format: str) -> datetime:
    return datetime.strptime(text.strip(), date_format)  # noqa: DTZ007 - the reader adds the zone


def _known(text: str, *, month_first: bool) -> datetime:
    """Return the moment that a text in a common form means; raise ValueError for the rest."""
    bare = text.strip()
    found = DAY_FIRST.fullmatch(bare)
    if found is not None:
        day, month, year, *clock = found.groups()
        if month_first:
            day, month = month, day
    else:
        found = YEAR_FIRST.fullmatch(bare)
        if found is None:
            return datetime.fromisoformat(SAID_UTC.sub("Z", bare))
        year, month, day, *clock = found.groups()
    hour, minute, second = clock
    century = "20" if len(year) == 2 else ""
    return datetime.fromisoformat(
        f"{century}{year}-{month:0>2}-{day:0>2}T{hour or 0:0>2}:{minute or '00'}:{second or '00'}"
    )


def month_first_text(samples: list[str]) -> str:
    """
    Return a date that can only be month/day/year, where none of these can only be day/month/year.

    Such a file would be half refused and half read wrong.
    """
    texts = [text for text in samples if DAY_FIRST.fullmatch(text.strip())]
    parts = [[int(part) for part in re.findall(r"\d+", text)[:2]] for text in texts]
    if any(first > MONTHS for first, _second in parts):
        return ""
    return next((text for text, (_, at) in zip(texts, parts, strict=True) if at > MONTHS), "")


def amount_marks(samples: list[str]) -> tuple[str, str] | None:
    """
    Return the (decimal, thousands) marks that some amounts are written with.

    None when they contradict each other, or could all be read both ways: `1.234` is a thousand in
    Italy and one and a bit elsewhere.
    """
    marks = {mark for text in samples if (mark := _decimal_mark(text))}
    if marks <= {"?"}:
        return None if marks else (",", ".")
    marks.discard("?")
    if len(marks) > 1:
        return None
    return (",", ".") if marks == {","} else (".", ",")


def marks_open(samples: list[str]) -> bool:
    """Return whether these amounts leave open which marks they are written with."""
    return {_decimal_mark(text) for text in samples} <= {"", "?"}


def _decimal_mark(text: str) -> str:
    """Return the decimal mark that an amount shows, `?` if it could be either, nothing if none."""
    marks = [character for character in text if character in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    decimals = re.match(r"\d*", re.split(r"[.,]", text)[1])
    return "?" if decimals and len(decimals[0]) == 3 else marks[0]


def whole_number(text: str) -> int:
    """
    Return a whole number; spreadsheets may write it with a decimal zero.

    Raises: BadNumber.
    """
    bare = text.strip()
    found = re.fullmatch(r"([-+]?\d{1,18})(?:[.,]0+)?", bare, re.ASCII)
    if found is None:
        raise BadNumber(text=text)
    return int(found[1])
