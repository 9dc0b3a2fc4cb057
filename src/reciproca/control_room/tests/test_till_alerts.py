"""A till that nobody closes for six days is an alert, until it is closed."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from tests.makers import client_of

from reciproca.control_room import actions, rules
from reciproca.control_room.models import Alert
from reciproca.control_room.tests.test_network_pages import words
from reciproca.tills.actions import close_day_at_desk
from reciproca.tills.tests.counter import Counter, make_counter

pytestmark = pytest.mark.django_db

A_WEEK = timedelta(days=7)


@pytest.fixture
def counter() -> Counter:
    counter = make_counter()
    assert counter.device.sell().status_code == 201
    return counter


def alerts() -> list[Alert]:
    actions.refresh_alerts(at=now() + A_WEEK)
    return list(Alert.objects.filter(kind="till-open", gone_at=None))


def test_a_till_left_open_is_named_with_its_cooperative_and_day(counter: Counter) -> None:
    [alert] = alerts()

    assert (alert.about_id, alert.params["till"]) == (counter.cast.lievito_id, "Banco")
    page = words(client_of(counter.cast.olga).get("/control/alerts/"))
    assert "Panificio Il Lievito: Banco non chiude la giornata da" in page


def test_a_till_that_was_closed_or_sold_nothing_or_lately_is_none(counter: Counter) -> None:
    actions.refresh_alerts(at=now() + rules.TILL_LEFT_OPEN - timedelta(hours=1))
    assert not Alert.objects.filter(kind="till-open").exists()
    assert len(alerts()) == 1

    close_day_at_desk(
        till_id=counter.device.till.id,
        organisation_id=counter.cast.lievito_id,
        key="closing",
        note="tablet rotto",
        closed_by=None,
        closed_at=now(),
    )
    assert alerts() == []
