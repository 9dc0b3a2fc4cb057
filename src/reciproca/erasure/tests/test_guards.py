"""What the database itself lets happen: of the erased what names them, of others nothing."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from reciproca.erasure.tests.life import Told
from reciproca.shared.models import ErasedPerson

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE purchases_line SET description = ''",
        "UPDATE purchases_purchase SET reason = ''",
        "UPDATE registry_membershipevent SET note = ''",
        "UPDATE tills_heldsale SET payload = '{}'",
        "DELETE FROM registry_cardrefusal",
        "DELETE FROM shared_accesslog",
        "DELETE FROM transparency_opening",
    ],
)
def test_of_whoever_is_not_erased_nothing_may_go(told: Told, change: str) -> None:
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        _run(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE purchases_line SET amount_cents = 1",
        "UPDATE purchases_line SET description = 'altro'",
        "UPDATE purchases_line SET description = '', rate_bp = 0",
        "UPDATE purchases_purchase SET reason = 'altro'",
        "DELETE FROM purchases_purchase",
        "UPDATE registry_membershipevent SET note = '', state = 'excluded'",
        "DELETE FROM registry_membershipevent",
        "UPDATE tills_heldsale SET payload = '{\"card\": null}'",
        "DELETE FROM tills_heldsale",
        "UPDATE registry_cardrefusal SET code = 'altro'",
        "UPDATE shared_accesslog SET what = 'altro'",
        "UPDATE shared_erasedperson SET paper = 'altro'",
        "DELETE FROM shared_erasedperson",
        "TRUNCATE shared_accesslog",
    ],
)
def test_of_whoever_is_erased_only_that_goes_which_names_them(told: Told, change: str) -> None:
    ErasedPerson.objects.create(person=told.zenobia.id, erased_at=timezone.now())

    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        _run(change)


def _run(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
