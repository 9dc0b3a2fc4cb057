"""A farm's price list, in each of the shapes in which one arrives."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.makers import NOON

from reciproca.imports import actions as imports
from reciproca.imports.mapping import Mapping
from reciproca.imports.models import Import
from reciproca.joint_buying.models import Product, Supplier
from reciproca.joint_buying.reading import PRICELISTS

FARM = "Azienda agricola Maso Alto"
VAT = "01533550222"

LIST = f"""\
fornitore;partita iva;codice;prodotto;um;prezzo;cassa;multiplo;minimo gruppo;scaglioni;iva
{FARM};{VAT};ME1;Mele Renetta;kg;2,20;10;0,5;20;30:1,95; 60:1,80;4
{FARM};{VAT};OL1;Olio;l;11,50;6;1;;;4
"""


def csv_list(*rows: str) -> str:
    """Return a list in CSV, with scales quoted as a spreadsheet does; `rows` are added."""
    return LIST.replace("30:1,95; 60:1,80", '"30:1,95; 60:1,80"') + "".join(f"{r}\n" for r in rows)


def gdxp_list(*, version: object = 1.0, **info: object) -> bytes:
    """Return a list of one product in GDXP 1; `info` is what it says of ordering."""
    product = {
        "name": "Mele Renetta",
        "um": "kg",
        "sku": "ME1",
        "orderInfo": {"umPrice": 2.2, "packageQty": 10, "mulQty": 0.5, **info},
    }
    told = {
        "protocolVersion": version,
        "creationDate": "2026-11-01",
        "applicationSignature": "Altro programma",
        "subject": {"name": "GAS Tre Valli"},
        "blocks": [{"supplier": {"name": FARM, "vatNumber": VAT, "products": [product]}}],
    }
    return json.dumps(told).encode()


def bring_in(
    path: Path, content: str | bytes, *, keeper_id: UUID | None = None, good_rows: bool = True
) -> Import:
    """Import a list from a file as its page does."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    received = imports.receive_file(
        kind="pricelist",
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=Mapping(kind="pricelist"),
        organisation_id=keeper_id,
        started_by=None,
        started_at=NOON,
    )
    imports.read_file(import_id=received.pk, reader=PRICELISTS, path=path)
    return imports.accept_rows(import_id=received.pk, reader=PRICELISTS, takes_good_rows=good_rows)


def make_price_list(*, keeper_id: UUID | None, name: str = FARM, **fields: Any) -> UUID:
    """Keep a list of one product and return its supplier."""
    brought = imports.receive_file(
        kind="pricelist",
        file_name="listino.csv",
        size_bytes=1,
        mapping=Mapping(kind="pricelist"),
        organisation_id=keeper_id,
        started_by=None,
        started_at=NOON,
    )
    supplier = Supplier.objects.create(keeper_id=keeper_id, code=name.casefold(), name=name)
    told = {
        "code": "ME1",
        "sku": "ME1",
        "name": "Mele Renetta",
        "unit": "kg",
        "price_cents": 220,
        "pack_thousandths": 10_000,
        "portion_thousandths": 500,
        "least_thousandths": 0,
        "most_thousandths": 0,
        "available_thousandths": 0,
        "minimum_thousandths": 0,
        **fields,
    }
    Product.objects.create(supplier=supplier, imported_by=brought, **told)
    return supplier.id
