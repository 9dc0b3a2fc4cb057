"""`python -m tests.crashes.dividing SEED KILLS`: a pool divided by workers that are killed."""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from reciproca.cli.house import close_connections, open_house

MEMBERS = 600
LAST_POINT = 30
"""Before the last statement of a worker that finds the run measured and approved."""

HALF = (date(2025, 1, 1), date(2025, 6, 30))
AFTERWARDS = datetime(2025, 7, 2, 9, tzinfo=UTC)


def prepare() -> None:
    """Open the community, let everybody buy something, and open the run."""
    from reciproca.purchases import actions as purchases
    from reciproca.purchases.forms import LineIn, SaleIn
    from reciproca.redistribution.tests.cast import make_valley
    from reciproca.registry import actions as registry
    from reciproca.registry.forms import MemberIn, PersonIn

    valley = make_valley()
    valley.adopt(min_payout_cents=150)
    noon = datetime(2025, 6, 2, 10, tzinfo=UTC)
    people = registry.register_people(
        people=[PersonIn(first_name="Socia", last_name=str(n)) for n in range(MEMBERS)],
        recorded_by=None,
        recorded_at=noon,
    )
    registry.register_members(
        members=[
            MemberIn(
                member_id=person,
                cooperative_id=valley.cast.lievito_id,
                registered_on=HALF[0],
                share_cents=2_500,
            )
            for person in people
        ],
        recorded_by=None,
        recorded_at=noon,
    )
    sales = [
        SaleIn(f"s{n}", valley.cast.lievito_id, person, noon, (LineIn("", 1_000 + 7 * n),))
        for n, person in enumerate(people)
    ]
    purchases.record_sales(sales=sales, recorded_by=None, recorded_at=noon)
    purchases.refresh_month_totals(since=noon - timedelta(days=400))
    valley.open(period=HALF)


def work(last_statement: int) -> None:
    """Measure, approve and pay the run; die at this statement, as by a kill -9 that fell there."""
    from django.db import connection

    from reciproca.redistribution import actions
    from reciproca.redistribution.models import Run
    from reciproca.redistribution.tests.cast import APPROVER

    statements = count(1)

    def dying(execute: Callable[..., Any], *statement: Any) -> Any:
        if next(statements) == last_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)

    with connection.execute_wrapper(dying):
        run = Run.objects.get()
        run = actions.measure_run(run_id=run.id, measured_at=AFTERWARDS)
        if run.approved_at is None:
            actions.approve_run(run_id=run.id, approved_by=APPROVER, approved_at=AFTERWARDS)
        actions.pay_run(run_id=run.id, paid_at=AFTERWARDS)


def in_a_process_of_its_own(last_statement: int) -> str:
    """Return how far the run is after a worker that died there, or lived."""
    from reciproca.redistribution.models import Run

    # The worker makes a connection of its own: one of ours would outlive it.
    close_connections()
    worker = os.fork()
    if not worker:
        work(last_statement)
        os._exit(0)
    _pid, status = os.waitpid(worker, 0)
    state = Run.objects.get().state
    return f"{state}, {'killed' if os.WIFSIGNALED(status) else 'lived'}"


def stand() -> object:
    """Tell what the run says, and what lies in the accounts that it moved."""
    from django.db.models import Count, F, Sum

    from reciproca.ledger.models import Account, Transfer
    from reciproca.notices.models import Notice
    from reciproca.redistribution.models import Line, Run

    run = Run.objects.get()
    balance = Sum(F("credits_posted") - F("debits_posted"), default=0)
    carried = F("allocated_cents") - F("paid_cents")
    moved = Transfer.objects.filter(code="redistributed").aggregate(Sum("amount"), Count("id"))
    return {
        "state": run.state,
        "whole": run.whole_cents,
        "common": run.common_cents,
        "paid": run.paid_cents,
        "waiting": Line.objects.aggregate(cents=Sum(carried, default=0))["cents"],
        "lines": Line.objects.count(),
        "credit": Account.objects.filter(purpose="credit").aggregate(b=balance)["b"],
        "moved": moved["amount__sum"],
        "payments": moved["id__count"],
        "told": Notice.objects.filter(kind__startswith="redistribution-").count(),
    }


def main(seed: str, kills: int) -> None:
    open_house(migrate=True)
    prepare()
    points = sorted(random.Random(seed).sample(range(1, LAST_POINT), kills))
    after = [in_a_process_of_its_own(point) for point in points]
    print(json.dumps({"after": [*after, in_a_process_of_its_own(0)], "stands": stand()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
