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
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    rows,
    stream,
    with_count,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.exchange import lines_with_credit
from reciproca.valueback.book import parts_in_columns
from reciproca.valueback.queries import Policies, adopted_policies
from reciproca.valueback.rules import SoldLine, ValueBackPolicy, line_value, refund_of_line

Parts = tuple[int, int, int, int]
NO_PARTS: Parts = (0, 0, 0, 0)

# A purchase's own figures are the sums of its lines.
SUMS = """
WITH summed AS (
  SELECT purchase_id AS id, sum(amount_cents) AS total, sum(credit_cents) AS credit,
    sum(value_cents) AS value, sum(member_cents) AS member, sum(common_cents) AS common,
    sum(territory_cents) AS territory, sum(solidarity_cents) AS solidarity
  FROM purchases_line GROUP BY purchase_id
)
SELECT p.key, p.id FROM purchases_purchase p LEFT JOIN summed s ON s.id = p.id
WHERE (p.total_cents, p.credit_cents, p.value_cents, p.member_cents, p.common_cents,
       p.territory_cents, p.solidarity_cents)
  IS DISTINCT FROM (s.total, s.credit, s.value, s.member, s.common, s.territory, s.solidarity)
ORDER BY p.id
"""

# Lines of the same policy, rate and base must have the same value: each such value is worked out
# once, however many lines there are.
VALUES = """
SELECT p.policy_id, l.rate_bp, l.amount_cents - l.credit_cents AS base, l.value_cents,
  l.member_cents, l.common_cents, l.territory_cents, l.solidarity_cents, count(*)
FROM purchases_line l JOIN purchases_purchase p ON p.id = l.purchase_id
WHERE p.corrects_id IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
OF_VALUE = """
SELECT p.key, p.id FROM purchases_line l JOIN purchases_purchase p ON p.id = l.purchase_id
WHERE p.corrects_id IS NULL AND p.policy_id IS NOT DISTINCT FROM %(policy)s
  AND l.rate_bp = %(rate)s AND l.amount_cents - l.credit_cents = %(base)s
  AND l.value_cents = %(value)s AND (l.member_cents, l.common_cents, l.territory_cents,
    l.solidarity_cents) = (%(member)s, %(common)s, %(territory)s, %(solidarity)s)
ORDER BY p.id LIMIT 20
"""

FIGURES = """p.id, p.key, p.policy_id, l.position, l.category, l.amount_cents, l.credit_cents,
  l.rate_bp, l.value_cents, l.member_cents, l.common_cents, l.territory_cents, l.solidarity_cents"""

PAID_IN_CREDIT = f"""
SELECT p.id, {FIGURES}, false FROM purchases_purchase p
JOIN purchases_line l ON l.purchase_id = p.id
WHERE p.corrects_id IS NULL AND p.credit_cents <> 0 ORDER BY p.id, l.position
"""  # noqa: S608 - our own words

# What was given back: the lines as sold first, then each correction in the order of recording.
GIVEN_BACK = f"""
SELECT p.corrects_id, {FIGURES}, true FROM purchases_purchase p
JOIN purchases_line l ON l.purchase_id = p.id WHERE p.corrects_id IS NOT NULL
UNION ALL
SELECT p.id, {FIGURES}, false FROM purchases_purchase p
JOIN purchases_line l ON l.purchase_id = p.id
WHERE p.id IN (SELECT corrects_id FROM purchases_purchase WHERE corrects_id IS NOT NULL)
ORDER BY 1, 15, 2, 5
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

STEPS = 4


class Row(NamedTuple):
    """One line, with the purchase it is of; `group` is the purchase that was first sold."""

    group: UUID
    id: UUID
    key: str
    policy: str | None
    position: int
    category: str
    amount: int
    credit: int
    rate_bp: int
    value: int
    parts: Parts

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Row":
        return cls(*(*row[:10], row[10:14]))

    @property
    def sold(self) -> SoldLine:
        return SoldLine(_rate(self.rate_bp), self.amount, self.credit)


