"""Paying an approved run: everybody's part and the common share, all or nothing, once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from reciproca.ledger import actions as ledger
from reciproca.ledger import queries as balances
from reciproca.ledger.errors import FloorReached
from reciproca.ledger.rules import Posting
from reciproca.redistribution import errors
from reciproca.redistribution.adopted import policy_named
from reciproca.redistribution.approving import check_untouched
from reciproca.redistribution.measuring import LINES_AT_ONCE, standing_run
from reciproca.redistribution.models import Line, Run
from reciproca.redistribution.rules import KIND
from reciproca.redistribution.rules.moves import Standing, common_moves, part_moves
from reciproca.redistribution.telling import tell_members
from reciproca.shared.ids import fact_id
from reciproca.shared.progress import Progress, silent
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf
from reciproca.valueback.queries import policy_in_force

MOST_TRIES = 3


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
    # Many before few: who holds accounts while waiting for the turn of large batches may meet who
    # holds the turn (docs/ledger.md).
    _post_lines(run, paid_at, progress)
    _post_common(run, paid_at)
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
        cents -= Run.objects.get(id=standing_run(run)).common_cents
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
