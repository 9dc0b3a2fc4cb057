"""
Dividing a pool among a million people by five criteria, from ten million purchases.

`make bench BENCH=runs` (20 minutes and 6 GB of disk, most of it the filling);
`MEMBERS=100000 PURCHASES=1000000` for a smaller community. A tenth of the size is measured first:
what grows faster than the rows shows there. The run is everything between the tables and the cents:
scores gathered, hashed, read and divided, nothing posted. It is held against the bare SQL
aggregation of the same rows, in the same run, in rows a second.

Nobody writes ten million purchases through a benchmark's tills: they are made by SQL, and their
value is not looked at. Two of the criteria are attested points, of which everybody has a line.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from statistics import median
from uuid import UUID

from django.db import connection, transaction

from benchmarks.measurement import QUICK, ROUNDS, Measurement
from reciproca.redistribution import gathering
from reciproca.redistribution.models import PointList, Simulation
from reciproca.redistribution.rules import (
    Criterion,
    Eligibility,
    Measured,
    RedistributionPolicy,
    divide,
)
from reciproca.redistribution.simulating import compare_policies
from reciproca.registry import queries as registry

MEMBERS = 2_000 if QUICK else int(os.environ.get("MEMBERS", "1000000"))
PURCHASES = 20_000 if QUICK else int(os.environ.get("PURCHASES", "10000000"))
TIMES = min(ROUNDS, 3)
PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
POOL_CENTS = 500_000_00
SHOPS = 700
LARGEST_MEGABYTES = 2_048
AT_ONCE = 1_000_000

FILL = f"""
INSERT INTO registry_node (id, kind, name, description, address, iban, account_name, opened_at)
  SELECT md5('shop ' || n)::uuid, 'cooperative', 'Bottega ' || n, '', '', '', '', now()
  FROM generate_series(1, {SHOPS}) n ON CONFLICT DO NOTHING;
INSERT INTO registry_organisation (node_id, legal_name, sector, category, mutuality,
    mutual_exchange, register_number, tax_code, vat_number, rea, certified_email, sdi_code,
    ateco_code)
  SELECT md5('shop ' || n)::uuid, 'Bottega ' || n,
    CASE WHEN n % 7 = 0 THEN 'social' ELSE 'consumer' END, '', '', '', '', '', '', '', '', '', ''
  FROM generate_series(1, {SHOPS}) n ON CONFLICT DO NOTHING;
INSERT INTO registry_node (id, kind, name, description, address, iban, account_name, opened_at)
  SELECT md5('member ' || n)::uuid, 'person', 'Socia ' || n, '', '', '', '', now()
  FROM generate_series(%(first_member)s, %(members)s) n;
INSERT INTO registry_membership (id, member_id, cooperative_id, kind, state, number, applied_on,
    registered_on, kept_name)
  SELECT md5('line ' || n)::uuid, md5('member ' || n)::uuid,
    md5('shop ' || (n % {SHOPS} + 1))::uuid, 'cooperator', 'registered', n, '2024-01-01',
    '2024-01-01', ''
  FROM generate_series(%(first_member)s, %(members)s) n;
INSERT INTO redistribution_pointlist (id, criterion, attested_by, starts_on, ends_on, people,
    handed_by, handed_at)
  SELECT md5(criterion)::uuid, criterion, '', '2025-01-01', '2025-12-31', 0, md5('')::uuid, now()
  FROM unnest(ARRAY['need', 'fragility']) criterion ON CONFLICT DO NOTHING;
INSERT INTO redistribution_pointline (list_id, member_id, points)
  SELECT md5('need')::uuid, md5('member ' || n)::uuid, n % 13
    FROM generate_series(%(first_member)s, %(members)s) n
  UNION ALL SELECT md5('fragility')::uuid, md5('member ' || n)::uuid, n % 5
    FROM generate_series(%(first_member)s, %(members)s) n;
CREATE TEMP TABLE made ON COMMIT DROP AS
  SELECT n, uuidv7() AS id, (hashint8(n)::bigint & 2147483647) AS chance
  FROM generate_series(%(first_purchase)s, %(purchases)s) n;
INSERT INTO purchases_purchase (id, kind, key, content, seller_id, buyer_id, happened_at, year,
    recorded_at, total_cents, credit_cents, value_cents, member_cents, common_cents,
    territory_cents, solidarity_cents, is_undo, reason, expired_cents)
  SELECT id, 'sale', n, '', md5('shop ' || (chance %% {SHOPS} + 1))::uuid,
    md5('member ' || (1 + floor(%(members)s * power((chance %% 1000003) / 1000003.0, 2))::bigint)
    )::uuid,
    '2025-01-01 08:00+00'::timestamptz + (n %% 360) * interval '1 day', 2025, now(),
    200 + chance %% 8800, 0, 0, 0, 0, 0, 0, false, '', 0
  FROM made;
INSERT INTO purchases_line (purchase_id, position, category, description, amount_cents,
    credit_cents, rate_bp, value_cents, member_cents, common_cents, territory_cents,
    solidarity_cents)
  SELECT id, 1, CASE WHEN chance %% 6 = 0 THEN 'km0' ELSE 'alimentari' END, '',
    200 + chance %% 8800, 0, 0, 0, 0, 0, 0, 0
  FROM made;
