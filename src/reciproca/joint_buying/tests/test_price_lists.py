"""Price lists come in from CSV and GDXP, row by row, and go out as the same list."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import Cast, client_of, make_cast

from reciproca.imports.models import Import
from reciproca.imports.queries import reasons
from reciproca.joint_buying.models import Product, Supplier
from reciproca.joint_buying.quantities import (
    LadderUnreadable,
    QuantityUnreadable,
    format_ladder,
    format_quantity,
    parse_ladder,
    parse_quantity,
)
from reciproca.joint_buying.tests.world import (
    FARM,
    VAT,
    bring_in,
    csv_list,
    gdxp_list,
    make_price_list,
)
from reciproca.shared.gdxp import HEADER, GdxpUnreadable, read_gdxp

XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE gdxp SYSTEM "gdxp.dtd">
<gdxp protocolVersion="0.2"><supplier><name>{FARM}</name><vatNumber>{VAT}</vatNumber><products>
<product><sku>ME1</sku><name>Mele Renetta</name><um>kg</um><orderInfo><packageQty>10</packageQty>
<mulQty>0,5</mulQty><umPrice>2,20</umPrice></orderInfo></product></products></supplier></gdxp>"""
BOMB = (
    """<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><gdxp><supplier>&b;</supplier></gdxp>"""
)


def codes(file: Import) -> set[str]:
    return {reason.code for reason in reasons(import_id=file.pk)}


def kept() -> list[dict[str, object]]:
    """Return what is kept of every product, but for where and when it came in."""
    apart = ("id", "supplier_id", "imported_by_id", "changed_at")
    rows = Product.objects.order_by("code").values("supplier__code", "supplier__name")
    fields = [field.attname for field in Product._meta.fields if field.attname not in apart]
    return list(rows.values("supplier__code", "supplier__name", *fields))


@pytest.mark.django_db
def test_a_list_in_csv_comes_in_with_its_cases_minimum_and_ladder(tmp_path: Path) -> None:
    file = bring_in(tmp_path / "listino.csv", csv_list())

    apples = Product.objects.get(sku="ME1")
    assert (file.accepted_count, file.refused_count) == (2, 0)
    assert (apples.supplier.name, apples.supplier.vat_number) == (FARM, VAT)
    assert (apples.price_cents, apples.pack_thousandths) == (220, 10_000)
    assert (apples.portion_thousandths, apples.minimum_thousandths) == (500, 20_000)
    assert apples.ladder == [[30_000, 195], [60_000, 180]]
    assert apples.vat_bp == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{FARM};{VAT};X;Pere;kg;due euro;10;;;;", "amount-unreadable"),
        (f"{FARM};{VAT};X;Pere;kg;2,205;10;;;;", "amount-too-precise"),
        (f"{FARM};{VAT};X;Pere;kg;-2,20;10;;;;", "price-negative"),
        (f"{FARM};{VAT};X;Pere;kg;2,20;dieci;;;;", "quantity-unreadable"),
        (f"{FARM};{VAT};X;Pere;kg;2,20;1,2345;;;;", "quantity-too-precise"),
        (f"{FARM};{VAT};X;Pere;kg;2,20;10;3;;;", "portion-out-of-pack"),
        (f"{FARM};{VAT};X;Pere;kg;2,20;10;;;30:2,50;", "ladder-unreadable"),
        (f"{FARM};{VAT};X;Pere;kg;2,20;10;;;;101", "vat-unreadable"),
        (f"{FARM};{VAT};X;Pere;;2,20;10;;;;", "cell-missing"),
        (f"{FARM};{VAT};X;{'P' * 201};kg;2,20;10;;;;", "cell-too-long"),
        (f"{FARM};01533550223;X;Pere;kg;2,20;10;;;;", "identifier-refused"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason_and_the_others_come_in(
    tmp_path: Path, row: str, code: str
) -> None:
    file = bring_in(tmp_path / "listino.csv", csv_list(row))

    assert (file.accepted_count, file.refused_count) == (2, 1)
    assert codes(file) == {code}


@pytest.mark.django_db
@pytest.mark.parametrize("version", [1.0, "1.0"])
@pytest.mark.parametrize("price", [2.2, "2.20", "2,20"])
def test_gdxp_is_read_with_numbers_as_numbers_or_as_texts(
    tmp_path: Path, version: object, price: object
) -> None:
    bring_in(tmp_path / "listino.json", gdxp_list(version=version, umPrice=price, maxQty=0))

    apples = Product.objects.get()
    assert (apples.price_cents, apples.portion_thousandths) == (220, 500)
    assert apples.most_thousandths == 0
    assert apples.supplier.code == VAT


@pytest.mark.django_db
def test_the_old_xml_makes_the_same_list_as_the_json(tmp_path: Path) -> None:
    bring_in(tmp_path / "listino.json", gdxp_list())

    again = bring_in(tmp_path / "listino.xml", XML)

    assert (again.accepted_count, again.known_count) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("info", "code"),
    [({"umPrice": 2.205}, "amount-too-precise"), ({"shippingCost": 0.1}, "shipping-on-product")],
)
def test_gdxp_that_would_change_a_price_unseen_is_refused(
    tmp_path: Path, info: dict[str, object], code: str
) -> None:
    file = bring_in(tmp_path / "listino.json", gdxp_list(**info))

    assert (file.accepted_count, file.refused_count) == (0, 1)
    assert codes(file) == {code}


