"""
GDXP, in which programs of purchasing groups hand price lists to each other: read and written.

Version 1 is JSON; of version 0, XML, files are still about and are read. Numbers come as JSON
numbers or as texts, with a dot or a comma: they are kept as they were written, never as floats.

Source: docs/rules/joint-buying.md
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_dot

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PRODUCTS = 100_000

SUPPLIER_FIELDS = {"supplier": "name", "supplier_vat": "vatNumber", "supplier_tax": "taxCode"}
PRODUCT_FIELDS = {
    "sku": "sku",
    "name": "name",
    "category": "category",
    "description": "description",
    "unit": "um",
    "active": "active",
}
ORDER_FIELDS = {
    "price": "umPrice",
    "pack": "packageQty",
    "least": "minQty",
    "portion": "mulQty",
    "most": "maxQty",
    "available": "availableQty",
    "vat": "vatRate",
    "shipping": "shippingCost",
}
HEADER = (*SUPPLIER_FIELDS, *PRODUCT_FIELDS, *ORDER_FIELDS)
"""The columns in which a list is handed on; quantities of zero mean no limit."""

_THREE_DECIMALS = re.compile(r"\d+[.,]\d{3}", re.ASCII)


class GdxpUnreadable(DomainError):
    code = "gdxp-unreadable"
    message = _(
        "Questo file non è un listino GDXP che riusciamo a leggere (%(trouble)s): chiedine un altro"
        " a chi te l’ha dato, o salvalo come CSV."
    )
    status = 422


def read_gdxp(content: bytes) -> Iterator[list[str]]:
    """
    Yield each product of a list as texts, in the order of HEADER.

    Entities of an XML file are refused, and so is a file beyond what a list can be.

    Raises: GdxpUnreadable, before the first product.
    """
    if len(content) > LARGEST_BYTES:
        raise GdxpUnreadable(trouble=_("supera i 20 MB"))
    rows = _from_xml(content) if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else None
    found = list(rows if rows is not None else _from_json(content))
    if len(found) > MOST_PRODUCTS:
        raise GdxpUnreadable(trouble=_("ha più di centomila prodotti"))
    return iter(found)


def write_gdxp(
    *,
    subject: str,
    supplier: Mapping[str, str],
    products: Sequence[Mapping[str, Any]],
    created_on: date,
    signature: str,
) -> bytes:
    """
    Return a price list as GDXP 1.

    `supplier` and `products` have the names of HEADER; a price is whole cents, other quantities
    texts of decimal numbers with a dot. Keys are in a fixed order: a list always gives one file.
    """
    told = {
        "protocolVersion": 1.0,
        "creationDate": created_on.isoformat(),
        "applicationSignature": signature,
        "subject": {"name": subject},
        "blocks": [
            {
                "supplier": {
                    **_named(supplier, SUPPLIER_FIELDS),
                    "products": [_product(each) for each in products],
                }
            }
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _product(given: Mapping[str, Any]) -> dict[str, object]:
    told: dict[str, object] = _named(given, PRODUCT_FIELDS)
    told["active"] = given["active"]
    numbers = {theirs: given[ours] for ours, theirs in ORDER_FIELDS.items() if given.get(ours)}
    # Texts, so that a reader who counts in binary fractions cannot change a price.
    return {**told, "orderInfo": {**numbers, "umPrice": format_dot(given["price"])}}


def _named(given: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    return {theirs: given[ours] for ours, theirs in fields.items() if given.get(ours)}


def _from_json(content: bytes) -> Iterator[list[str]]:
    try:
        # Numbers stay the letters they were written with.
        read = json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str
        )
    except (ValueError, RecursionError) as trouble:
        raise GdxpUnreadable(trouble=_("il JSON è rovinato")) from trouble
    for block in _list(_dict(read).get("blocks")):
        supplier = _dict(_dict(block).get("supplier"))
        for each in _list(supplier.get("products")):
            product = _dict(each)
            yield _row(supplier, product, _dict(product.get("orderInfo")))


def _from_xml(content: bytes) -> Iterator[list[str]]:
    try:
        # Old files name their DTD; what it could declare is refused, and nothing is fetched.
        root = fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as trouble:
        raise GdxpUnreadable(trouble=_("l’XML è rovinato, o contiene entità")) from trouble
    for supplier in _within(root, "supplier"):
        for product in _within(supplier, "product"):
            info = next(iter(_within(product, "orderInfo")), Element("orderInfo"))
            yield _row(_texts(supplier), _texts(product), _texts(info))


def _row(
    supplier: Mapping[str, Any], product: Mapping[str, Any], info: Mapping[str, Any]
) -> list[str]:
    parts = ((supplier, SUPPLIER_FIELDS), (product, PRODUCT_FIELDS), (info, ORDER_FIELDS))
    cells = [_text(part.get(theirs)) for part, fields in parts for theirs in fields.values()]
    price = HEADER.index("price")
    if _THREE_DECIMALS.fullmatch(cells[price]):
        # With a fourth decimal nobody takes the dot for a mark of thousands.
        cells[price] += "0"
    cells[price] = cells[price].replace(",", ".")
    return cells


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return " ".join(value.split()) if isinstance(value, str) else ""


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _within(parent: Element, name: str) -> list[Element]:
    """Return the elements of this name anywhere below, in whatever namespace."""
    return [each for each in parent.iter() if str(each.tag).rpartition("}")[2] == name]


def _texts(parent: Element) -> Mapping[str, str]:
    return {str(each.tag).rpartition("}")[2]: each.text or "" for each in parent}
