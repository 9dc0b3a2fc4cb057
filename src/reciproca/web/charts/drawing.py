"""What all charts share: numbers for attributes, names that fit, the table of the same numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log10

ORDER = ("member", "common", "territory", "solidarity")
"""The four branches, always in this order."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class DataTable:
    """The chart's numbers: the first cell of a row names it, the others are figures as text."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def cells(self) -> list[list[tuple[Column, str]]]:
        """Return each row's figures with their columns."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def table(
    *, caption: str, name: str, figures: Iterable[str], rows: Iterable[Iterable[str]]
) -> DataTable:
    """Return a table whose first column is `name` and whose others are `figures`."""
    columns = (Column(name, numeric=False), *(Column(label) for label in figures))
    return DataTable(caption, columns, tuple(tuple(row) for row in rows))


def px(value: float) -> str:
    """Return a coordinate as an attribute wants it: one decimal, none when it is zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def shorten(name: str, *, chars: int) -> str:
    """Return a name cut to `chars` letters, at a word where one ends in the last third."""
    if len(name) <= chars:
        return name
    cut = name[: chars - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > chars * 2 // 3 else cut).rstrip(" ,.-–") + "…"


_GENERIC = frozenset(
    "cooperativa coop societa società soc sociale sociali agricola agricole agricolo consumo"
    " famiglia consorzio fondo srl scarl arl onlus ets della delle dello degli dei del di da il la"
    " lo le gli e ed the of and cooperative".split()
)


def short_name(name: str, *, chars: int) -> str:
    """Return the word that tells an organisation from its neighbours, for narrow places."""
    words = [word.strip(".,“”\"'()") for word in name.replace("’", "' ").replace("'", "' ").split()]
    telling = [word for word in words if word and word.casefold().strip("'") not in _GENERIC]
    proper = [word for word in telling if word[0].isupper() and len(word) > 2]
    return shorten((proper or telling or words or [name])[-1], chars=chars)


def nice_step(largest: float, *, steps: int) -> int:
    """Return the round step (1, 2 or 5 times a power of ten) that covers `largest` in `steps`."""
    if largest <= 0:
        return 1
    rough = max(1.0, largest / steps)
    power = 10 ** floor(log10(rough))
    return next(int(power * step) for step in (1, 2, 5, 10) if power * step >= rough - 1e-9)