@pytest.mark.parametrize(
    "content", [BOMB.encode(), b"<gdxp>", b"{", b"[" * 100_000, b'{"blocks": "\xff"}']
)
def test_a_broken_or_hostile_file_is_refused_whole(content: bytes) -> None:
    with pytest.raises(GdxpUnreadable):
        read_gdxp(content if content[:1] != b"[" else b'{"blocks": ' + content)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_list_that_goes_out_comes_in_as_the_same_list(tmp_path: Path, ending: str) -> None:
    cast = make_cast()
    rows = csv_list() if ending == "csv" else csv_list().replace('"30:1,95; 60:1,80"', "")
    # GDXP has no place for a group's own minimum.
    rows = rows if ending == "csv" else rows.replace(";20;", ";;")
    bring_in(tmp_path / "listino.csv", rows, keeper_id=cast.lievito_id)
    before, supplier = kept(), Supplier.objects.get()

    answer = client_of(cast.ada).get(f"/buying/pricelists/{supplier.id}.{ending}")
    content = b"".join(answer) if answer.streaming else answer.content

    again = bring_in(tmp_path / f"a.{ending}", content, keeper_id=cast.lievito_id)
    assert (again.accepted_count, again.known_count) == (0, 2)
    Supplier.objects.all().delete()
    # As another's file: the very same one is known without reading it.
    bring_in(tmp_path / f"b.{ending}", content, keeper_id=cast.roncolago_id)
    assert kept() == before


@pytest.mark.django_db
def test_what_a_new_list_is_silent_on_stays_and_a_rung_above_the_price_goes(
    tmp_path: Path,
) -> None:
    bring_in(tmp_path / "a.csv", csv_list())

    bring_in(tmp_path / "b.json", gdxp_list(umPrice="1.90"))

    apples = Product.objects.get(sku="ME1")
    assert apples.price_cents == 190
    assert apples.minimum_thousandths == 20_000
    assert apples.ladder == [[60_000, 180]]
    assert Product.objects.count() == 2


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.django_db
def test_each_reads_their_own_lists_and_the_federations(cast: Cast) -> None:
    own = make_price_list(keeper_id=cast.lievito_id)
    shared = make_price_list(keeper_id=None, name="Oleificio del Garda")
    ada, dario, bruno = (client_of(who) for who in (cast.ada, cast.dario, cast.bruno))

    page = ada.get("/buying/pricelists/").content.decode()
    assert FARM in page
    assert "Oleificio del Garda" in page
    assert FARM not in dario.get("/buying/pricelists/").content.decode()
    for ending in ("/", ".csv", ".json"):
        assert ada.get(f"/buying/pricelists/{own}{ending}").status_code == 200
        assert dario.get(f"/buying/pricelists/{shared}{ending}").status_code == 200
        assert dario.get(f"/buying/pricelists/{own}{ending}").status_code == 404
        assert bruno.get(f"/buying/pricelists/{shared}{ending}").status_code == 404


@pytest.mark.django_db
def test_a_list_is_searched(cast: Cast) -> None:
    own = make_price_list(keeper_id=cast.lievito_id, ladder=[[30_000, 195]])
    ada = client_of(cast.ada)

    page = ada.get(f"/buying/pricelists/{own}/").content.decode()
    assert "Mele Renetta" in page
    assert "a multipli di 0,5" in page
    assert "da 30" in page
    assert "Mele Renetta" in ada.get(f"/buying/pricelists/{own}/?q=renet").content.decode()
    nothing = ada.get(f"/buying/pricelists/{own}/?q=pere").content.decode()
    assert "Nessun prodotto così" in nothing


@given(st.integers(0, 10**12 - 1), st.sampled_from(",."))
def test_a_quantity_is_read_back_as_it_was_written(thousandths: int, mark: str) -> None:
    assert parse_quantity(format_quantity(thousandths, decimal_mark=mark)) == thousandths


@pytest.mark.parametrize("text", ["", "-1", "1.000,5", "1 2", "٣", "1e3", "NaN", ",5"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityUnreadable):
        parse_quantity(text)


def test_a_ladder_rises_in_quantity_and_falls_in_price() -> None:
    ladder = parse_ladder("30:1,95; 60:1.80", price_cents=220)

    assert ladder == [[30_000, 195], [60_000, 180]]
    assert parse_ladder(format_ladder(ladder), price_cents=220) == ladder
    for wrong in ("30", "30:2,20", "0:1,95", "30:1,95;30:1,80", "30:1,80;60:1,95", "x:1"):
        with pytest.raises(LadderUnreadable):
            parse_ladder(wrong, price_cents=220)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    with suppress(GdxpUnreadable):
        assert all(len(row) == len(HEADER) for row in read_gdxp(content))
