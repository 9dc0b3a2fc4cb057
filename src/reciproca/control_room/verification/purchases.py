"""Every purchase worked out again from what it stored, line by line; and the sums of months."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    number,
    row_count,
    rows,
    stream,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.exchange import lines_with_credit
from reciproca.valueback.book import parts_in_columns
from reciproca.valueback.queries import Policies, adopted_policies
from reciproca.valueback.rules import SoldLine, ValueBackPolicy, line_value, refund_of_line

Parts = tuple[int, int, int, int]
NO_PARTS: Parts = (0, 0, 0, 0)
SAID_EVERY = 2_000

FIGURES = """p.id, p.key, p.policy_id, p.total_cents, p.credit_cents, p.value_cents, p.member_cents,
  p.common_cents, p.territory_cents, p.solidarity_cents, l.position, l.category, l.amount_cents,
  l.credit_cents, l.rate_bp, l.value_cents, l.member_cents, l.common_cents, l.territory_cents,
  l.solidarity_cents"""

SOLD = f"""
SELECT p.id, {FIGURES}, false FROM purchases_purchase p
LEFT JOIN purchases_line l ON l.purchase_id = p.id
WHERE p.corrects_id IS NULL ORDER BY p.id, l.position
"""  # noqa: S608 - our own words

# What was given back: the lines as sold first, then each correction in the order of recording.
GIVEN_BACK = f"""
SELECT p.corrects_id, {FIGURES}, true FROM purchases_purchase p
LEFT JOIN purchases_line l ON l.purchase_id = p.id WHERE p.corrects_id IS NOT NULL
UNION ALL
SELECT p.id, {FIGURES}, false FROM purchases_purchase p
JOIN purchases_line l ON l.purchase_id = p.id
WHERE p.id IN (SELECT corrects_id FROM purchases_purchase WHERE corrects_id IS NOT NULL)
ORDER BY 1, 22, 2, 12
"""  # noqa: S608 - our own words

MONTHS = """
WITH counted AS (
  SELECT seller_id, date_trunc('month', happened_at AT TIME ZONE %(zone)s)::date AS month,
    count(*) FILTER (WHERE kind = 'sale') AS purchase_count,
    sum(total_cents) AS total, sum(credit_cents) AS credit, sum(value_cents) AS value,
    sum(member_cents) AS member, sum(common_cents) AS common, sum(territory_cents) AS territory,
    sum(solidarity_cents) AS solidarity
  FROM purchases_purchase GROUP BY 1, 2
)
SELECT seller_id, month, m.total_cents, c.total FROM counted c
FULL JOIN purchases_monthtotal m USING (seller_id, month)
WHERE (m.purchase_count, m.total_cents, m.credit_cents, m.value_cents, m.member_cents,
       m.common_cents, m.territory_cents, m.solidarity_cents)
  IS DISTINCT FROM
      (c.purchase_count, c.total, c.credit, c.value, c.member, c.common, c.territory, c.solidarity)
ORDER BY 1, 2
"""


class Row(NamedTuple):
    """One line of a purchase, with the purchase's own figures; `position` None: it has no line."""

    group: UUID
    id: UUID
    key: str
    policy: str | None
    total: int
    credit: int
    value: int
    parts: Parts
    position: int | None
    category: str
    amount: int
    line_credit: int
    rate_bp: int
    line_value: int
    line_parts: Parts

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Row":
        return cls(*(*row[:7], row[7:11], *row[11:17], row[17:21]))

    @property
    def sold(self) -> SoldLine:
        return SoldLine(_rate(self.rate_bp), self.amount, self.line_credit)


def purchases_recomputed(count: Count) -> Faults:
    """The value of every line comes out again from its amount, credit, rate and policy."""
    policies = adopted_policies()
    about, seen = row_count("purchases_line"), 0
    for lines in _purchases(SOLD):
        seen += len(lines)
        if seen % SAID_EVERY < len(lines):
            count(seen, about)
        first = lines[0]
        if first.position is None or not (_adds_up(lines) and _as_sold(lines, policies)):
            yield _fault(first)
    for group in _groups(GIVEN_BACK):
        seen += len(group)
        yield from _given_back(group, policies)
    return _("%(lines)s righe ricalcolate") % {"lines": number(seen)}


