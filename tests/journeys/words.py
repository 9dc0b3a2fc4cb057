"""Reading what pages say: amounts as people write them, rows of a file."""

import csv
import io
import re
from fractions import Fraction

AMOUNT = re.compile(r"[+−-]?\d{1,3}(?:\.\d{3})*,\d+")


def cents(text: str) -> int:
    """Return the first amount of a text in cents; `+1.234,56 €` is 123456."""
    found = AMOUNT.search(text)
    assert found, f"no amount in “{text}”"
    return int(hundredths(found.group()))


def hundredths(text: str) -> Fraction:
    """Return an amount with any decimals, exactly, in hundredths of its unit."""
    plain = text.replace("−", "-").replace(".", "").replace(",", ".")
    return Fraction(re.sub(r"[^\d.\-]", "", plain)) * 100


def rows(content: bytes, delimiter: str = ";") -> list[list[str]]:
    """Return the rows of a CSV file that a page gave out, the header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
