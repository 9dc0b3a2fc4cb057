"""The log over HTTP, checked by the program that shares nothing with what writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from reciproca.control_room.transparency import open_the_log
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.shared.ids import fact_id
from reciproca.transparency import actions, queries
from reciproca.transparency.rules import leaves
from reciproca.valueback import actions as valueback
from reciproca_verifier.main import main
from tests.makers import NOON, Cast, adopt_policy, client_of, make_cast

LATER = datetime(2026, 6, 2, 12, tzinfo=UTC)


def sold(cast: Cast) -> Purchase:
    adopt_policy(cast)
    valueback.commit_rate(
        seller_id=cast.lievito_id, rate_bp=500, valid_from=NOON.date(), recorded_by=None
    )
    sale = SaleIn(
        key="logged",
        seller_id=cast.lievito_id,
        buyer_id=cast.bruno.id,
        happened_at=NOON,
        lines=(LineIn("", 1_200),),
    )
    return record_sale(sale=sale, recorded_by=None, recorded_at=NOON)


@pytest.mark.django_db
def test_a_movements_page_says_how_far_it_has_come_and_hands_out_its_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cast = make_cast()
    purchase = sold(cast)
    page, proof = f"/movements/purchases/{purchase.id}/", f"/movements/{purchase.id}/proof/"
    bruno = client_of(cast.bruno)
    open_the_log()

    waiting = bruno.get(page).content.decode()
    assert "non ancora pubblicato" in waiting
    assert bruno.get(proof).status_code == 404

    actions.sequence(at=LATER)
    published = bruno.get(page).content.decode()
    info = queries.info()
    assert info is not None
    assert "pubblicato, voce numero" in published
    assert f'data-vkey="{info.vkey}"' in published

    file = bruno.get(proof)
    assert file["Content-Disposition"].endswith(f"{purchase.id}.tlog-proof")
    kept = tmp_path / "own.tlog-proof"
    kept.write_bytes(file.content)
    assert main(["--vkey", info.vkey, "--proof", str(kept)]) == 0
    assert str(purchase.id) in capsys.readouterr().out
    changed = bytearray(file.content)
    changed[40] ^= 1
    kept.write_bytes(bytes(changed))
    assert main(["--vkey", info.vkey, "--proof", str(kept)]) == 1

    assert client_of(cast.carla).get(proof).status_code == 404


CHANGED = {
    "a hash of leaves": "UPDATE transparency_tile SET hashes = set_byte(hashes, 700,"
    " get_byte(hashes, 700) # 1) WHERE level = 0 AND number = 1",
    "a hash above": "UPDATE transparency_tile SET hashes = set_byte(hashes, 3,"
    " get_byte(hashes, 3) # 1) WHERE level = 1",
    "an entry": "UPDATE transparency_bundle SET entries = set_byte(entries, 100,"
    " get_byte(entries, 100) # 1) WHERE number = 0",
    "the head": "UPDATE transparency_checkpoint SET text = replace(text, '300', '299')",
    "its signature": "UPDATE transparency_signature SET line ="
    " overlay(line PLACING 'AAAA' FROM length(line) - 40)",
    "a payload": "UPDATE transparency_opening SET"
    " payload = replace(payload, '\"n\":7}', '\"n\":8}')",
    "a salt": "UPDATE transparency_opening SET salt = set_byte(salt, 5, get_byte(salt, 5) # 1)",
}


@pytest.mark.django_db(transaction=True)
def test_one_changed_byte_anywhere_is_found(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_URL", live_server.url)
    actions.open_log(slug="valli")
    facts = [
        leaves.leaf(kind="T", id=fact_id(), content={"a": {"n": number}}) for number in range(300)
    ]
    actions.record(facts)
    actions.sequence(at=LATER)
    info = queries.info()
    assert info is not None

    def checked() -> int:
        proof = queries.proof(facts[7].id)
        assert proof is not None
        file = tmp_path / "seventh.tlog-proof"
        file.write_text(proof.file)
        return main([info.prefix, "--vkey", info.vkey, "--proof", str(file)])

    assert checked() == 0
    for what, statement in CHANGED.items():
        with kept_as_it_was(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, what
            assert checked() == 1, f"{what} was changed and nobody found it"
    assert checked() == 0


TABLES = "tile bundle checkpoint signature opening".split()


@contextmanager
def kept_as_it_was() -> Iterator[None]:
    """Let an intruder with every right write into the log's tables, and put them back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE transparency_{table}")
        yield
        for table in TABLES:
            cursor.execute(f"DELETE FROM transparency_{table}")
            cursor.execute(f"INSERT INTO transparency_{table} SELECT * FROM kept_{table}")
            cursor.execute(f"DROP TABLE kept_{table}")
        cursor.execute("SET session_replication_role = origin")
