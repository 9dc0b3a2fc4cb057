"""A second person's approval, once everything is as it was measured."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.redistribution import errors
from reciproca.redistribution.adopted import policy_named
from reciproca.redistribution.gathering import stored
from reciproca.redistribution.models import Line, Run
from reciproca.redistribution.rules import divide


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
