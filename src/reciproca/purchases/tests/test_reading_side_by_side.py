from pathlib import Path

import pytest
from django.db import connection

from reciproca.imports import staging
from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import BALANCE
from reciproca.purchases.models import MonthTotal, Purchase
from reciproca.purchases.tests.community import make_community
from reciproca.purchases.tests.files import CREATING, bring_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_batches_of_a_file_are_recorded_side_by_side_as_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 10)
    community = make_community()
    rows = "".join(f"r{n};M{n % 7};S{n % 3};2/6/2025;{n + 1},00\n" for n in range(95))
    refund = "back;M1;S1;3/6/2025;-5,00\n"

    done = bring_in(
        f"scontrino;socio;cooperativa;data;importo\n{rows}{refund}{rows.replace('r', 's')}",
        tmp_path,
        **CREATING,
    )

    sold = 2 * sum(range(1, 96)) * 100
    assert (done.accepted_count, done.amount_cents) == (191, sold - 500)
    value = sum(Purchase.objects.values_list("value_cents", flat=True))
    assert value == sold // 20 - 25
    assert MonthTotal.objects.filter(value_cents__gt=0).count() == 3
    assert ledger.balance(accounts.clearing(node=community.common.id)) > 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unit, sum({BALANCE}) FROM ledger_account a GROUP BY unit")
        assert all(total == 0 for _unit, total in cursor.fetchall())
