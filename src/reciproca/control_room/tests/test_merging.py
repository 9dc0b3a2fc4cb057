"""What every room keeps of an organisation, seen when its entry would go to another."""

from uuid import UUID

import pytest
from tests.makers import NOON, make_cast, make_organisation, make_person

from reciproca.control_room.actions import refresh_alerts
from reciproca.control_room.models import Alert
from reciproca.imports.models import Import
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry.actions import merge_organisations, merge_people
from reciproca.registry.actions.merging import HasHistory
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db


def merge(merged: UUID, heir: UUID) -> None:
    merge_organisations(merged_id=merged, heir_id=heir, merged_by=None, merged_at=NOON)


def test_who_sold_anything_or_promised_a_rate_is_not_merged() -> None:
    cast = make_cast()
    seller, promising, neither = (make_organisation(), make_organisation(), make_organisation())
    sale = SaleIn("una", seller, cast.bruno.id, NOON, (LineIn("", 100),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    valueback.commit_rate(
        seller_id=promising, rate_bp=500, valid_from=NOON.date(), recorded_by=None
    )

    for busy in (seller, promising):
        with pytest.raises(HasHistory):
            merge(busy, cast.lievito_id)
    merge(neither, cast.lievito_id)


def test_an_alert_about_an_entry_is_no_history() -> None:
    cast, double = make_cast(), make_organisation()
    Import.objects.create(
        kind="members", file_name="a", size_bytes=1, organisation_id=double, state="failed",
        started_at=NOON,
    )  # fmt: skip
    refresh_alerts(at=NOON)
    Import.objects.all().delete()
    assert Alert.objects.get().about_id == double

    merge(double, cast.lievito_id)


def test_a_person_who_bought_anything_is_not_merged() -> None:
    cast = make_cast()
    buyer, other = make_person(name="Nina Nuova"), make_person(name="Nina Nuova")
    sale = SaleIn("una", cast.lievito_id, buyer, NOON, (LineIn("", 100),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)

    with pytest.raises(HasHistory):
        merge_people(merged_id=buyer, heir_id=other, merged_by=None, merged_at=NOON)
    merge_people(merged_id=other, heir_id=buyer, merged_by=None, merged_at=NOON)
