"""At the market: Marta orders from three sellers, one delivers in part, one order is cancelled."""

import io
import re

import pytest
from PIL import Image

from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


def _photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "peru").save(made, "JPEG")
    return made.getvalue()


def _order(marta: Visitor, *, words: str, title: str, quantity: str) -> None:
    marta.page.get_by_label("Cerca nel mercato").fill(words)
    marta.press("Cerca")
    marta.follow(title)
    marta.page.get_by_label("Quanto").fill(quantity)
    marta.press("Metti nel carrello")


def test_three_sellers_and_every_cent_in_its_place(marta: Visitor, paola: Visitor) -> None:
    paola.go("/market/own/new/")
    paola.look("market-offer-new", PHONE, 1440)
    paola.page.get_by_label("Nome").fill("Crostata di mirtilli")
    paola.page.get_by_label("Categoria").select_option("pane")
    paola.page.get_by_label("Prezzo").fill("12,00")
    paola.page.get_by_label("Glutine").check()
    paola.hand_in("photo", name="crostata.jpg", kind="image/jpeg", content=_photo())
    paola.page.get_by_label("Che cosa si vede nella foto").fill("Una crostata")
    paola.press("Metti al mercato")
    assert "Ecco come si vede al mercato." in paola.text()
    paola.look("market-offer-own")

    marta.go("/market/")
    marta.look("market")
    marta.follow("Mappa")
    marta.look("market-map")
    marta.go("/market/")
    _order(marta, words="mele rennette", title="Mele renette", quantity="2")
    marta.go("/market/")
    _order(marta, words="crostata", title="Crostata di mirtilli", quantity="1")
    marta.go("/market/")
    _order(marta, words="miele", title="Miele di castagno", quantity="2")
    marta.go("/market/?q=malga")
    marta.follow("Formaggio di malga")
    marta.look("market-offer")
    marta.page.get_by_label("Quanto").fill("1,5")
    marta.press("Metti nel carrello")

    # 2 × 2.39 + 12.00, 2 × 7.50, 1.5 × 19.99 half up.
    assert "Ordina con obbligo di pagare 61,77 €" in marta.text().replace("\u00a0", " ")
    marta.look("market-cart")
    if marta.page.get_by_label("Usa i miei crediti").count():
        marta.page.get_by_label("Usa i miei crediti").uncheck()
    marta.press(re.compile("Ordina con obbligo"))
    marta.look("market-orders")
    assert marta.text().replace("\u00a0", " ").count("Confermato") == 3
    for amount in ("16,78 €", "15,00 €", "29,99 €"):
        assert amount in marta.text().replace("\u00a0", " ")

    paola.go("/market/board/")
    paola.look("market-board")
    paola.click(paola.page.locator("main a.cover").first)
    paola.look("market-order-seller")
    paola.follow("Consegna l’ordine")
    paola.page.get_by_label("Mele renette").fill("1,5")
    paola.page.get_by_label("Crostata di mirtilli").fill("0")
    paola.look("market-handover")
    paola.press("Consegnato e pagato")

    marta.go("/market/orders/")
    marta.click(marta.page.get_by_role("link", name="Famiglia Cooperativa Valchiara"))
    told = marta.text().replace("\u00a0", " ")
    # 1.5 × 2.39 half up; the cake that was missing costs nothing.
    assert "Consegnato, in parte" in told
    assert re.search(r"Pagati al ritiro\s+3,59 €", told)
    assert re.search(r"Alla piattaforma\s+0,00 €", told)
    marta.look("market-order")

    marta.go("/market/orders/")
    marta.click(marta.page.locator("main li", has_text="15,00").get_by_role("link"))
    marta.page.get_by_text("Annulla l’ordine").first.click()
    marta.press("Annulla l’ordine")
    told = marta.text().replace("\u00a0", " ")
    assert "nessuno paga niente" in told
    assert re.search(r"Da pagare\s+0,00 €", told)
    marta.go("/market/orders/")
    assert marta.text().count("Disdetto") == 1
