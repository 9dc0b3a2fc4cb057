"""What one row of a members' register says, and by what the same person is known again."""

from collections.abc import Sequence
from typing import NamedTuple

from reciproca.imports.reader import Fact
from reciproca.registry.reading.provenance import ROWS, row_name


class MemberRow(NamedTuple):
    """
    One row as JSON keeps it: codes are checked, days are ISO 8601 or empty.

    `number` and `identity` are added when it is read back: where it stood, and what tells its
    person from others: the file's own key, else the tax code, else the row itself.
    """

    key: str
    first_name: str
    last_name: str
    name: str
    tax_code: str
    born_on: str
    email: str
    phone: str
    municipality: str
    address: str
    iban: str
    cooperative: str
    registered_on: str
    kind: str
    share_cents: int
    number: int = 0
    identity: str = ""


def known_row(fact: Fact) -> MemberRow:
    """Return the row of a fact with its number and its identity."""
    staged = fact[0]
    told = MemberRow._make([*staged.values[: len(MemberRow._fields) - 2], staged.number, ""])
    return told._replace(identity=told.key or told.tax_code or row_name(staged))


def first_rows(rows: Sequence[MemberRow]) -> dict[str, MemberRow]:
    """
    Return by identity the row that says who somebody is: the first with their key or tax code.

    Somebody in several registers has a row in each, perhaps with a key of its own.
    """
    first_with: dict[str, MemberRow] = {}
    for row in rows:
        codes = [code for code in (row.identity, row.tax_code) if code]
        first = next((first_with[code] for code in codes if code in first_with), row)
        for code in codes:
            first_with.setdefault(code, first)
    return {row.identity: first_with[row.identity] for row in rows}


def external_id(*, row: MemberRow, source: str) -> tuple[str, str] | None:
    """Return what the person is known by besides the tax code: the file's key, else the row."""
    if row.key:
        return source, row.key
    return None if row.tax_code else (ROWS, row.identity)
