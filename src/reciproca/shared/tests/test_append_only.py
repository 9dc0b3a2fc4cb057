import pytest
from django.db import DatabaseError, connection, transaction

from reciproca.shared.ids import uuid7
from reciproca.shared.models import AccessLog


@pytest.fixture
def line(db: None) -> AccessLog:
    return AccessLog.objects.create(subject=uuid7(), what="statement")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE shared_accesslog SET what = 'nothing'",
        "DELETE FROM shared_accesslog",
        "TRUNCATE shared_accesslog",
    ],
)
def test_what_only_grows_is_never_changed(line: AccessLog, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never allowed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert AccessLog.objects.get().what == "statement"


def test_the_next_line_is_welcome(line: AccessLog) -> None:
    AccessLog.objects.create(subject=line.subject, what="statement")

    assert AccessLog.objects.filter(subject=line.subject).count() == 2
