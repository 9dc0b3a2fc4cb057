"""
What everybody scored in a period, gathered from the rooms that know it, as one snapshot.

One set-based statement: a million people's scores are summed where their purchases lie. What comes
out is a text, a line a person by id; its SHA-256 names the snapshot, and the same text comes again
from the lines that a run kept.

Source: docs/rules/redistribution.md
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from reciproca.ballots import queries as ballots
from reciproca.redistribution import errors
from reciproca.redistribution.models import Run
from reciproca.redistribution.rules import Measured, RedistributionPolicy
from reciproca.registry import queries as registry
from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.calendar import end_of_day, first_instant
from reciproca.shared.progress import Progress, silent

AT_ONCE = 5_000
WORK_MEMORY = "256MB"
"""What the one statement may use for its sums: a million people's need more than a page gets."""

FIRST_SCORE = 4
"""Before the scores stand the person, whether they leave, what was carried in and stood before."""

# In a register on the last day for so long, and on the day of the measure neither suspended nor
# excluded since; a person, and still with us. A correction looks at the day of the first measure:
# what somebody did after the run takes nothing of it away.
MEMBERS = """
barred AS (
  SELECT DISTINCT last.member_id AS person FROM (
    SELECT DISTINCT ON (m.id) m.member_id, m.cooperative_id, e.state
    FROM registry_membershipevent e JOIN registry_membership m ON m.id = e.membership_id
    WHERE e.happened_on <= %(known_on)s AND m.id IN (SELECT membership_id
      FROM registry_membershipevent WHERE state IN ('suspended', 'excluded'))
    ORDER BY m.id, e.happened_on DESC, e.id DESC
  ) last
  WHERE last.state = 'suspended' OR last.state = 'excluded' AND NOT EXISTS (
    SELECT FROM registry_membership r WHERE r.member_id = last.member_id
      AND r.cooperative_id = last.cooperative_id AND r.state = 'registered')
), members AS (
  SELECT m.member_id AS person FROM registry_membership m
  JOIN registry_node n ON n.id = m.member_id AND n.kind = 'person'
    AND (n.closed_at IS NULL OR n.closed_at >= %(known_until)s)
  LEFT JOIN registry_person p ON p.node_id = n.id
  WHERE m.registered_on <= %(registered_by)s AND (m.left_on IS NULL OR m.left_on > %(ends_on)s)
    AND (p.born_on IS NULL OR p.born_on <= %(born_by)s)
    AND m.member_id NOT IN (SELECT person FROM barred)
  GROUP BY m.member_id
)"""
SPENT = """
spent AS (
  SELECT p.buyer_id AS person, sum(p.total_cents{weight}) AS patronage,
    sum(p.total_cents{weight}) FILTER (WHERE p.seller_id = ANY(%(social)s::uuid[])) AS social
  FROM purchases_purchase p
  WHERE p.happened_at >= %(begins)s AND p.happened_at < %(ends)s AND p.buyer_id IS NOT NULL
  GROUP BY p.buyer_id
)"""
GOODS = """
goods AS (
  SELECT p.buyer_id AS person, sum(l.amount_cents{weight}) AS km0
  FROM purchases_line l JOIN purchases_purchase p ON p.id = l.purchase_id
  WHERE p.happened_at >= %(begins)s AND p.happened_at < %(ends)s AND p.buyer_id IS NOT NULL
    AND l.category = ANY(%(categories)s::varchar[])
  GROUP BY p.buyer_id
)"""
# Whoever was there, once a meeting; whoever cast a vote, once a ballot, from the roll that is read
# after the close. How anybody voted is in other tables, which nobody asks here.
TAKEN_PART = """
taken_part AS (
  SELECT person, count(*) * {finest} AS participation FROM (
    SELECT p.person_id AS person, e.assembly_id AS what
    FROM assemblies_presence p JOIN assemblies_elector e ON e.id = p.elector_id
    WHERE p.came_at >= %(starts)s AND p.came_at < %(ends)s
    UNION
    SELECT r.caster_id, r.ballot_id
    FROM ballots_elector r JOIN ballots_closing c ON c.ballot_id = r.ballot_id
    WHERE r.channel <> '' AND c.closed_at >= %(starts)s AND c.closed_at < %(ends)s
  ) acts GROUP BY person
)"""
# On a flat map, which at these distances measures as well; a degree is 111.195 km, a point 5.
FAR = """
far AS (
  SELECT n.id AS person, nearest.points * {finest} AS distance
  FROM registry_node n JOIN (
    SELECT home.istat_code AS place, floor(111.195 / 5 * min(sqrt(
      (home.latitude - shop.latitude) ^ 2
      + ((home.longitude - shop.longitude) * cos(radians(home.latitude))) ^ 2)))::bigint AS points
    FROM (SELECT DISTINCT m.* FROM registry_node p JOIN registry_municipality m
        ON m.istat_code = p.municipality_id WHERE p.kind = 'person') home
      CROSS JOIN (SELECT DISTINCT m.latitude, m.longitude FROM registry_node c
        JOIN registry_municipality m ON m.istat_code = c.municipality_id
        WHERE c.kind = 'cooperative' AND c.closed_at IS NULL) shop
    GROUP BY home.istat_code
  ) nearest ON nearest.place = n.municipality_id
  WHERE n.kind = 'person'
)"""
# Of each person the list handed in last, among those that hold on the last day: its place stands
# before the points, so that the greatest of one pass holds them; sorting a million would take long.
ATTESTED = """
attested AS (
  SELECT l.member_id AS person,
    max(t.place * 1000 + l.points) FILTER (WHERE t.criterion = 'need') %% 1000 * {finest} AS need,
    max(t.place * 1000 + l.points) FILTER (WHERE t.criterion = 'fragility') %% 1000 * {finest}
      AS fragility
  FROM redistribution_pointline l JOIN (
    SELECT id, criterion, row_number() OVER (ORDER BY handed_at, id) AS place
    FROM redistribution_pointlist WHERE starts_on <= %(ends_on)s AND ends_on >= %(ends_on)s
  ) t ON t.id = l.list_id
  GROUP BY l.member_id
)"""
# Of those who are in no register any more what waits is paid in full; others wait on.
CARRIED = """
carried AS (
  SELECT l.member_id AS person, NOT EXISTS (SELECT FROM registry_membership m
      WHERE m.member_id = l.member_id AND m.state IN ('registered', 'suspended')) AS leaves,
    sum(l.allocated_cents - l.before_cents - l.paid_cents)::bigint AS cents
  FROM redistribution_line l JOIN redistribution_run r ON r.id = l.run_id
  JOIN registry_node n ON n.id = l.member_id AND n.closed_at IS NULL
  WHERE r.pool_id = %(pool)s AND r.paid_at IS NOT NULL AND r.corrects_id IS NULL
  GROUP BY l.member_id HAVING sum(l.allocated_cents - l.before_cents - l.paid_cents) > 0
)"""
NONE_CARRIED = """
carried AS (SELECT NULL::uuid AS person, false AS leaves, 0::bigint AS cents WHERE false)"""
BEFORE = """
stood AS (
  SELECT member_id AS person, allocated_cents AS cents FROM redistribution_line
  WHERE run_id = %(corrected)s AND allocated_cents > 0
)"""
NONE_BEFORE = """
stood AS (SELECT NULL::uuid AS person, 0::bigint AS cents WHERE false)"""