def purchases_recomputed(count: Count) -> Faults:
    """The value of every line comes out again from its amount, credit, rate and policy."""
    named: set[UUID] = set()
    for key, purchase in _wrong(adopted_policies(), count):
        if purchase not in named:
            named.add(purchase)
            yield _("L’acquisto %(key)s (%(id)s) non torna: ricalcolato dà un valore diverso.") % {
                "key": key,
                "id": purchase,
            }
    [(lines,)] = rows("SELECT count(*) FROM purchases_line")
    return with_count(ngettext("%(n)s riga ricalcolata", "%(n)s righe ricalcolate", lines), lines)


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
    return with_count(ngettext("%(n)s mese", "%(n)s mesi", months), months)


def _wrong(policies: Policies, count: Count) -> Iterator[tuple[str, UUID]]:
    """Yield (key, id) of every purchase that does not come out again, some of them twice."""
    yield from stream(SUMS)
    count(1, STEPS)
    yield from _wrong_values(policies)
    count(2, STEPS)
    for lines in _grouped(PAID_IN_CREDIT, "id"):
        if not _credit_is_spread(lines):
            yield lines[0].key, lines[0].id
    count(3, STEPS)
    for group in _grouped(GIVEN_BACK, "group"):
        yield from _wrongly_returned(group, policies)
    count(4, STEPS)


def _wrong_values(policies: Policies) -> Iterator[tuple[Any, ...]]:
    for policy_id, rate, base, value, *rest in stream(VALUES):
        parts = tuple(rest[:4])
        force = policies.named(policy_id) if policy_id else None
        if (value, parts) == _value(force.policy if force else None, rate, base):
            continue
        figures = dict(zip(("member", "common", "territory", "solidarity"), parts, strict=True))
        yield from rows(
            OF_VALUE, {"policy": policy_id, "rate": rate, "base": base, "value": value, **figures}
        )


def _credit_is_spread(lines: list[Row]) -> bool:
    """Tell whether the credit that paid stands on the lines as the rule spreads it."""
    spread = lines_with_credit(
        lines=[(line.category, line.amount) for line in lines],
        credit_cents=sum(line.credit for line in lines),
    )
    return [line.credit for line in lines] == [each.credit_cents for each in spread]


def _wrongly_returned(lines: list[Row], policies: Policies) -> Iterator[tuple[str, UUID]]:
    sold: dict[int, SoldLine] = {}
    for _id, found in groupby(lines, attrgetter("id")):
        purchase = list(found)
        first = purchase[0]
        if first.id == first.group:
            sold = {line.position: line.sold for line in purchase}
        elif not _as_returned(purchase, sold, policies):
            yield first.key, first.id


def _as_returned(lines: list[Row], sold: dict[int, SoldLine], policies: Policies) -> bool:
    """Tell whether a correction is what the rule gives back; what it took is noted in `sold`."""
    force = policies.named(lines[0].policy) if lines[0].policy else None
    policy = force.policy if force else None
    for line in lines:
        before = sold.get(line.position)
        if before is None:
            return False
        try:
            back = refund_of_line(policy=policy, line=before, amount_cents=-line.amount)
        except DomainError:
            return False
        parts = parts_in_columns(policy, back.parts) if policy else NO_PARTS
        if (line.credit, line.value, line.parts) != (-back.credit_cents, sum(parts), parts):
            return False
        sold[line.position] = replace(
            before,
            money_back_cents=before.money_back_cents + back.money_cents,
            credit_back_cents=before.credit_back_cents + back.credit_cents,
        )
    return True


def _value(policy: ValueBackPolicy | None, rate_bp: int, base_cents: int) -> tuple[int, Parts]:
    if policy is None:
        return 0, NO_PARTS
    value = line_value(policy=policy, rate=_rate(rate_bp), base_cents=base_cents)
    return value.value_cents, parts_in_columns(policy, value.parts)


def _grouped(sql: str, name: str) -> Iterator[list[Row]]:
    for _id, found in groupby(map(Row.of, stream(sql)), attrgetter(name)):
        yield list(found)


@lru_cache(maxsize=1024)
def _rate(rate_bp: int) -> Fraction:
    return Fraction(rate_bp, 10_000)
