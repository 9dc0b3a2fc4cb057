"""Believable rows for the charts of the gallery."""

from datetime import date
from fractions import Fraction
from types import SimpleNamespace as Row

from reciproca.registry.places import Box, Frame, border_paths, project

TRENTO = Frame(Box(45.75, 10.85, 46.35, 11.75), 560, 470)

BRANCHES = [
    Row(key="member", name="A te", cents=979, share=Fraction(2, 5), note="nel portafoglio"),
    Row(key="common", name="Fondo comune", cents=734, share=Fraction(3, 10), note="servizi"),
    Row(
        key="territory", name="Territorio", cents=490, share=Fraction(1, 5), note="bosco e sentieri"
    ),
    Row(key="solidarity", name="Solidarietà", cents=245, share=Fraction(1, 10), note="dispensa"),
]
SELLERS = [
    Row(name="Famiglia Coop. Valchiara", cents=1530, base_cents=30_600),
    Row(name="Caseificio Roncolago", cents=468, base_cents=4_680),
    Row(name="Mobilità Insieme", cents=270, base_cents=2_250),
    Row(name="Panificio Il Lievito", cents=180, base_cents=1_800),
]
MANY_SELLERS = [
    Row(
        name=f"Cooperativa agricola Sant’Anna della Valle {n}",
        cents=9_000 // n**2,
        base_cents=90_000 // n,
    )
    for n in range(1, 12)
]


def charts() -> dict[str, object]:
    """Return what the page of charts shows."""
    return {
        "branches": BRANCHES,
        "sellers": SELLERS,
        "one_seller": SELLERS[:1],
        "many_sellers": MANY_SELLERS,
        "two_branches": [
            Row(key="member", name="A te", cents=9_990, note=""),
            Row(key="common", name="Cassa di mutuo soccorso", cents=10, note=""),
        ],
        "months": [
            Row(on=date(2026, m, 1), cents=c * 100_000)
            for m, c in enumerate([11, 10, 12, 13, 15, 16, 17, 15, 18, 19, 20], 1)
        ],
        "tenths": [900, 2_100, 3_400, 4_600, 6_300, 8_600, 10_100, 11_600, 15_900, 25_400],
        "other_tenths": [1_300, 2_600, 3_900, 5_100, 6_600, 8_800, 9_900, 11_200, 14_800, 21_000],
        "few_months": [
            Row(on=date(2026, m, 1), cents=c) for m, c in [(10, 1_250), (11, 0), (12, 830)]
        ],
        "sectors": [
            Row(key=k, name=n, size=s)
            for k, n, s in [
                ("a", "Consumo", 14),
                ("b", "Agricole", 11),
                ("c", "Credito", 3),
                ("d", "Servizi e lavoro", 16),
                ("e", "Sociali", 8),
            ]
        ],
        "ties": [
            Row(a="a", b="d", weight=112),
            Row(a="a", b="b", weight=84),
            Row(a="d", b="c", weight=51),
            Row(a="d", b="e", weight=30),
            Row(a="b", b="d", weight=44),
            Row(a="a", b="a", weight=9),
            Row(a="b", b="c", weight=12),
        ],
        "steps_down": [
            Row(label="Avanzo dell’esercizio", article="", cents=12_000_000, kind="start"),
            Row(
                label="Riserva legale, 30%",
                article="art. 2545-quater c.c.",
                cents=3_600_000,
                kind="take",
            ),
            Row(
                label="Fondo mutualistico, 3%",
                article="art. 11 l. 59/1992",
                cents=360_000,
                kind="take",
            ),
            Row(
                label="Dividendi, entro il limite dei buoni fruttiferi postali",
                article="art. 2514 c.c.",
                cents=900_000,
                kind="take",
            ),
            Row(
                label="Ristorno ai soci",
                article="art. 2545-sexies c.c.",
                cents=4_000_000,
                kind="take",
            ),
            Row(
                label="Alle riserve indivisibili",
                article="art. 2514 c.c.",
                cents=3_140_000,
                kind="left",
            ),
        ],
        "debts": [
            Row(debtor=MANY[a], creditor=MANY[b], cents=(7 * a + 3 * b) % 11 * 10_000 + 500)
            for a in range(8)
            for b in range(8)
            if (a * 3 + b) % 4 == 1 and a != b
        ],
        "payments": [
            Row(debtor=MANY[0], creditor=MANY[3], cents=120_000),
            Row(debtor=MANY[1], creditor=MANY[5], cents=64_000),
            Row(debtor=MANY[6], creditor=MANY[3], cents=20_500),
        ],
        "areas": border_paths(bbox=TRENTO.box, level="municipalities", width=560, height=470),
        "borders": border_paths(bbox=TRENTO.box, level="provinces", width=560, height=470),
        "points": [
            _point(*place)
            for place in [
                ("Trento", 46.07, 11.12, 12, True),
                ("Pergine", 46.06, 11.24, 3, True),
                ("Levico", 46.01, 11.3, 2, False),
                ("Rovereto", 45.89, 11.04, 5, True),
                ("Borgo Valsugana", 46.05, 11.46, 9, False),
                ("Cavalese", 46.29, 11.46, 4, True),
            ]
        ],
    }


MANY = [
    "Famiglia Coop. Valchiara",
    "Caseificio Roncolago",
    "Mobilità Insieme",
    "Panificio Il Lievito",
    "Maso Dossi",
    "Coop. sociale Il Nido",
    "Apicoltori delle Tre Valli",
    "Agricola sociale Terra Nostra",
]


def _point(name: str, lat: float, lon: float, size: int, on: bool) -> Row:
    x, y = project(lat=lat, lon=lon, frame=TRENTO)
    return Row(name=name, x=x, y=y, size=size, url="#p", on=on)
