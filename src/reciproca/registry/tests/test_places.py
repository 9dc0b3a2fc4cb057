"""Places are read from our own files: every municipality once, however people write it."""

import csv
from pathlib import Path

import pytest

from reciproca.registry.places import (
    Box,
    Frame,
    Level,
    Point,
    border_paths,
    distance_metres,
    find_municipality,
    load_municipalities,
    project,
)

DATA = Path(__file__).parents[1] / "data"
SOURCE = Path(__file__).parents[5] / "shared" / "data" / "italy_geography" / "comuni_2023.csv"
ITALY = Box(south=35.4, west=6.5, north=47.2, east=18.6)
NON_VALLEY = Box(south=46.2, west=10.9, north=46.5, east=11.2)
MENDED = {"031019", "031022", "032001"}


def found(name: str, province: str | None = None) -> str | None:
    row = find_municipality(name=name, province=province)
    return f"{row.name} ({row.province_sigla})" if row else None


def test_every_municipality_is_there_once() -> None:
    codes = [row.istat_code for row in load_municipalities()]

    assert len(codes) == len(set(codes)) == 7_899
    assert codes == sorted(codes)
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_napoli_is_a_province_and_not_a_missing_value() -> None:
    assert sum(row.province_sigla == "NA" for row in load_municipalities()) == 92
    assert found("NAPOLI", "NA") == "Napoli (NA)"


def test_the_three_new_municipalities_have_no_population_yet() -> None:
    unknown = {row.name for row in load_municipalities() if row.population is None}

    assert unknown == {"Misiliscemi", "Montecopiolo", "Sassofeltrio"}


def test_the_files_stay_under_a_megabyte() -> None:
    assert sum(file.stat().st_size for file in DATA.glob("*.gz")) < 1_000_000


@pytest.mark.skipif(not SOURCE.exists(), reason="the shared data are not on this machine")
def test_the_table_agrees_with_an_independent_extract() -> None:
    with SOURCE.open(encoding="utf-8") as lines:
        expected = {row["istat_code"]: row for row in csv.DictReader(lines)}

    for row in load_municipalities():
        other = expected[row.istat_code]
        assert row.name == other["name"] or row.istat_code in MENDED
        assert (row.province_sigla, row.province) == (other["province_sigla"], other["province"])
        assert row.region == other["region"]
        assert str(row.population or "") == other["population"]
        there = Point(float(other["lat"]), float(other["lon"]))
        assert distance_metres(a=Point(row.lat, row.lon), b=there) < 10


@pytest.mark.parametrize(
    ("name", "province", "expected"),
    [
        ("FORLI'", None, "Forlì (FC)"),
        ("FORLI'", "FO", "Forlì (FC)"),
        ("Cantu’", "CO", "Cantù (CO)"),
        ("L AQUILA", "AQ", "L'Aquila (AQ)"),
        ("castello molina di fiemme", "Trento", "Castello-Molina di Fiemme (TN)"),
        ("Bozen", None, "Bolzano/Bozen (BZ)"),
        ("BOLZANO", "Bolzano", "Bolzano/Bozen (BZ)"),
        ("Bolzano / Bozen", "BZ", "Bolzano/Bozen (BZ)"),
        ("Duino Aurisina", "TS", "Duino Aurisina-Devin Nabrežina (TS)"),
        ("S. MICHELE ALL'ADIGE", "TN", "San Michele all'Adige (TN)"),
        ("Reggio Emilia", "RE", "Reggio nell'Emilia (RE)"),
        ("REGGIO CALABRIA", "Reggio Calabria", "Reggio di Calabria (RC)"),
        ("Samone", "tn", "Samone (TN)"),
        ("Olbia", "OT", "Olbia (SS)"),
    ],
)
def test_a_municipality_is_understood_as_people_write_it(
    name: str, province: str | None, expected: str
) -> None:
    assert found(name, province) == expected


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Samone", None),  # one near Torino, one in Trentino
        ("Napoli", "MI"),
        ("Gattico", "NO"),  # part of Gattico-Veruno since 2019
        ("Taio", "TN"),  # part of Predaia since 2015
        ("Vattelapesca", None),
        ("", None),
        ("'", "TN"),
    ],
)
def test_what_is_not_one_municipality_is_nobody(name: str, province: str | None) -> None:
    assert find_municipality(name=name, province=province) is None


def test_every_municipality_is_found_by_its_own_name_and_province() -> None:
    for row in load_municipalities():
        assert find_municipality(name=row.name.upper(), province=row.province_sigla) == row


def test_distances_are_those_of_a_map() -> None:
    trento, roma = Point(46.0667, 11.1167), Point(41.9, 12.5)

    assert distance_metres(a=trento, b=trento) == 0
    assert distance_metres(a=trento, b=roma) == distance_metres(a=roma, b=trento)
    assert distance_metres(a=trento, b=roma) == pytest.approx(476_000, rel=0.01)
    assert distance_metres(a=Point(0, 0), b=Point(0, 1)) == 111_195


def test_the_box_fits_whole_and_centred_with_north_above() -> None:
    frame = Frame(box=Box(south=46, west=10, north=47, east=11), width=400, height=200)

    top = project(lat=47, lon=10.5, frame=frame)
    bottom = project(lat=46, lon=10.5, frame=frame)
    west = project(lat=46.5, lon=10, frame=frame)

    assert top == pytest.approx((200, 0))
    assert bottom == pytest.approx((200, 200))
    # At 46.5 degrees north a degree of longitude is 0.688 of one of latitude.
    assert west == pytest.approx((200 - 200 * 0.6884 / 2, 100), abs=0.01)


@pytest.mark.parametrize(
    ("level", "bbox", "least", "most"),
    [
        ("regions", ITALY, 20, 20),
        ("provinces", ITALY, 107, 107),
        ("regions", NON_VALLEY, 1, 3),
        ("provinces", NON_VALLEY, 2, 4),
        ("municipalities", NON_VALLEY, 30, 60),
    ],
)
def test_only_what_reaches_the_box_is_drawn(level: Level, bbox: Box, least: int, most: int) -> None:
    paths = border_paths(bbox=bbox, level=level, width=800, height=800)

    assert least <= len(paths) <= most
    assert all(path.startswith("M") and path.endswith("Z") for path in paths)


def test_a_drawing_is_made_once_and_is_light() -> None:
    first = border_paths(bbox=ITALY, level="regions", width=400, height=500)

    assert border_paths(bbox=ITALY, level="regions", width=400, height=500) is first
    assert sum(map(len, first)) < 80_000


def test_neighbours_share_their_border_() -> None:
    paths = border_paths(bbox=NON_VALLEY, level="municipalities", width=800, height=800)
    vertices = [set(path.strip("MZ").replace("ZM", " ").split()) for path in paths]

    touching = sum(len(a & b) > 3 for a in vertices for b in vertices if a is not b)

    assert touching > 2 * len(paths)