SOURCES = {
    "patronage": ("spent", SPENT),
    "social": ("spent", SPENT),
    "km0": ("goods", GOODS),
    "participation": ("taken_part", TAKEN_PART),
    "distance": ("far", FAR),
    "need": ("attested", ATTESTED),
    "fragility": ("attested", ATTESTED),
}
"""Where the scores of a criterion come from: the name of a part of the statement, and that part."""

STORED = """
SELECT member_id, leaves::int, carried_cents, before_cents{scores}
FROM redistribution_line WHERE run_id = %(run)s ORDER BY member_id
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everybody's frozen scores, and the SHA-256 that names them."""

    digest: str
    measured: Measured


def gather(
    *,
    policy: RedistributionPolicy,
    starts_on: date,
    ends_on: date,
    carried: bool = True,
    corrected: UUID | None = None,
    known_at: datetime | None = None,
    progress: Progress = silent,
) -> Snapshot:
    """
    Return what everybody scored from `starts_on` to `ends_on`, and what waited for them.

    Who scored nothing and for whom nothing waited is not there. Without `carried`, and of a
    correction, nothing waits; `corrected` names the run whose parts stood before. Who was
    suspended, excluded or gone by `known_at` (now, where nobody says) takes no part.

    Raises: RollsForgotten (who voted in the period is not known any more, and participation is a
    criterion).
    """
    if any(each.id == "participation" for each in policy.criteria) and not ballots.rolls_are_kept(
        begins_at=first_instant(starts_on), ends_at=end_of_day(ends_on)
    ):
        raise errors.RollsForgotten
    waiting = carried and corrected is None
    known = known_at or timezone.now()
    params = _params(policy, starts_on, ends_on) | {
        "pool": policy.pool_id,
        "corrected": corrected,
        "known_on": localdate(known),
        "known_until": known,
    }
    sql = gathering_sql(policy, carried=waiting, corrected=corrected is not None)
    progress("scores")
    return _snapshot(policy, _rows(sql, params), progress)


def stored(*, run: Run, policy: RedistributionPolicy) -> Snapshot:
    """Return the snapshot that a run's lines hold today."""
    scores = "".join(f", scores[{n}]" for n in range(1, len(policy.criteria) + 1))
    return _snapshot(policy, _rows(STORED.format(scores=scores), {"run": run.id}))


