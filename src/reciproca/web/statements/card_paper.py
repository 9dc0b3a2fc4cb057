"""A card on paper: a sheet to cut out of, or a plastic card's own page, with the bars of EAN-13."""

from io import BytesIO

from django.utils.translation import gettext as _
from reportlab.lib.colors import white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from reciproca.web.barcode import MODULES, QUIET_MODULES, ean13_modules
from reciproca.web.statements.paper import (
    BOLD,
    FIGURES,
    INK,
    LINE,
    QUIET,
    TEXT,
    half_moons,
    register_fonts,
)

WIDTH, HEIGHT = 85.6 * mm, 53.98 * mm
"""A card of ISO/IEC 7810, ID-1."""

BLEED = 3 * mm
BAND = 15 * mm
MODULE = 0.33 * mm
BARS = 16 * mm


def card_sheet(*, name: str, number: str, community: str) -> bytes:
    """Return an A4 sheet with the card, to be cut out along its thin line, and how it is used."""
    register_fonts()
    canvas, buffer = _canvas(A4, name)
    left, top = 22 * mm, A4[1] - 30 * mm
    canvas.setStrokeColor(LINE)
    canvas.rect(left, top - HEIGHT, WIDTH, HEIGHT)
    _front(canvas, left, top - HEIGHT, name, number, community)
    canvas.setFillColor(INK)
    text = canvas.beginText(left, top - HEIGHT - 14 * mm)
    text.setLeading(15)
    text.setFont(TEXT, 10.5)
    for line in (
        _("Ritaglia la carta e portala con te: vale in ogni cooperativa della comunità."),
        _("Mostrala alla cassa: il ritorno nasce da solo."),
        _("Per usare il ritorno serve il tuo PIN, oppure il codice sul telefono."),
        _("Se la perdi, bloccala subito dal telefono o in cooperativa: i crediti restano tuoi."),
    ):
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return buffer.getvalue()


def plastic_card(*, name: str, number: str, community: str) -> bytes:
    """Return one page of a plastic card's size, with three millimetres of bleed on every side."""
    register_fonts()
    canvas, buffer = _canvas((WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED), name)
    canvas.setTrimBox((BLEED, BLEED, BLEED + WIDTH, BLEED + HEIGHT))
    _front(canvas, BLEED, BLEED, name, number, community, bleed=BLEED)
    canvas.save()
    return buffer.getvalue()


def _canvas(size: tuple[float, float], name: str) -> tuple[Canvas, BytesIO]:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    canvas.setTitle(name)
    canvas.setCreator("Reciproca")
    return canvas, buffer


def _front(
    canvas: Canvas,
    x: float,
    y: float,
    name: str,
    number: str,
    community: str,
    *,
    bleed: float = 0,
) -> None:
    canvas.setFillColor(INK)
    canvas.rect(x - bleed, y + HEIGHT - BAND, WIDTH + 2 * bleed, BAND + bleed, stroke=0, fill=1)
    half_moons(canvas, x + 6 * mm, y + HEIGHT - BAND / 2)
    canvas.setFillColor(white)
    canvas.setFont(FIGURES, 11)
    canvas.drawString(x + 22 * mm, y + HEIGHT - BAND / 2 - 1.4 * mm, community[:38])
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 11)
    canvas.drawString(x + 6 * mm, y + HEIGHT - BAND - 8 * mm, name[:38])
    left = x + (WIDTH - (MODULES + 2 * QUIET_MODULES) * MODULE) / 2 + QUIET_MODULES * MODULE
    for place, module in enumerate(ean13_modules(number)):
        if module == "1":
            canvas.rect(left + place * MODULE, y + 8 * mm, MODULE, BARS, stroke=0, fill=1)
    canvas.setFillColor(QUIET)
    canvas.setFont(TEXT, 9)
    digits = f"{number[:1]} {number[1:7]} {number[7:]}"
    canvas.drawCentredString(x + WIDTH / 2, y + 3.6 * mm, digits)
