from pathlib import Path

import pytest

from reciproca.imports import mapping as mappings
from reciproca.imports.columns import (
    ColumnRepeated,
    ColumnsMissing,
    ColumnUnknown,
    Field,
    FieldUnknown,
    layout,
    plain,
    recognised,
)
from reciproca.imports.mapping import MappingRefused, Strict, load_mapping, read_mapping, validated

FIELDS = (
    Field("amount", "importo", ("importo", "totale"), is_required=True),
    Field("member", "socio", ("socio", "tessera")),
)


def refused(text: str) -> str:
    with pytest.raises(MappingRefused) as refusal:
        read_mapping(text)
    return str(refusal.value)


def test_a_mapping_says_where_everything_is() -> None:
    mapping = read_mapping(
        'kind = "purchases"\npolicy = "abc"\n[columns]\namount = "Totale"\n'
        '[constants]\nseller = "x"\n[file]\nseparator = "\\t"\n[values.category]\nA = "pane"\n'
    )

    assert mapping.columns == {"amount": "Totale"}
    assert mapping.file.separator == "\t"
    assert mapping.values["category"] == {"A": "pane"}
    assert mapping.room_options == {"policy": "abc"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[file]\nmoney = "euros"', "“file.money” vale “euros”"),
        ('[file]\nmoney = "euros"', "cents"),
        ('[file]\ndecimal = ","', "forse “decimal_mark”"),
        ("[columns]\namount = 3", "“columns.amount” deve essere un testo"),
        ('columns = "x"', "una tabella"),
        ('[file]\ntimezone = "Roma"', "fuso orario"),
        ('[file]\ndecimal_mark = ","\nthousands_mark = ","', "sono lo stesso"),
        ("[grouping]\nby = 'month'", "basket"),
        ('[file]\nheader = "id"', "“file.header” deve essere un elenco"),
        ('[file]\ndate_format = "%Q"', "“%d.%m.%Y”"),
        ('[file]\ndate_format = "%H:%M"', "un giorno intero"),
        ('title = "a\\u0000b"', "toglilo"),
        ("columns = [", "TOML"),
        ("columns = " + "[" * 50_000, "TOML"),
        ("columns = " + "1" * 9_000, "TOML"),
    ],
)
def test_each_mistake_names_the_key_and_what_to_write(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_rooms_own_keys_are_checked_by_its_own_model() -> None:
    class Own(Strict):
        source: str = ""

    assert validated(Own, {"source": "x"}).source == "x"
    with pytest.raises(MappingRefused) as refusal:
        validated(Own, {"sorce": "x"})
    assert "forse “source”" in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(MappingRefused):
        load_mapping(path)


def test_the_mappings_that_come_with_the_house_are_sound() -> None:
    folder = Path(mappings.__file__).parent / "mappings"
    names = {path.stem for path in folder.glob("*.toml") if load_mapping(path).title}

    assert names == {
        "cdnow",
        "cdnow_master",
        "complete_journey",
        "complete_journey_baskets",
        "italian_cooperatives",
    }


def test_columns_are_recognised_however_their_names_are_written() -> None:
    assert plain("  N. Tessera (Socio) ") == "n_tessera_socio"
    assert recognised(header=["TOTALE", "Tessera", "Importo"], fields=FIELDS) == {
        "amount": "Importo",
        "member": "Tessera",
    }


def test_a_column_is_found_by_its_very_name_or_written_another_way() -> None:
    found = layout(
        header=["Totale €", "Socio"], fields=FIELDS, columns={"amount": "totale"}, constants={}
    )

    assert found.positions == {"amount": 0}
    assert found.has("amount")
    assert not found.has("member")


def test_a_constant_stands_for_a_column() -> None:
    found = layout(header=["a", "b"], fields=FIELDS, columns={}, constants={"amount": "1"})

    assert found.has("amount")


def test_what_cannot_be_found_is_said_with_what_the_file_has() -> None:
    header = ["Totale", "Socio", "Socio"]
    with pytest.raises(ColumnsMissing) as missing:
        layout(header=header, fields=FIELDS, columns={"member": ""}, constants={})
    with pytest.raises(ColumnUnknown) as unknown:
        layout(header=header, fields=FIELDS, columns={"amount": "Totali"}, constants={})
    with pytest.raises(ColumnRepeated):
        layout(header=header, fields=FIELDS, columns={"member": "Socio"}, constants={})
    with pytest.raises(FieldUnknown):
        layout(header=header, fields=FIELDS, columns={"colour": "Totale"}, constants={})

    assert "importo" in str(missing.value)
    assert "Forse è “Totale”" in str(unknown.value)
