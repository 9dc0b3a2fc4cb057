"""An extract of a cooperative's members' register as PDF: who was in it at the end of a day."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from reciproca.registry.queries import BookLine
from reciproca.web.statements import paper
from reciproca.web.words import count, euro, language, when

SIZE, LEADING, PAD = 9, 12, 5
HEAD = LEADING + 2 * PAD
GAP = 4 * mm

Row = Sequence[Sequence[str]]
"""The cells of a row, each in the lines that fit its column."""


class Column(NamedTuple):
    """A column of the book: its title, its width, whether figures stand in it."""

    title: str
    width: float
    is_figure: bool = False


def register_pdf(
    lines: Sequence[BookLine], *, on: date, cooperative: str, community: str, text: str = ""
) -> bytes:
    """Return the extract of a register; `text` is what was looked for, empty for the whole book."""
    title = _("Libro soci")
    document = paper.Paper(
        title=f"{title}, {cooperative}, {when(on, style='full')}",
        who=_("%(cooperative)s, libro soci al %(day)s")
        % {"cooperative": cooperative, "day": when(on, style="full")},
        community=community,
        language=language(),
    )
    return document.render(list(_parts(lines, title, on, cooperative, text)))


def _parts(
    lines: Sequence[BookLine], title: str, on: date, cooperative: str, text: str
) -> Iterator[Flowable]:
    told = {"cooperative": cooperative, "day": when(on, style="full")}
    yield from paper.title(title, _("%(cooperative)s, com’era alla fine del %(day)s") % told)
    if text:
        yield Spacer(0, 2 * mm)
        yield paper.note(_("Solo le righe cercate: “%(text)s”.") % {"text": text})
    members = [line for line in lines if line.left_on is None]
    gone = [line for line in lines if line.left_on is not None]
    yield from _section(_("Chi è socio"))
    yield Book(_members_columns(), [_member_cells(line) for line in members])
    yield Spacer(0, 4 * mm)
    how_many = ngettext("un socio", "%(n)s soci", len(members)) % {"n": count(len(members))}
    capital = sum(line.shares_cents for line in members)
    yield paper.account([(how_many, ""), (_("Capitale dei soci"), euro(capital))])
    if gone:
        yield from _section(_("Chi è uscito"))
        yield Book(_gone_columns(), [_gone_cells(line) for line in gone])


def _section(title: str) -> Iterator[Flowable]:
    """Return a title that begins a page rather than end one, over a book of any length."""
    yield CondPageBreak(40 * mm)
    section = paper.Section(title)
    # Kept with the whole book, as it is with a short table, it would leave its page empty.
    section.keepWithNext = 0
    yield section


def _members_columns() -> list[Column]:
    return [
        Column(_("N."), 14 * mm, is_figure=True),
        Column(_("Nome"), 58 * mm),
        Column(_("Tipo"), 36 * mm),
        Column(_("Dal"), 24 * mm),
        Column(_("Capitale"), 38 * mm, is_figure=True),
    ]


def _member_cells(line: BookLine) -> list[str]:
    kind = line.kind_title
    if line.state == "suspended":
        kind = f"{kind}, {line.state_title.lower()}"
    return [_number(line), line.name, kind, _day(line.registered_on), euro(line.shares_cents)]


def _gone_columns() -> list[Column]:
    return [
        Column(_("N."), 14 * mm, is_figure=True),
        Column(_("Nome"), 50 * mm),
        Column(_("Dal"), 22 * mm),
        Column(_("Fino al"), 22 * mm),
        Column(_("Come"), 30 * mm),
        Column(_("Da rendere"), 32 * mm, is_figure=True),
    ]


def _gone_cells(line: BookLine) -> list[str]:
    days = [_day(line.registered_on), _day(line.left_on)]
    left = euro(line.shares_cents) if line.shares_cents else ""
    return [_number(line), line.name, *days, line.state_title, left]


def _number(line: BookLine) -> str:
    return str(line.number)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


class Book(Flowable):
    """
    A long table drawn line by line, its head on every page.

    reportlab's own tables copy what is left at every page; a register of a hundred thousand members
    is two thousand pages.
    """

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        super().__init__()
        paper.register_fonts()
        self.columns = columns
        # Broken into lines once: every part of a book that was split reads the same rows.
        self.rows = [[_pieces(*pair) for pair in zip(columns, row, strict=True)] for row in rows]
        self.first, self.last = 0, len(self.rows)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height, self.fitting = available_width, HEAD, self.first
        while self.fitting < self.last:
            row = _height(self.rows[self.fitting])
            if self.height + row > available_height:
                # More than fits: asks to be split here.
                return available_width, available_height + 1
            self.height += row
            self.fitting += 1
        return available_width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        self.wrap(available_width, available_height)
        if self.fitting in (self.first, self.last):
            return []
        return [self._part(self.first, self.fitting), self._part(self.fitting, self.last)]

    def draw(self) -> None:
        heads = [[column.title] for column in self.columns]
        y = self._draw_row(heads, self.height, is_head=True)
        for row in self.rows[self.first : self.last]:
            y = self._draw_row(row, y)

    def _part(self, first: int, last: int) -> "Book":
        part = Book(self.columns, ())
        part.rows, part.first, part.last = self.rows, first, last
        return part

    def _draw_row(self, row: Row, top: float, *, is_head: bool = False) -> float:
        self.canv.setFont(paper.BOLD if is_head else paper.TEXT, SIZE)
        self.canv.setFillColor(paper.QUIET if is_head else paper.INK)
        x, bottom = 0.0, top - _height(row)
        for column, pieces in zip(self.columns, row, strict=True):
            y = top - PAD - SIZE
            for piece in pieces:
                if column.is_figure:
                    self.canv.drawRightString(x + column.width - GAP, y, piece)
                else:
                    self.canv.drawString(x, y, piece)
                y -= LEADING
            x += column.width
        self.canv.setStrokeColor(paper.INK if is_head else paper.LINE)
        self.canv.line(0, bottom, self.width, bottom)
        return bottom


def _height(row: Row) -> float:
    return LEADING * max(map(len, row)) + 2 * PAD


def _pieces(column: Column, text: str) -> Sequence[str]:
    """Return a text in lines that fit its column; nearly always it is one."""
    width = column.width - GAP
    if column.is_figure or stringWidth(text, paper.TEXT, SIZE) <= width:
        return (text,)
    return tuple(simpleSplit(text, paper.TEXT, SIZE, width))
