"""Freezing what everybody scored, and dividing: every line is written, nothing moves yet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from reciproca.ledger.pairs import pair_flows
from reciproca.redistribution import errors
from reciproca.redistribution.adopted import policy_named
from reciproca.redistribution.gathering import Snapshot, gather
from reciproca.redistribution.models import Run
from reciproca.redistribution.rules import Division, divide
from reciproca.shared.calendar import end_of_day, first_instant
from reciproca.shared.ids import fact_id
from reciproca.shared.money import format_fraction
from reciproca.shared.progress import Progress, silent

LINES_AT_ONCE = 5_000
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@transaction.atomic
def measure_run(*, run_id: UUID, measured_at: datetime, progress: Progress = silent) -> Run:
    """
    Freeze what everybody scored, divide, and write everybody's line; nothing moves yet.

    Measured again it stays as it is.

    Raises: PolicyTampered, RollsForgotten, NothingToDivide, NothingToCorrect, FloorsAboveTotal.
    """
    run = Run.objects.select_for_update().get(id=run_id)
    if run.measured_at is not None or run.withdrawn_at is not None:
        return run
    policy = policy_named(run.policy_id)
    snapshot = gather(
        policy=policy,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        corrected=standing_run(run) if run.corrects else None,
        known_at=run.corrects.measured_at if run.corrects else measured_at,
        progress=progress,
    )
    run.pool_cents, run.carry_in_pool_cents = _pool(run)
    if run.whole_cents <= 0:
        raise errors.NothingToDivide
    progress("division")
    found = divide(
        policy=policy,
        run_key=run.seed,
        pool_cents=run.whole_cents,
        measured=snapshot.measured,
    )
    if run.corrects and not any(found.paid_cents):
        raise errors.NothingToCorrect
    _write_lines(run, snapshot, found, progress)
    run.snapshot_digest = snapshot.digest
    run.common_cents = found.common_cents
    run.overflow_cents = found.overflow_cents
    run.zero_criterion_cents = found.zero_criterion_cents
    run.individual_cents = found.individual_cents
    run.paid_cents = sum(found.paid_cents)
    run.member_count = sum(1 for cents in found.allocated_cents if cents)
    run.totals, run.scale = found.totals, format_fraction(found.scale)
    run.measured_at = measured_at
    run.save()
    return run


def standing_run(run: Run) -> UUID:
    """Return whose parts stand now: of the last correction that was paid, or of the first run."""
    assert run.corrects is not None
    last = run.corrects.corrections.exclude(paid_at=None).order_by("-paid_at").first()
    return (last or run.corrects).id


def _pool(run: Run) -> tuple[int, int]:
    """Return what the pool took in for the period, and what it held undivided from before."""
    if run.corrects:
        return run.corrects.pool_cents or 0, run.corrects.carry_in_pool_cents
    ends = end_of_day(run.ends_on)
    divided = Run.objects.filter(pool=run.pool_id, corrects=None).exclude(paid_at=None)
    before = sum(each.whole_cents for each in divided)
    of_period = collected_cents(
        pool_id=run.pool_id, begins_at=first_instant(run.starts_on), ends_at=ends
    )
    in_all = collected_cents(pool_id=run.pool_id, begins_at=THE_BEGINNING, ends_at=ends)
    return of_period, in_all - before - of_period


def collected_cents(*, pool_id: UUID, begins_at: datetime, ends_at: datetime) -> int:
    """Return what purchases of a stretch of time brought to a pool, less what refunds took."""
    flows = pair_flows(owner=pool_id, purpose="clearing", begins_at=begins_at, ends_at=ends_at)
    return sum(
        -flow.amount if flow.went_out else flow.amount
        for flow in flows
        if flow.code in ("branch", "refund-branch")
    )


def _write_lines(run: Run, snapshot: Snapshot, found: Division, progress: Progress) -> None:
    """Copy everybody's line in; a million rows one by one would take an hour."""
    columns = (
        "id, run_id, member_id, leaves, carried_cents, before_cents, scores, allocated_cents,"
        " paid_cents, bound, rounded_up"
    )
    people = len(snapshot.measured.people)
    rows = _line_rows(run, snapshot, found)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY redistribution_line ({columns}) FROM STDIN") as copy,
    ):
        for done in range(0, people, LINES_AT_ONCE):
            progress("lines", done, people)
            copy.write("".join(islice(rows, LINES_AT_ONCE)))
    progress("lines", people, people)


def _line_rows(run: Run, snapshot: Snapshot, found: Division) -> Iterator[str]:
    measured = snapshot.measured
    for place, person in enumerate(measured.people):
        scores = ",".join(str(column[place]) for column in measured.scores)
        yield (
            f"{fact_id()}\t{run.id}\t{person}\t"
            f"{'t' if measured.leaves and measured.leaves[place] else 'f'}\t"
            f"{measured.carried_cents[place]}\t"
            f"{measured.before_cents[place] if measured.before_cents else 0}\t"
            f"{{{scores}}}\t{found.allocated_cents[place]}\t{found.paid_cents[place]}\t"
            f"{found.bound[place]}\t{'t' if found.rounded_up(place) else 'f'}\n"
        )
