import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from reciproca.imports.files import workbook
from reciproca.imports.files.opening import fingerprint, open_table
from reciproca.imports.files.table import FileBroken, FileTooLarge, FileUnknown
from reciproca.imports.files.workbook import SheetMissing
from reciproca.imports.mapping import FileOptions

Rows = list[tuple[int, list[str]]]


def save(rows: list[list[object]], folder: Path, *, title: str = "Foglio1") -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    path = folder / "libro.xlsx"
    book.save(path)
    return path


def read(path: Path, options: FileOptions | None = None) -> tuple[list[str], Rows]:
    table = open_table(path=path, known=fingerprint(path=path), options=options or FileOptions())
    try:
        return table.header, list(table.rows)
    finally:
        table.close()


def test_cells_come_as_a_text_file_would_carry_them(tmp_path: Path) -> None:
    moment = datetime(2026, 6, 2, 9, 30)  # noqa: DTZ001 - spreadsheets know no zones
    path = save(
        [
            ["codice", "quando", "importo", "attivo"],
            [12345.0, date(2026, 6, 2), 12.5, True],
            ["00123", moment, 0.1 + 0.2, None],
            [None, None, None, None],
            [7, "", 1234567890.1, False],
        ],
        tmp_path,
    )

    header, rows = read(path)

    assert header == ["codice", "quando", "importo", "attivo"]
    assert rows == [
        (2, ["12345", "2026-06-02", "12.5", "1"]),
        (3, ["00123", "2026-06-02 09:30:00", "0.3"]),
        (5, ["7", "", "1234567890.1", "0"]),
    ]


def test_numbers_take_the_decimal_mark_of_the_mapping(tmp_path: Path) -> None:
    path = save([["a", "b"], ["x", 12.5]], tmp_path)

    assert read(path, FileOptions(decimal_mark=","))[1] == [(2, ["x", "12,5"])]


def test_a_workbook_is_one_whatever_its_name(tmp_path: Path) -> None:
    path = save([["a", "b"], ["x", 12.5]], tmp_path).rename(tmp_path / "file")

    assert read(path) == (["a", "b"], [(2, ["x", "12.5"])])


def test_a_formula_is_never_computed_nor_shown(tmp_path: Path) -> None:
    path = save([["a", "b"], ["x", "=1+1"]], tmp_path)

    assert read(path)[1] == [(2, ["x"])]


def test_a_sheet_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = save([["a", "b"], [1, 2]], tmp_path, title="Vendite")

    assert read(path, FileOptions(sheet="Vendite"))[1] == [(2, ["1", "2"])]
    with pytest.raises(SheetMissing) as refusal:
        read(path, FileOptions(sheet="Acquisti"))
    assert "Vendite" in str(refusal.value)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "finto.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ciao.txt", "ciao")

    with pytest.raises(FileUnknown):
        read(path)


def test_a_workbook_without_its_workbook_is_refused(tmp_path: Path) -> None:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    path = tmp_path / "finto.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}"></Types>')
        archive.writestr("xl/workbook.xml", "<x/>")

    with pytest.raises(FileBroken):
        read(path)


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    path = save([["a", "b"], [1, 2]], tmp_path)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(FileBroken):
        read(path)


def test_a_bomb_is_refused_by_its_directory_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED_BYTES", 1_000_000)
    path = tmp_path / "bomba.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    with pytest.raises(FileTooLarge):
        fingerprint(path=path)


def test_a_workbook_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_BYTES", 100)

    with pytest.raises(FileTooLarge):
        fingerprint(path=save([["a", "b"], [1, 2]], tmp_path))


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    path = save([["a", "b"], ["uno", "due"]], tmp_path)
    trap = tmp_path / "trappola.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(trap, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == "xl/workbook.xml":
                trick = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                content = trick + content[content.index(b"<workbook") :]
            bad.writestr(name, content)

    with pytest.raises(FileBroken):
        read(trap)
