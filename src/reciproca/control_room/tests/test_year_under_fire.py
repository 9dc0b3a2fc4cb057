"""A close that is killed anywhere goes on, and two closes at once are one."""

import json
import signal
import subprocess
import sys
from threading import Barrier, Thread

import pytest
from django.db import connection

from reciproca.clearing import actions as clearing
from reciproca.clearing.models import ClearingRun, Payment, Settlement
from reciproca.control_room import actions
from reciproca.control_room.models import YearClose
from reciproca.control_room.tests.scenario import close, make_year
from reciproca.ledger.models import Transfer
from reciproca.notices.models import Notice
from reciproca.purchases.actions import refresh_month_totals
from reciproca.refunds.models import RefundRun
from reciproca.refunds.tests.cast import AFTERWARDS
from reciproca.shared.calendar import year_span
from reciproca.shared.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def closing_process(*, kill_after: int = 0) -> "subprocess.Popen[str]":
    database = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "reciproca.control_room.tests.closing_process",
            str(database),
            str(kill_after),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def nothing_is_wrong() -> bool:
    refresh_month_totals(since=year_span(2024)[0])
    return all(verdict.ok for verdict in actions.verify(verified_at=AFTERWARDS))


def test_a_close_killed_again_and_again_ends_as_if_it_never_was() -> None:
    make_year()
    killed, steps_seen = 0, set()

    for kill_after in range(8, 100, 5):
        process = closing_process(kill_after=kill_after)
        printed, _ = process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        killed += 1
        steps_seen |= {len(found.steps) for found in YearClose.objects.all()}

    assert killed >= 4
    assert len(steps_seen) >= 2
    assert json.loads(printed).keys() == actions.STEPS.keys()
    assert RefundRun.objects.count() == ClearingRun.objects.count() == 1
    assert Notice.objects.filter(kind="statement-ready").count() == 2
    assert Notice.objects.filter(kind="patronage-refund").count() == 2
    assert nothing_is_wrong()


def test_two_processes_that_close_the_same_year_close_it_once() -> None:
    make_year()

    both = [closing_process(), closing_process()]
    printed = [process.communicate()[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert printed[0] == printed[1]
    assert Notice.objects.filter(kind="statement-ready").count() == 2
    assert RefundRun.objects.count() == ClearingRun.objects.count() == 1
    assert nothing_is_wrong()


def test_two_officers_who_confirm_the_same_payment_settle_it_once() -> None:
    make_year()
    close()
    payment = Payment.objects.order_by("id")[0]
    ready, refused = Barrier(2), []

    def confirm(reference: str) -> None:
        ready.wait()
        try:
            clearing.confirm_payments(
                confirmations=[clearing.Confirmation(payment.id, reference)],
                settled_on=AFTERWARDS.date(),
                confirmed_by=None,
                recorded_at=AFTERWARDS,
            )
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    officers = [Thread(target=confirm, args=[reference]) for reference in ("CRO1", "CRO2")]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert refused == ["payment-settled"]
    assert Settlement.objects.count() == Transfer.objects.filter(code="settled").count() == 1
