"""The shapes in which a device tells what it did; everything is bounded."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from reciproca.purchases.forms import LineIn
from reciproca.tills.errors import BodyRefused

MOST_BYTES = 1_000_000
MOST_SALES = 200
MOST_LINES = 200
LARGEST_CENTS = 100_000_000_00
LONGEST_KEY = 80
MOST_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL")
    return text


def _in_our_age(moment: datetime) -> datetime:
    # Wide enough for a clock that stands at 1970, narrow enough to be moved about.
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("year")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_age)]
Text = Annotated[str, AfterValidator(_no_nul)]
Reason = Annotated[Text, Field(max_length=300)]
Cents = Annotated[int, Field(ge=0, le=LARGEST_CENTS)]
Sum = Annotated[int, Field(ge=0, le=LARGEST_CENTS * 100_000)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class Shape(BaseModel):
    """Numbers are numbers and texts are texts; what nobody asked for is left aside."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Line(Shape):
    category: Annotated[Text, Field(max_length=40)] = ""
    amount_cents: Cents
    description: Annotated[Text, Field(max_length=200)] = ""


Lines = Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]


def lines_in(lines: list[Line]) -> tuple[LineIn, ...]:
    """Return lines as `purchases` takes them."""
    return tuple(LineIn(each.category, each.amount_cents, each.description) for each in lines)


S = TypeVar("S", bound=Shape)


class PairingIn(Shape):
    till_id: UUID
    name: Annotated[Text, Field(min_length=1, max_length=60)]


class UnlockIn(Shape):
    operator_id: UUID
    code: Annotated[Text, Field(max_length=20)]


class CodeIn(Shape):
    code: Annotated[Text, Field(max_length=20)]


class CardIn(Shape):
    """A card that was read or typed, or else a member who was searched for by name."""

    text: Annotated[Text, Field(max_length=60)] = ""
    membership_id: UUID | None = None


class PinIn(Shape):
    shown_id: UUID
    pin: Annotated[Text, Field(max_length=20)]


class QuoteIn(Shape):
    shown_id: UUID | None = None
    lines: Lines
    credit_cents: Cents = 0


class SaleIn(Shape):
    """`happened_at` is what the device thinks; with a network our own clock counts."""

    key: UUID
    shown_id: UUID | None = None
    happened_at: Moment | None = None
    lines: Lines
    credit_cents: Cents = 0


class UndoIn(Shape):
    key: UUID
    reason: Reason = ""


class LineBackIn(Shape):
    position: Annotated[int, Field(ge=1, le=MOST_LINES)]
    amount_cents: Annotated[int, Field(gt=0, le=LARGEST_CENTS)]


class RefundIn(Shape):
    key: UUID
    lines: Annotated[list[LineBackIn], Field(min_length=1, max_length=MOST_LINES)] | None = None
    reason: Reason = ""


class ClosingIn(Shape):
    key: UUID
    waiting: Count
    sale_count: Count
    sale_cents: Sum
    credit_cents: Annotated[int, Field(ge=-LARGEST_CENTS * 100_000, le=LARGEST_CENTS * 100_000)]
    refund_count: Count
    refund_cents: Sum
    note: Reason = ""


class OfflineSale(Shape):
    """A sale made without network; whose card it is, and whether it may count, is asked later."""

    key: Annotated[Text, Field(min_length=1, max_length=LONGEST_KEY)]
    card: Annotated[Text, Field(max_length=30)] | None = None
    happened_at: Moment
    lines: Lines
    operator_id: UUID | None = None

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


class _Clock(Shape):
    device_time: Moment


@dataclass(frozen=True, slots=True)
class Sent:
    """
    One sale of a batch: what was read of it, and the whole of it as JSON text.

    `sale` is None where it cannot be read; `told_key` then is what it called itself, if anything,
    and `key` a name made of its content, so that sending it again is known.
    """

    key: str
    told_key: str | None
    payload: str
    sale: OfflineSale | None


def read_body(shape: type[S], body: bytes) -> S:
    """Return a body of this shape. Raises: BodyRefused, which names the fields."""
    if len(body) > MOST_BYTES:
        raise BodyRefused(fields="body")
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error) from error


def read_batch(body: bytes) -> tuple[datetime, list[Sent]]:
    """
    Return a device's clock and the sales that it sends; one that cannot be read is there all the
    same.

    Raises: BodyRefused (no JSON object with a time and a list).
    """
    if len(body) > MOST_BYTES:
        raise BodyRefused(fields="body")
    try:
        # Numbers that no sale holds stay text, so that nothing after this can choke on them.
        told = json.loads(body, parse_float=str, parse_constant=str, parse_int=_small)
        clock = _Clock.model_validate_json(json.dumps({"device_time": told["device_time"]}))
        sales = told["sales"]
        if not isinstance(sales, list) or len(sales) > MOST_SALES:
            raise BodyRefused(fields="sales")
        return clock.device_time, [_sent(each) for each in sales]
    except ValidationError as error:
        raise _refused(error) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BodyRefused(fields="device_time, sales") from error


def read_payload(payload: str) -> OfflineSale | None:
    """Return the sale that a text holds, None where it cannot be read."""
    try:
        return OfflineSale.model_validate_json(payload)
    except ValidationError:
        return None


def _sent(told: object) -> Sent:
    payload = json.dumps(told, sort_keys=True)
    called = _key_told(told)
    if called and (sale := read_payload(payload)):
        return Sent(called, called, payload, sale)
    named = f"sha256:{hashlib.sha256(payload.encode()).hexdigest()}"
    return Sent(called or named, called, payload, None)


def _key_told(told: object) -> str | None:
    called = told.get("key") if isinstance(told, dict) else None
    fits = isinstance(called, str) and called.isprintable() and 0 < len(called) <= LONGEST_KEY
    return called if fits else None


def _small(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _refused(error: ValidationError) -> BodyRefused:
    fields = sorted({".".join(str(step) for step in each["loc"]) for each in error.errors()})
    return BodyRefused(fields=", ".join(fields)[:200] or "body")