def month_totals_equal_purchases(count: Count) -> Faults:
    """The sums that pages of the whole community show are those of the purchases."""
    for seller, month, kept, counted in stream(MONTHS, {"zone": settings.TIME_ZONE}):
        yield _("Il mese %(month)s di %(seller)s somma %(kept)s, i suoi acquisti %(counted)s.") % {
            "month": f"{month:%m/%Y}",
            "seller": seller,
            "kept": in_words(kept or 0),
            "counted": in_words(counted or 0),
        }
    [(months,)] = rows("SELECT count(*) FROM purchases_monthtotal")
    return _("%(months)s mesi") % {"months": number(months)}


def _adds_up(lines: list[Row]) -> bool:
    """Tell whether a purchase's own figures are the sums of its lines."""
    first = lines[0]
    sums = tuple(map(sum, zip(*(line.line_parts for line in lines), strict=True)))
    return (first.total, first.credit, first.value, first.parts) == (
        sum(line.amount for line in lines),
        sum(line.line_credit for line in lines),
        sum(line.line_value for line in lines),
        sums,
    )


def _as_sold(lines: list[Row], policies: Policies) -> bool:
    first = lines[0]
    policy = _policy(first, policies)
    if first.credit:
        spread = lines_with_credit(
            lines=[(line.category, line.amount) for line in lines], credit_cents=first.credit
        )
        if any(line.line_credit != each.credit_cents for line, each in zip(lines, spread)):  # noqa: B905
            return False
    return all(_value(policy, line) == (line.line_value, line.line_parts) for line in lines)


def _given_back(rows: list[Row], policies: Policies) -> Faults:
    sold: dict[int, SoldLine] = {}
    for _purchase, found in groupby(rows, attrgetter("id")):
        lines = list(found)
        first = lines[0]
        if first.id == first.group:
            sold = {line.position: line.sold for line in lines if line.position is not None}
        elif not (_adds_up(lines) and _as_returned(lines, sold, policies)):
            yield _fault(first)
    return ""


def _as_returned(lines: list[Row], sold: dict[int, SoldLine], policies: Policies) -> bool:
    policy = _policy(lines[0], policies)
    for line in lines:
        before = sold.get(line.position or 0)
        if before is None:
            return False
        try:
            back = refund_of_line(policy=policy, line=before, amount_cents=-line.amount)
        except DomainError:
            return False
        parts = parts_in_columns(policy, back.parts) if policy else NO_PARTS
        if (line.line_credit, line.line_value, line.line_parts) != (
            -back.credit_cents,
            sum(parts),
            parts,
        ):
            return False
        sold[line.position or 0] = replace(
            before,
            money_back_cents=before.money_back_cents + back.money_cents,
            credit_back_cents=before.credit_back_cents + back.credit_cents,
        )
    return True


def _value(policy: ValueBackPolicy | None, line: Row) -> tuple[int, Parts]:
    if policy is None:
        return 0, NO_PARTS
    value = line_value(
        policy=policy, rate=_rate(line.rate_bp), base_cents=line.amount - line.line_credit
    )
    return value.value_cents, parts_in_columns(policy, value.parts)


def _policy(row: Row, policies: Policies) -> ValueBackPolicy | None:
    force = policies.named(row.policy) if row.policy else None
    return force.policy if force else None


def _purchases(sql: str) -> Iterator[list[Row]]:
    for _id, found in groupby(map(Row.of, stream(sql)), attrgetter("id")):
        yield list(found)


def _groups(sql: str) -> Iterator[list[Row]]:
    for _id, found in groupby(map(Row.of, stream(sql)), attrgetter("group")):
        yield list(found)


def _fault(row: Row) -> str:
    return _("L’acquisto %(key)s (%(id)s) non torna: ricalcolato dà un valore diverso.") % {
        "key": row.key,
        "id": row.id,
    }


@lru_cache(maxsize=1024)
def _rate(rate_bp: int) -> Fraction:
    return Fraction(rate_bp, 10_000)
