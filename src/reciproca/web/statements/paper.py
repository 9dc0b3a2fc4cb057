"""
The house's paper: A4 in our typefaces, with a head, plain tables and a foot on every page.

As accessible as reportlab allows: real text in embedded fonts, a language, a title, an outline of
sections. Whoever needs more reads the page of the same statement, which says the same.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

FONTS = Path(__file__).parent.parent / "data"
TEXT, BOLD, FIGURES = "Atkinson", "Atkinson-Bold", "Bricolage-Bold"

INK, QUIET, LINE = HexColor("#1e1740"), HexColor("#5d5679"), HexColor("#ded7cb")
GOLD, LILAC, VEIL = HexColor("#ffb81f"), HexColor("#c7bcee"), HexColor("#f1ece3")
BRANCH_COLOURS = {
    "member": HexColor("#ffb81f"),
    "common": HexColor("#12694c"),
    "territory": HexColor("#1d5c9f"),
    "solidarity": HexColor("#f07a56"),
}

MARGIN, TOP, FOOT = 20 * mm, 30 * mm, 20 * mm
WIDTH = A4[0] - 2 * MARGIN
AMOUNT_WIDTH = 30 * mm

BODY = ParagraphStyle("body", fontName=TEXT, fontSize=10, leading=14, textColor=INK)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
SMALL = ParagraphStyle("small", BODY, fontSize=8.5, leading=12, textColor=QUIET)
TITLE = ParagraphStyle("title", BODY, fontName=FIGURES, fontSize=22, leading=26, spaceAfter=2 * mm)
SECTION = ParagraphStyle(
    "section",
    BODY,
    fontName=FIGURES,
    fontSize=13,
    leading=17,
    spaceBefore=8 * mm,
    keepWithNext=1,
    spaceAfter=2 * mm,
)
BIG = ParagraphStyle("big", BODY, fontName=FIGURES, fontSize=28, leading=32)
HEAD_CELL = ParagraphStyle("head-cell", SMALL, fontName=BOLD)
FIGURE = ParagraphStyle("figure", BODY, fontName=FIGURES, alignment=TA_RIGHT)
HEAD_FIGURE = ParagraphStyle("head-figure", HEAD_CELL, alignment=TA_RIGHT)


class Section(Paragraph):
    """A section's title, which is also an entry of the outline."""

    def __init__(self, text: str) -> None:
        super().__init__(escape(text), SECTION, bulletText=None)
        self.entry = text


class Paper(BaseDocTemplate):
    """One document: `render` puts its parts on as many pages as they need."""

    def __init__(self, *, title: str, who: str, community: str, language: str) -> None:
        register_fonts()
        self.buffer = BytesIO()
        super().__init__(
            self.buffer,
            pagesize=A4,
            title=title,
            author=community or "Reciproca",
            subject=who,
            creator="Reciproca",
            lang=language,
            initialFontName=TEXT,
            # The same statement gives the same bytes: nothing of the clock goes in.
            invariant=1,
        )
        self._community, self._who = community, who
        frame = Frame(MARGIN, FOOT, WIDTH, A4[1] - TOP - FOOT, 0, 0, 0, 0, id="page")
        self.addPageTemplates(PageTemplate(id="all", frames=[frame], onPage=self._dress))

    def render(self, parts: Sequence[Flowable]) -> bytes:
        """Return the document's bytes."""
        self.build(list(parts), canvasmaker=_Numbered)
        return self.buffer.getvalue()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Write a section into the outline once it stands on a page."""
        if isinstance(flowable, Section):
            key = f"section-{self.page}-{flowable.entry}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.entry, key, 0)

    def _dress(self, canvas: Canvas, _document: object) -> None:
        top = A4[1] - 15 * mm
        half_moons(canvas, MARGIN, top)
        canvas.setFillColor(INK)
        canvas.setFont(FIGURES, 12)
        canvas.drawString(MARGIN + 16 * mm, top - 1.2 * mm, "Reciproca")
        canvas.setFillColor(QUIET)
        canvas.setFont(TEXT, 9)
        canvas.drawRightString(A4[0] - MARGIN, top - 1.2 * mm, self._community)
        canvas.setStrokeColor(LINE)
        canvas.line(MARGIN, FOOT - 4 * mm, A4[0] - MARGIN, FOOT - 4 * mm)
        canvas.drawString(MARGIN, FOOT - 9 * mm, self._who)


class _Numbered(Canvas):
    """Writes “page 1 of 3” when it is known how many there are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setViewerPreference("DisplayDocTitle", "true")
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(TEXT, 9)
            self.setFillColor(QUIET)
            words = _("Pagina %(number)s di %(all)s") % {"number": number, "all": len(self._pages)}
            self.drawRightString(A4[0] - MARGIN, FOOT - 9 * mm, words)
            super().showPage()
        super().save()


