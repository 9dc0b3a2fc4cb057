import gzip
from pathlib import Path

import pytest

from reciproca.imports.files.opening import fingerprint, open_table
from reciproca.imports.files.table import (
    FileBroken,
    FileEmpty,
    FileRefused,
    FileTooLarge,
    FileUnknown,
    RowTooLong,
    SeparatorWrong,
    TooManyColumns,
)
from reciproca.imports.mapping import FileOptions

TABLE = "nome;città\nAda;Forlì\nBruno;Cantù\n"


def read(
    content: bytes, folder: Path, *, name: str = "tabella.csv", options: FileOptions | None = None
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    path = folder / name
    path.write_bytes(content)
    table = open_table(path=path, known=fingerprint(path=path), options=options or FileOptions())
    try:
        return table.header, list(table.rows)
    finally:
        table.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_common_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    header, rows = read(TABLE.encode(encoding), tmp_path)

    assert header == ["nome", "città"]
    assert rows == [(2, ["Ada", "Forlì"]), (3, ["Bruno", "Cantù"])]


def test_an_accent_far_down_decides_the_encoding_of_the_whole_file(tmp_path: Path) -> None:
    content = b"nome;luogo\n" + b"Ada;Trento\n" * 30_000 + "Bruno;Cantù\n".encode("cp1252")

    _header, rows = read(content, tmp_path)

    assert rows[-1] == (30_002, ["Bruno", "Cantù"])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_common_separators_are_found_out(tmp_path: Path, separator: str) -> None:
    text = f'a{separator}b\n"1{separator}5"{separator}2\n'

    assert read(text.encode(), tmp_path) == (["a", "b"], [(2, [f"1{separator}5", "2"])])


def test_decimal_commas_are_not_taken_for_separators(tmp_path: Path) -> None:
    header, rows = read(b"data;importo\n1/2/2026;3,50\n2/2/2026;4,10\n", tmp_path)

    assert header == ["data", "importo"]
    assert rows[0] == (2, ["1/2/2026", "3,50"])


def test_the_separator_that_excel_announces_is_believed(tmp_path: Path) -> None:
    assert read(b"sep=|\na|b\n1;2|3;4\n", tmp_path)[1] == [(2, ["1;2", "3;4"])]


def test_the_mapping_decides_where_it_says_something(tmp_path: Path) -> None:
    options = FileOptions(separator="|", encoding="cp1252")

    assert read("a|b;c\n1|è;2\n".encode("cp1252"), tmp_path, options=options) == (
        ["a", "b;c"],
        [(2, ["1", "è;2"])],
    )


def test_a_separator_that_divides_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SeparatorWrong) as refusal:
        read(TABLE.encode(), tmp_path, options=FileOptions(separator="\t"))
    with pytest.raises(FileEmpty):
        read(b"\n\n", tmp_path, options=FileOptions(separator="\t"))

    assert "\\t" in str(refusal.value)


def test_blanks_divide_the_columns_where_no_other_sign_does(tmp_path: Path) -> None:
    text = ' id  data    pezzi\r\n 01 19970101    1 \r\n 20 19970112   12\r\n 3 "12 1 1997" 1\r\n'

    assert read(text.encode(), tmp_path) == (
        ["id", "data", "pezzi"],
        [(2, ["01", "19970101", "1"]), (3, ["20", "19970112", "12"]), (4, ["3", "12 1 1997", "1"])],
    )


def test_a_file_without_names_of_columns_gets_them_from_the_mapping(tmp_path: Path) -> None:
    options = FileOptions(header=("id", "data"))
    rows = [["1", "x"], ["2", "y"]]

    bare = read(b" 1 x\n 2 y\n", tmp_path, options=options)
    said = read(
        "\ufeffID;Data;riga;motivo\r\n1;x;3;è vuoto\r\n".encode(), tmp_path, options=options
    )

    assert bare == (["id", "data"], [(1, rows[0]), (2, rows[1])])
    assert said == (["ID", "Data", "riga", "motivo"], [(2, ["1", "x", "3", "è vuoto"])])
    with pytest.raises(FileEmpty):
        read(b"\n", tmp_path, options=options)


def test_a_mark_of_the_encoding_is_believed_before_the_mapping(tmp_path: Path) -> None:
    assert read(TABLE.encode("utf-8-sig"), tmp_path, options=FileOptions(encoding="cp1252")) == (
        ["nome", "città"],
        [(2, ["Ada", "Forlì"]), (3, ["Bruno", "Cantù"])],
    )


def test_a_packed_file_is_read_and_is_the_same_file(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "qualunque.bin"
    plain.write_text(TABLE)
    packed.write_bytes(gzip.compress(TABLE.encode()))

    assert fingerprint(path=plain).digest == fingerprint(path=packed).digest
    assert read(packed.read_bytes(), tmp_path)[1][0] == (2, ["Ada", "Forlì"])


def test_titles_above_the_header_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    text = "Vendite di giugno\n\na,b\n1,2\n\n , \n3,4\n   \n"

    assert read(text.encode(), tmp_path) == (["a", "b"], [(4, ["1", "2"]), (7, ["3", "4"])])


def test_a_cell_may_hold_lines_and_quotes(tmp_path: Path) -> None:
    text = 'a,b\n"prima\nseconda","detta ""la bella"""\n'

    assert read(text.encode(), tmp_path)[1] == [(2, ["prima\nseconda", 'detta "la bella"'])]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"una colonna sola\n1\n2\n", b"\xef\xbb\xbf"])
def test_what_holds_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileEmpty):
        read(content, tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1", b"a,b\x00c\n1,2\x00\n"],
)
def test_what_is_no_table_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileUnknown):
        read(content, tmp_path)


def test_a_packed_file_cut_short_says_where(tmp_path: Path) -> None:
    lines = b"".join(b"riga;%d\n" % number**5 for number in range(200_000))
    with pytest.raises(FileBroken) as refusal:
        read(gzip.compress(lines)[:-40], tmp_path)

    assert int(str(refusal.value.params["row"])) > 100_000


def test_a_quote_that_never_closes_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    with pytest.raises(RowTooLong):
        read(b'a,b\n1,"' + b"x,y\n" * 100_000, tmp_path)


def test_a_line_that_never_ends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RowTooLong):
        read(b"a,b\n" + b"1," * 100_000, tmp_path)


def test_a_table_as_wide_as_a_street_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyColumns):
        read((",".join(f"c{n}" for n in range(400)) + "\n").encode(), tmp_path)


def test_a_packed_file_may_not_unpack_without_end(tmp_path: Path) -> None:
    path = tmp_path / "bomba.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 500_000))

    with pytest.raises(FileTooLarge):
        fingerprint(path=path, most_bytes=1_000_000)


def test_every_refusal_of_a_file_is_one_kind_of_refusal() -> None:
    assert issubclass(FileEmpty, FileRefused)
    assert "CSV" in str(FileUnknown())