def gathering_sql(policy: RedistributionPolicy, *, carried: bool, corrected: bool) -> str:
    """Return the one statement that gathers the scores of a policy."""
    units = {"weight": _weight(policy), "finest": policy.finest}
    parts = {name: part.format(**units) for name, part in map(_source, policy.criteria)}
    scores = [
        f"greatest(coalesce({_source(each)[0]}.{each.id}, 0), 0)::bigint"
        for each in policy.criteria
    ]
    joined = "".join(f" LEFT JOIN {name} USING (person)" for name in parts)
    scored = ", ".join(f"{score} AS s{n}" for n, score in enumerate(scores))
    with_scores = f"scored AS (SELECT person, {scored} FROM members{joined})"  # noqa: S608
    ctes = [MEMBERS, *parts.values(), CARRIED if carried else NONE_CARRIED]
    ctes += [BEFORE if corrected else NONE_BEFORE, with_scores]
    columns = "".join(f", coalesce(s{n}, 0)" for n in range(len(scores)))
    any_score = " OR ".join(f"s{n} > 0" for n in range(len(scores)))
    return (
        f"WITH {', '.join(ctes)} SELECT person,"  # noqa: S608
        " (coalesce(carried.leaves, false) AND scored.s0 IS NULL)::int,"
        f" coalesce(carried.cents, 0), coalesce(stood.cents, 0){columns}"
        " FROM scored FULL JOIN carried USING (person) FULL JOIN stood USING (person)"
        f" WHERE {any_score} OR stood.cents > 0"
        " OR carried.cents > 0 AND (scored.s0 IS NOT NULL OR carried.leaves) ORDER BY person"
    )


def _source(criterion: Any) -> tuple[str, str]:
    return SOURCES[criterion.id]


def _weight(policy: RedistributionPolicy) -> str:
    """Return SQL that multiplies an amount by the weight of its purchase's age, in whole parts."""
    if not policy.recency:
        return ""
    cases = "".join(
        f" WHEN p.happened_at >= %(step{n})s THEN {int(step.weight * policy.finest)}"
        for n, step in enumerate(policy.recency)
    )
    return f" * CASE{cases} ELSE 0 END"


def _params(policy: RedistributionPolicy, starts_on: date, ends_on: date) -> dict[str, Any]:
    steps = [ends_on - timedelta(days=step.up_to_days) for step in policy.recency]
    registered = policy.eligibility.registered_days
    return {
        "ends_on": ends_on,
        "registered_by": ends_on - timedelta(days=registered),
        "born_by": _years_before(ends_on, policy.eligibility.from_age),
        "starts": first_instant(starts_on),
        "begins": first_instant(steps[-1] if steps else starts_on),
        "ends": end_of_day(ends_on),
        "social": array_of_uuids(registry.social_cooperatives()),
        "categories": [name for each in policy.criteria for name in each.categories],
        **{f"step{n}": first_instant(day) for n, day in enumerate(steps)},
    }


def _years_before(day: date, years: int) -> date:
    """Return the last birthday with which somebody is so old; of 29 February, the day after."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _rows(sql: str, params: Mapping[str, Any]) -> Iterator[bytes]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        with cursor.copy(f"COPY ({sql}) TO STDOUT", params) as copy:
            for row in copy:
                yield bytes(row)


def _snapshot(
    policy: RedistributionPolicy, rows: Iterable[bytes], progress: Progress = silent
) -> Snapshot:
    """Read the text of a snapshot, some thousand lines at a time, into columns of whole numbers."""
    width = FIRST_SCORE + len(policy.criteria)
    people: list[str] = []
    columns = [array("q") for _column in range(width - 1)]
    digest = hashlib.sha256(_head(policy))
    rows = iter(rows)
    while text := b"".join(islice(rows, AT_ONCE)):
        digest.update(text)
        cells = text.split()
        people += [person.decode() for person in cells[::width]]
        for number, column in enumerate(columns, start=1):
            column.extend(map(int, cells[number::width]))
        progress("scores", len(people))
    leaves, carried, before, *scores = columns
    measured = Measured(
        people=people,
        scores=scores,
        carried_cents=carried,
        finest=policy.finest,
        leaves=leaves if any(leaves) else (),
        before_cents=before if any(before) else (),
    )
    return Snapshot(digest.hexdigest(), measured)


def _head(policy: RedistributionPolicy) -> bytes:
    """Return the first line of a snapshot's text: what the columns are."""
    names: Sequence[str] = ["person", "leaves", "carried_cents", "before_cents"]
    scores = [each.id for each in policy.criteria]
    return json.dumps([*names, *scores, policy.finest]).encode() + b"\n"
