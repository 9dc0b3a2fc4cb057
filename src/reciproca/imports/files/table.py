"""The shape in which every file is read: a header and rows of text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

MOST_COLUMNS = 300
LONGEST_ROW = 64_000
HEADER_WITHIN_ROWS = 20

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """
    A file being read.

    `rows` gives (row number as a spreadsheet counts, cells) once, in order, blank rows left out.
    `position` tells how many of the `size_bytes` have been read. Whoever opened it closes it.
    `number_mark` is the decimal mark of cells that were numbers, not texts.
    """

    header: Cells
    rows: Iterator[tuple[int, Cells]]
    position: Callable[[], int]
    size_bytes: int
    close: Callable[[], None]
    number_mark: str = ""


class FileRefused(DomainError):
    """A file that cannot be read as a whole; nothing of it is taken."""

    code = "file-refused"
    message = _("Non riusciamo a leggere questo file. Salvalo come CSV o XLSX e riprova.")
    status = 422


class FileEmpty(FileRefused):
    code = "file-empty"
    message = _(
        "Nel file non c’è una tabella: servono almeno due colonne, con i nomi nella prima riga."
    )


class SeparatorWrong(FileRefused):
    code = "separator-wrong"
    message = _(
        "La mappatura dice che il separatore è “%(separator)s”, ma non divide il file in colonne. "
        "Correggilo, oppure toglilo: lo riconosciamo da soli."
    )


class FileUnknown(FileRefused):
    code = "file-unknown"
    message = _("Questo file non è né CSV né XLSX. Aprilo con il foglio di calcolo e salvalo così.")


class FileBroken(FileRefused):
    code = "file-broken"
    message = _("Il file si interrompe o è rovinato alla riga %(row)s. Salvalo di nuovo e riprova.")


class RowTooLong(FileRefused):
    code = "row-too-long"
    message = _(
        "La riga %(row)s è più lunga di quanto una riga possa essere. "
        "Forse una virgoletta non si chiude, o il separatore è un altro."
    )


class FileTooLarge(FileRefused):
    code = "file-too-large"
    message = _("Il file è troppo grande: %(limit)s al massimo. Dividilo, o salvalo come CSV.")
    status = 413


class TooManyColumns(FileRefused):
    code = "too-many-columns"
    message = _("La tabella ha più di %(limit)s colonne: togli quelle che non servono.")


def with_header(
    records: Iterator[tuple[int, Cells]], *, names: Sequence[str] = ()
) -> tuple[Cells, Iterator[tuple[int, Cells]]]:
    """
    Return the header (the first row with two names or more) and the rows that follow, none blank.

    `names` are the header of a file that has none; a first row that says the same is still one.

    Raises: FileEmpty, TooManyColumns.
    """
    filled = ((number, cells) for number, cells in records if any(map(str.strip, cells)))
    if names:
        return _named(filled, [name.strip() for name in names])
    for _seen, (_number, cells) in zip(range(HEADER_WITHIN_ROWS), filled, strict=False):
        header = [cell.strip() for cell in cells]
        while header and not header[-1]:
            header.pop()
        if len(header) > MOST_COLUMNS:
            raise TooManyColumns(limit=MOST_COLUMNS)
        if sum(map(bool, header)) > 1:
            return header, filled
    raise FileEmpty


def _named(
    filled: Iterator[tuple[int, Cells]], names: Cells
) -> tuple[Cells, Iterator[tuple[int, Cells]]]:
    first = next(filled, None)
    if first is None:
        raise FileEmpty
    said = [cell.strip() for cell in first[1]]
    if [name.casefold() for name in said[: len(names)]] == [name.casefold() for name in names]:
        # Our own list of refused rows has a header, and columns after it.
        return said, filled
    return names, chain([first], filled)
