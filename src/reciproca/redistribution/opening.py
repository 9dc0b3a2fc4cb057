"""Opening a run under a name that is fixed before any figure is known, and giving one up."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from reciproca.redistribution import errors
from reciproca.redistribution.adopted import adopted_on, policy_named, policy_of
from reciproca.redistribution.models import Run
from reciproca.redistribution.rules import KIND
from reciproca.shared.ids import fact_id
from reciproca.shared.locks import wait_for_turn
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf


def run_key(*, pool_id: UUID, ends_on: date) -> str:
    """Return what names a run and seeds its ties: pool and period, before any figure is known."""
    return f"riparto-{ends_on}-{pool_id}"


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
