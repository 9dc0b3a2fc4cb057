"""What a night's verification finds wrong stands in the control room until it is right again."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from reciproca.control_room.actions import refresh_alerts
from reciproca.control_room.models import Alert, AlertKind
from reciproca.control_room.tasks import verify_every_night
from reciproca.ledger import actions as ledger
from reciproca.ledger.tests.postings import accrual
from reciproca.shared.ids import fact_id
from reciproca.shared.models import Job

pytestmark = pytest.mark.django_db

Jobs = Callable[[], list[Job]]


def night(run_jobs: Jobs) -> list[Alert]:
    verify_every_night(0)
    run_jobs()
    refresh_alerts(at=timezone.now())
    return list(Alert.objects.filter(kind=AlertKind.WRONG, gone_at=None))


def tamper(by: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_account SET credits_posted = credits_posted + %s", [by])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_a_night_finds_wrong_is_an_alert_until_a_night_finds_it_right(run_jobs: Jobs) -> None:
    ledger.open_accounts([accrual(member=fact_id(), issuer=fact_id(), cents=1).debit])
    assert night(run_jobs) == []

    tamper(by=1)
    [alert] = night(run_jobs)
    assert alert.params == {"count": 2}

    tamper(by=-1)
    assert night(run_jobs) == []
