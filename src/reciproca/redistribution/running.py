"""
A run: opened under a name that is fixed beforehand, measured and computed, approved, paid once.

Each step is one transaction: a worker that is killed leaves it done or not begun.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localtime

from reciproca.governance import queries as governance
from reciproca.governance.rules import canonical, digest
from reciproca.ledger import actions as ledger
from reciproca.ledger import queries as balances
from reciproca.ledger.errors import FloorReached
from reciproca.ledger.pairs import pair_flows
from reciproca.ledger.rules import Posting
from reciproca.redistribution import errors
from reciproca.redistribution.gathering import Snapshot, gather, stored
from reciproca.redistribution.models import Line, Objection, Run
from reciproca.redistribution.rules import KIND, Division, RedistributionPolicy, divide
from reciproca.redistribution.rules.moves import Standing, common_moves, part_moves
from reciproca.redistribution.telling import tell_answer, tell_members
from reciproca.shared.calendar import end_of_day, first_instant
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.money import format_fraction
from reciproca.shared.progress import Progress, silent
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf
from reciproca.valueback.queries import policy_in_force

LINES_AT_ONCE = 5_000
MOST_TRIES = 3
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def run_key(*, pool_id: UUID, ends_on: date) -> str:
    """Return what names a run and seeds its ties: pool and period, before any figure is known."""
    return f"riparto-{ends_on}-{pool_id}"


# --- opening ---


@transaction.atomic
def open_run(*, starts_on: date, ends_on: date, opened_by: UUID, opened_at: datetime) -> Run:
    """
    Open the run of a period that is over, by the policy in force today, and log its name.

    Asked again for the same period it returns the first run.

    Raises: PolicyMissing, PolicyTampered, PeriodBackwards, PeriodNotOver, PeriodTaken, RunOpen.
    Source: docs/rules/redistribution.md
    """
    today = localtime(opened_at).date()
    if starts_on > ends_on:
        raise errors.PeriodBackwards
    if ends_on >= today:
        raise errors.PeriodNotOver
    adopted = adopted_on(today)
    policy = policy_of(adopted.digest, adopted.document)
    # Two who open a run meet here: the second finds it open.
    wait_for_turn(f"redistribution {policy.pool_id}")
    key = run_key(pool_id=policy.pool_id, ends_on=ends_on)
    live = Run.objects.filter(pool=policy.pool_id, withdrawn_at=None)
    earlier = live.filter(run_key=key, starts_on=starts_on).first()
    if earlier is not None:
        return earlier
    if live.filter(paid_at=None).exists():
        raise errors.RunOpen
    last = live.filter(corrects=None).order_by("-ends_on").first()
    if last is not None and starts_on <= last.ends_on:
        raise errors.PeriodTaken(until=f"{last.ends_on:%d/%m/%Y}")
    return _open(
        Run(
            id=fact_id(),
            run_key=key,
            policy_id=adopted.digest,
            pool_id=policy.pool_id,
            starts_on=starts_on,
            ends_on=ends_on,
            opened_by=opened_by,
            opened_at=opened_at,
        )
    )


@transaction.atomic
def open_correction(*, run_id: UUID, reason: str, opened_by: UUID, opened_at: datetime) -> Run:
    """
    Open a run that divides a paid run's pool again, by its own policy, on what is known today.

    Raises: ReasonMissing, NotPaid, RunOpen, PolicyTampered.
    """
    if not reason.strip():
        raise errors.ReasonMissing
    corrected = Run.objects.get(id=run_id)
    original = corrected.corrects or corrected
    if original.paid_at is None:
        raise errors.NotPaid
    policy_named(original.policy_id)
    wait_for_turn(f"redistribution {original.pool_id}")
    live = Run.objects.filter(pool=original.pool_id, withdrawn_at=None)
    if live.filter(paid_at=None).exists():
        raise errors.RunOpen
    number = live.filter(corrects=original).count() + 1
    return _open(
        Run(
            id=fact_id(),
            run_key=f"{original.run_key}-c{number}",
            policy_id=original.policy_id,
            pool_id=original.pool_id,
            starts_on=original.starts_on,
            ends_on=original.ends_on,
            corrects=original,
            reason=reason.strip()[:300],
            opened_by=opened_by,
            opened_at=opened_at,
        )
    )


def _open(run: Run) -> Run:
    """Keep an opened run and let its leaf say, before any figure is known, what will be run."""
    run.save(force_insert=True)
    content = {
        "run": KIND,
        "step": "opened",
        "run_key": run.run_key,
        "seed": run.seed,
        "policy": run.policy_id,
        "pool": str(run.pool_id),
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
    }
    transparency.record([leaf(kind="R", id=run.id, content=content)])
    return run


# --- the policy ---


def adopted_on(day: date) -> governance.Adopted:
    """Return the policy in force on a day. Raises: PolicyMissing."""
    adopted = [each for each in governance.adopted_policies(kind=KIND) if each.in_force_on <= day]
    if not adopted:
        raise errors.PolicyMissing
    return adopted[-1]


def policy_named(name: str) -> RedistributionPolicy:
    """Return the adopted policy of a hash. Raises: PolicyMissing, PolicyTampered."""
    for each in governance.adopted_policies(kind=KIND):
        if each.digest == name:
            return policy_of(name, each.document)
    raise errors.PolicyMissing


def policy_of(name: str, text: str) -> RedistributionPolicy:
    """Return the policy that a text states, if it is the very text of this hash."""
    try:
        document = json.loads(text)
        found = digest(text)
        if found == name == digest(canonical(document)):
            return RedistributionPolicy.from_document(document)
    except (ValueError, DomainError) as mistake:
        raise errors.PolicyTampered(found=digest(text), digest=name) from mistake
    raise errors.PolicyTampered(found=found, digest=name)


# --- measuring ---


@transaction.atomic
def measure_run(*, run_id: UUID, measured_at: datetime, progress: Progress = silent) -> Run:
    """
    Freeze what everybody scored, divide, and write everybody's line; nothing moves yet.

    Measured again it stays as it is.

    Raises: PolicyTampered, NothingToDivide, NothingToCorrect, FloorsAboveTotal.
    """
    run = Run.objects.select_for_update().get(id=run_id)
    if run.measured_at is not None or run.withdrawn_at is not None:
        return run
    policy = policy_named(run.policy_id)
    progress("scores")
    snapshot = gather(
        policy=policy,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        corrected=_standing_run(run) if run.corrects else None,
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


def _standing_run(run: Run) -> UUID:
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


# --- approving ---


@transaction.atomic
def approve_run(*, run_id: UUID, approved_by: UUID, approved_at: datetime) -> Run:
    """
    Let a run be paid, by another person than who opened it, once everything is as it was measured.

    Raises: NotMeasured, AlreadyDecided, SecondPersonNeeded, PolicyTampered, SnapshotTampered,
    PartsTampered.
    """
    run = Run.objects.select_for_update().get(id=run_id)
    if run.measured_at is None:
        raise errors.NotMeasured
    if run.approved_at is not None or run.withdrawn_at is not None:
        raise errors.AlreadyDecided
    if run.opened_by == approved_by:
        raise errors.SecondPersonNeeded
    check_untouched(run)
    run.approved_by, run.approved_at = approved_by, approved_at
    run.save()
    return run


@transaction.atomic
def withdraw_run(*, run_id: UUID, withdrawn_by: UUID, withdrawn_at: datetime) -> Run:
    """
    Give up a run that is not approved; its period can be opened again, under the same name.

    Raises: AlreadyDecided.
    """
    run = Run.objects.select_for_update().get(id=run_id)
    if run.approved_at is not None or run.withdrawn_at is not None:
        raise errors.AlreadyDecided
    run.withdrawn_by, run.withdrawn_at = withdrawn_by, withdrawn_at
    run.save()
    return run


def check_untouched(run: Run) -> None:
    """
    Refuse a run whose policy, scores or parts are not what they were.

    Raises: PolicyTampered, SnapshotTampered, PartsTampered.
    """
    policy = policy_named(run.policy_id)
    snapshot = stored(run=run, policy=policy)
    if snapshot.digest != run.snapshot_digest:
        raise errors.SnapshotTampered(found=snapshot.digest, digest=run.snapshot_digest)
    found = divide(
        policy=policy, run_key=run.seed, pool_cents=run.whole_cents, measured=snapshot.measured
    )
    written = Line.objects.filter(run=run).order_by("member_id")
    for place, (member, *parts) in enumerate(
        written.values_list("member_id", "allocated_cents", "paid_cents").iterator()
    ):
        if parts != [found.allocated_cents[place], found.paid_cents[place]]:
            raise errors.PartsTampered(member=member)


# --- paying ---


@transaction.atomic
def pay_run(*, run_id: UUID, paid_at: datetime, progress: Progress = silent) -> Run:
    """
    Give everybody their part and the common fund its share, all or nothing, and tell everybody.

    Paid again it returns the run as it is and moves nothing.

    Raises: NotMeasured (not approved), PolicyTampered, SnapshotTampered, PartsTampered,
    NoPolicyForCredit.
    """
    run = Run.objects.select_for_update().get(id=run_id)
    if run.paid_at is not None:
        return run
    if run.approved_at is None:
        raise errors.NotMeasured
    progress("check")
    check_untouched(run)
    run.result_id, run.common_id = fact_id(), fact_id()
    run.expires_on = _expiry(run, localtime(paid_at).date())
    run.paid_at = paid_at
    _post_common(run, paid_at)
    _post_lines(run, paid_at, progress)
    run.save()
    _record(run)
    tell_members(run=run, told_at=paid_at)
    return run


def _expiry(run: Run, today: date) -> date:
    if run.corrects:
        assert run.corrects.expires_on is not None
        return run.corrects.expires_on
    force = policy_in_force(on=today)
    if force is None:
        raise errors.NoPolicyForCredit
    return force.policy.expires_on(today)


def _post_common(run: Run, at: datetime) -> None:
    assert run.common_id is not None
    cents = run.common_cents
    if run.corrects:
        cents -= Run.objects.get(id=_standing_run(run)).common_cents
    moves = common_moves(
        pool_id=run.pool_id, common_id=policy_named(run.policy_id).common_id, cents=cents
    )
    if moves:
        ledger.post([Posting(run.common_id, at, moves)])


def _post_lines(run: Run, at: datetime, progress: Progress) -> None:
    lines = Line.objects.filter(run=run).exclude(paid_cents=0).order_by("member_id")
    count, done = lines.count(), 0
    rows = lines.values_list("id", "member_id", "paid_cents").iterator(chunk_size=LINES_AT_ONCE)
    while batch := list(islice(rows, LINES_AT_ONCE)):
        progress("payment", done, count)
        _post_batch(run, batch, at)
        done += len(batch)
    progress("payment", count, count)


def _post_batch(run: Run, batch: Sequence[tuple[UUID, UUID, int]], at: datetime) -> None:
    """Post some lines; what is taken back may be spent meanwhile, then it is looked at again."""
    for tries_left in reversed(range(MOST_TRIES)):
        standings = _standings(run, [member for _line, member, _cents in batch])
        assert run.expires_on is not None
        postings = [
            Posting(
                line,
                at,
                part_moves(
                    pool_id=run.pool_id,
                    member_id=member,
                    cents=cents,
                    expires_on=run.expires_on,
                    standing=standings.get(member, Standing()),
                ),
            )
            for line, member, cents in batch
        ]
        try:
            ledger.post(postings)
        except FloorReached:
            if not tries_left:
                raise
        else:
            return


def _standings(run: Run, members: Sequence[UUID]) -> Mapping[UUID, Standing]:
    """Return how these people stand with the pool; of a first run only old debts matter."""
    debts = balances.balances_of(owners=members, purpose="recovery")
    found = {
        key.owner: Standing(debt_cents=-cents)
        for key, cents in debts.items()
        if key.party == run.pool_id
    }
    if run.corrects is None:
        return found
    for lot in balances.lots(members=members):
        if (lot.issuer, lot.expires_on) == (run.pool_id, run.expires_on):
            found[lot.member] = found.get(lot.member, Standing())._replace(lot_cents=lot.cents)
    return found


def _record(run: Run) -> None:
    """Let the result leave its leaf: anybody with the snapshot computes the same."""
    assert run.result_id is not None
    content = {
        "run": KIND,
        "step": "paid",
        "run_key": run.run_key,
        "policy": run.policy_id,
        "snapshot_digest": run.snapshot_digest,
        "pool_cents": run.whole_cents,
        "common_cents": run.common_cents,
        "individual_cents": run.individual_cents,
        "paid_cents": run.paid_cents,
        "members": run.member_count,
    }
    transparency.record([leaf(kind="R", id=run.result_id, content=content)])


# --- objections ---

DAYS_TO_OBJECT = 30


@transaction.atomic
def object_to_run(*, run_id: UUID, member_id: UUID, text: str, made_at: datetime) -> Objection:
    """
    Write down that a person finds their part of a paid run wrong, within thirty days.

    Raises: TextMissing, NotPaid, ObjectionsOver, ObjectionMade.
    """
    run = Run.objects.get(id=run_id)
    if not text.strip():
        raise errors.TextMissing
    if run.paid_at is None:
        raise errors.NotPaid
    if made_at > run.paid_at + timedelta(days=DAYS_TO_OBJECT):
        raise errors.ObjectionsOver
    found, is_new = Objection.objects.get_or_create(
        run=run, member_id=member_id, defaults={"text": text.strip()[:2_000], "made_at": made_at}
    )
    if not is_new:
        raise errors.ObjectionMade
    return found


@transaction.atomic
def answer_objection(
    *, objection_id: UUID, upheld: bool, answer: str, answered_by: UUID, answered_at: datetime
) -> Objection:
    """
    Answer an objection; one that is upheld asks for a correction. Raises: TextMissing,
    AlreadyAnswered.
    """
    if not answer.strip():
        raise errors.TextMissing
    found = Objection.objects.select_for_update().select_related("run").get(id=objection_id)
    if found.answered_at is not None:
        raise errors.AlreadyAnswered
    found.upheld, found.answer = upheld, answer.strip()[:2_000]
    found.answered_by, found.answered_at = answered_by, answered_at
    found.save()
    tell_answer(objection=found, told_at=answered_at)
    return found
