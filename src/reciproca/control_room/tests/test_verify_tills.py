"""A till's closing is counted again with everything else."""

import pytest
from django.utils.timezone import now

from reciproca.control_room.actions import verify
from reciproca.control_room.tests.test_verify import tamper
from reciproca.tills import actions
from reciproca.tills.models import Closing
from reciproca.tills.tests.counter import make_counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def closing() -> Closing:
    counter = make_counter()
    for cents in (1_200, 800):
        assert counter.device.sell(cents).status_code == 201
    return actions.close_day_at_desk(
        till_id=counter.device.till.id,
        organisation_id=counter.cast.lievito_id,
        key="first",
        note="senza dispositivo",
        closed_by=None,
        closed_at=now(),
    )


def failing() -> dict[str, list[str]]:
    verdicts = verify(verified_at=now())
    return {verdict.name: verdict.details for verdict in verdicts if not verdict.ok}


def test_a_closing_that_says_what_was_sold_is_right(closing: Closing) -> None:
    assert closing.sale_cents == 2_000
    assert "closings_equal_sales" not in failing()


def test_a_closing_that_says_something_else_is_named(closing: Closing) -> None:
    tamper("UPDATE tills_closing SET sale_cents = 1999 WHERE id = %(id)s", id=closing.id)

    [sentence] = failing()["closings_equal_sales"]
    assert "Banco" in sentence
    assert "19,99" in sentence
    assert "20,00" in sentence
