"""Products out of files: a shared catalogue, and a seller's own price list."""

import csv
from pathlib import Path
from uuid import UUID

import pytest
from tests.makers import NOON, Cast, make_cast

from reciproca.imports import actions as imports
from reciproca.imports import queries
from reciproca.imports.mapping import Mapping
from reciproca.imports.models import Import
from reciproca.market.models import Offer, Product
from reciproca.market.reading import PRODUCTS
from reciproca.market.tests import world
from reciproca.shared.errors import DomainError

pytestmark = pytest.mark.django_db

CATALOGUE = """barcode_id,product_name,ingredients
8000000142283,Terrine &quot;piccante&quot;,Anatra
8000000152176,BONGOU,
8000000152177,Cifra sbagliata,
8000000152473,@,
,Senza codice,
8000000142283,Un altro nome,
8000003000481,,
"""
PRICES = """codice a barre;prodotto;prezzo;categoria;um;giacenza;comune
8000000142283;Terrina;8,90;carne-pesce;pezzo;12;Cles
;Mele renette;2,40;Frutta e verdura;kg;150,5;Cles
8000003000481;Pane azzimo;;pane;pezzo;;
;Ricotta;3,00;formaggio;pezzo;;
;Miele;7,50;dispensa;vasetto;;
;Burro;4,00;latticini;pezzo;tanto;
;Zucca;-1,00;ortofrutta;kg;;
"""


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def read(tmp_path: Path, text: str, organisation_id: UUID | None) -> Import:
    """Bring a file in, good rows although others are refused."""
    path = tmp_path / "prodotti.csv"
    path.write_text(text, encoding="utf-8")
    found = imports.receive_file(
        kind="products",
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=Mapping(kind="products"),
        organisation_id=organisation_id,
        started_by=None,
        started_at=NOON,
    )
    imports.read_file(import_id=found.pk, reader=PRODUCTS, path=path)
    return imports.accept_rows(import_id=found.pk, reader=PRODUCTS, takes_good_rows=True)


def refusals(found: Import) -> list[str]:
    return sorted(row.code for row in queries.refused_rows(import_id=found.pk))


def test_a_catalogue_keeps_what_a_barcode_is_and_refuses_what_is_none(
    cast: Cast, tmp_path: Path
) -> None:
    done = read(tmp_path, CATALOGUE, None)

    assert dict(Product.objects.values_list("name", "ingredients")) == {
        'Terrine "piccante"': "Anatra",
        "BONGOU": "",
    }
    assert refusals(done) == [
        "barcode-missing",
        "cell-missing",
        "ean-refused",
        "key-repeated",
        "product-name-unreadable",
    ]
    head, *rows = csv.reader(queries.refused_csv(file=done), delimiter=";")
    assert [cell.strip("\ufeff") for cell in head[:3]] == CATALOGUE.split("\n")[0].split(",")
    assert len(rows) == 5


def test_the_same_catalogue_again_adds_nothing(cast: Cast, tmp_path: Path) -> None:
    read(tmp_path, CATALOGUE, None)
    again = read(tmp_path, CATALOGUE.replace("BONGOU", "Bongou"), None)

    assert again.accepted_count == 0
    assert again.known_count == 2
    assert Product.objects.get(ean="8000000152176").name == "BONGOU"


def test_a_price_list_becomes_offers_of_its_seller(cast: Cast, tmp_path: Path) -> None:
    world.pickup(cast.lievito_id)
    done = read(tmp_path, PRICES, cast.lievito_id)

    terrine, apples = Offer.objects.order_by("title").reverse()
    assert (terrine.price_cents, terrine.stock_milli, terrine.is_km0) == (890, 12_000, True)
    assert (apples.unit, apples.step_milli, apples.stock_milli) == ("kg", 100, 150_500)
    assert {each.seller_id for each in (terrine, apples)} == {cast.lievito_id}
    assert refusals(done) == [
        "cell-missing",
        "choice-unknown",
        "choice-unknown",
        "price-missing",
        "quantity-unreadable",
    ]


def test_what_a_seller_offers_already_is_not_offered_twice(cast: Cast, tmp_path: Path) -> None:
    world.offer(cast.lievito_id, ean="8000000142283")
    done = read(tmp_path, PRICES, cast.lievito_id)

    assert done.accepted_count == 1
    assert "already-offered" in refusals(done)


def test_without_a_place_to_pick_up_nothing_comes_in(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refused:
        read(tmp_path, PRICES, cast.lievito_id)

    assert refused.value.code == "pickup-missing"
    assert not Offer.objects.exists()


def test_a_file_is_taken_back_whole(cast: Cast, tmp_path: Path) -> None:
    world.pickup(cast.lievito_id)
    for text, seller in ((CATALOGUE, None), (PRICES, cast.lievito_id)):
        done = read(tmp_path, text, seller)
        imports.undo_import(
            import_id=done.pk, reader=PRODUCTS, reason="Prova", undone_by=None, undone_at=NOON
        )

    assert not Product.objects.exists()
    assert not Offer.objects.filter(ended_at=None).exists()