""".replace("n % ", "n %% ")

BARE = """
WITH spent AS (
  SELECT buyer_id AS person, sum(total_cents) AS patronage,
    sum(total_cents) FILTER (WHERE seller_id = ANY(%(social)s::uuid[])) AS social
  FROM purchases_purchase GROUP BY buyer_id
), goods AS (
  SELECT p.buyer_id AS person, sum(l.amount_cents) AS km0
  FROM purchases_line l JOIN purchases_purchase p ON p.id = l.purchase_id
  WHERE l.category = 'km0' GROUP BY p.buyer_id
), points AS (
  SELECT member_id AS person, sum(points) FILTER (WHERE list_id = %(need)s) AS need,
    sum(points) FILTER (WHERE list_id = %(fragility)s) AS fragility
  FROM redistribution_pointline GROUP BY member_id
)
SELECT count(*), sum(patronage), sum(social), sum(km0), sum(need), sum(fragility)
FROM spent LEFT JOIN goods USING (person) LEFT JOIN points USING (person)
"""


def measure() -> Iterator[Measurement]:
    few = (MEMBERS // 10, PURCHASES // 10)
    fill((0, 0), few)
    yield from figures(*few)
    fill(few, (MEMBERS, PURCHASES))
    yield from figures(MEMBERS, PURCHASES)


def figures(members: int, purchases: int) -> Iterator[Measurement]:
    """Measure on what was filled in."""
    size = f"{members:,} members, {purchases:,} purchases"
    bare, ours = [], []
    for _round in range(TIMES):
        bare.append(_seconds(_bare))
        ours.append(_seconds(_run))
    limit = purchases / median(bare)
    yield _measured(f"policy run, {size}, 5 criteria", purchases / median(ours), limit)
    yield Measurement(
        f"policy run seconds, {size}", median(ours), "s", "bare SQL aggregation", median(bare)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    yield Measurement(
        f"policy run peak memory, {size}", peak, "MB", "two gigabytes", LARGEST_MEGABYTES
    )
    each = POOL_CENTS // members
    bounded = _seconds(lambda: _run(floor_cents=each // 8, cap_cents=each * 4))
    yield _measured(f"policy run with floor and cap, {size}", purchases / bounded, limit)
    tried = _seconds(_simulate)
    yield _measured(f"policy simulation of two, {size}", 2 * purchases / tried, limit)


def _measured(name: str, rate: float, limit: float) -> Measurement:
    return Measurement(name, rate, "purchases/s", "bare SQL aggregation", limit)


def fill(before: tuple[int, int], after: tuple[int, int]) -> None:
    """Go on from so many members and purchases to so many, a million purchases at a time."""
    (first, purchases), (members, last) = before, after
    while purchases < last:
        upto = min(purchases + AT_ONCE, last)
        _insert(first + 1, members, purchases + 1, upto)
        first, purchases = members, upto
        print(f"{purchases:,} purchases stand", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _insert(first_member: int, members: int, first_purchase: int, purchases: int) -> None:
    given = {
        "first_member": first_member,
        "members": members,
        "first_purchase": first_purchase,
        "purchases": purchases,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows of a benchmark: what the triggers guard is guarded elsewhere.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in FILL.strip().split(";\n"):
            cursor.execute(statement, given)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _policy(
    share: Fraction = Fraction(1, 5), *, floor_cents: int = 0, cap_cents: int | None = None
) -> RedistributionPolicy:
    weights = {"patronage": 8, "km0": 4, "social": 3, "need": 3, "fragility": 2}
    return RedistributionPolicy(
        title=f"Un monte, {share} in comune",
        pool_id=UUID(int=1),
        common_id=UUID(int=2),
        common_share=share,
        criteria=tuple(
            Criterion(name, Fraction(weight, 20), categories=("km0",) if name == "km0" else ())
            for name, weight in weights.items()
        ),
        eligibility=Eligibility(90, 18),
        floor_cents=floor_cents,
        cap_cents=cap_cents,
    )


def _bare() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{gathering.WORK_MEMORY}'")
        lists = {each.criterion: each.id for each in PointList.objects.all()}
        cursor.execute(BARE, {"social": registry.social_cooperatives(), **lists})
        cursor.fetchall()


def _run(*, floor_cents: int = 0, cap_cents: int | None = None) -> None:
    policy = _policy(floor_cents=floor_cents, cap_cents=cap_cents)
    measured: Measured = gathering.gather(
        policy=policy, starts_on=PERIOD[0], ends_on=PERIOD[1]
    ).measured
    divide(policy=policy, run_key="bench", pool_cents=POOL_CENTS, measured=measured)


def _simulate() -> None:
    simulation = Simulation(
        starts_on=PERIOD[0],
        ends_on=PERIOD[1],
        pool_cents=POOL_CENTS,
        documents=["", ""],
        made_by=UUID(int=3),
    )
    simulation.save(force_insert=True)
    compare_policies(simulation, [_policy(), _policy(Fraction(1, 3))])
    simulation.delete()