def title(text: str, lead: str) -> list[Flowable]:
    """Return a document's title with a sentence under it."""
    return [Paragraph(escape(text), TITLE), Paragraph(escape(lead), BODY)]


def big_figure(figure: str, note: str) -> list[Flowable]:
    """Return the one big number of a document, and what it means."""
    return [Spacer(0, 5 * mm), Paragraph(escape(figure), BIG), Paragraph(escape(note), BODY)]


def said(text: str) -> Paragraph:
    """Return a sentence to be read."""
    return Paragraph(escape(text), BODY)


def note(text: str) -> Paragraph:
    """Return a quiet remark."""
    return Paragraph(escape(text), SMALL)


def account(rows: Sequence[tuple[str, str]], *, last_is_sum: bool = True) -> Table:
    """Return (label, amount) lines as an account; the last one stands out as the sum."""
    cells = [
        [Paragraph(escape(label), BODY), Paragraph(escape(sum_), FIGURE)] for label, sum_ in rows
    ]
    table = Table(cells, colWidths=[WIDTH - 40 * mm, 40 * mm])
    rules = [*_RULES]
    if last_is_sum:
        rules += [("LINEABOVE", (0, -1), (-1, -1), 1.2, INK)]
    table.setStyle(TableStyle(rules))
    return table


def table(
    *, head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1, total: Sequence[str] = ()
) -> Table:
    """
    Return a table: the first `texts` columns are words, the others figures.

    The head is repeated on every page; `total` is a last row that stands out.
    """
    figures = len(head) - texts
    widths = [(WIDTH - figures * AMOUNT_WIDTH) / texts] * texts + [AMOUNT_WIDTH] * figures
    cells = [_cells(head, texts, HEAD_CELL, HEAD_FIGURE)]
    cells += [_cells(row, texts, BODY, FIGURE) for row in rows]
    # Neither the head nor the sum stands alone on a page.
    rules = [
        *_RULES,
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, INK),
        ("NOSPLIT", (0, 0), (-1, 1)),
        ("NOSPLIT", (0, -2), (-1, -1)),
    ]
    if total:
        cells.append(_cells(total, texts, STRONG, FIGURE))
        rules.append(("LINEABOVE", (0, -1), (-1, -1), 1.2, INK))
    drawn = Table(cells, colWidths=widths, repeatRows=1)
    drawn.setStyle(TableStyle(rules))
    return drawn


class BranchBar(Flowable):
    """How value divides over the branches: one bar, always in the branches' own colours."""

    def __init__(self, parts: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.parts = [(key, cents) for key, cents in parts if cents > 0]
        self.width, self.height = WIDTH, 7 * mm

    def draw(self) -> None:
        whole = sum(cents for _key, cents in self.parts)
        x = 0.0
        for key, cents in self.parts:
            part = self.width * cents / whole
            self.canv.setFillColor(BRANCH_COLOURS[key])
            self.canv.rect(x, 2 * mm, part, 5 * mm, stroke=0, fill=1)
            x += part


_RULES: list[Any] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (0, -1), 3 * mm),
    ("TOPPADDING", (0, 0), (-1, -1), 1.4 * mm),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6 * mm),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def _cells(
    row: Sequence[str], texts: int, words: ParagraphStyle, figures: ParagraphStyle
) -> list[Paragraph]:
    return [
        Paragraph(escape(cell), words if place < texts else figures)
        for place, cell in enumerate(row)
    ]


def half_moons(canvas: Canvas, x: float, y: float) -> None:
    """Draw the sign of the house: what you give above, what comes back below, on one line."""
    radius = 3.4 * mm
    canvas.setStrokeColor(INK)
    for colour, left, start in ((GOLD, x, 0), (LILAC, x + 2 * radius, 180)):
        canvas.setFillColor(colour)
        canvas.wedge(left, y - radius, left + 2 * radius, y + radius, start, 180, stroke=0, fill=1)


@cache
def register_fonts() -> None:
    for name, file in (
        (TEXT, "atkinson-regular.ttf"),
        (BOLD, "atkinson-bold.ttf"),
        (FIGURES, "bricolage-bold.ttf"),
    ):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
