"""What a person may read of themselves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.registry.models import Node


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's own data, as the registry keeps it."""

    id: UUID
    name: str
    first_name: str
    last_name: str
    tax_code: str
    born_on: date | None
    email: str
    phone: str
    address: str
    municipality: str
    municipality_name: str
    iban: str


def person_page(*, person_id: UUID) -> PersonPage | None:
    """Return what the registry knows of a person, in one SQL query."""
    node = (
        Node.objects.select_related("person", "municipality")
        .filter(pk=person_id, kind="person")
        .first()
    )
    if node is None:
        return None
    return PersonPage(
        id=node.id,
        name=node.name,
        first_name=node.person.first_name,
        last_name=node.person.last_name,
        tax_code=node.person.tax_code,
        born_on=node.person.born_on,
        email=node.person.email,
        phone=node.person.phone,
        address=node.address,
        municipality=node.municipality_id or "",
        municipality_name=str(node.municipality or ""),
        iban=node.iban,
    )


def open_person(*, person_id: UUID) -> PersonPage | None:
    """Return the same of a person whose entry is open, in two SQL queries."""
    if not Node.objects.filter(pk=person_id, closed_at=None).exists():
        return None
    return person_page(person_id=person_id)
