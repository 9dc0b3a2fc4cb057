"""The shapes in which organisations, people and memberships come in, from a page or a file."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganisationIn:
    """
    An organisation as somebody describes it; every code may be empty.

    `kind`, `sector`, `category`, `mutuality` and `mutual_exchange` are values of the registry's
    choices. `municipality` is an ISTAT code. `external_id` is (whose file, the key in it).
    """

    name: str
    kind: str = "cooperative"
    legal_name: str = ""
    description: str = ""
    sector: str = "other"
    category: str = ""
    mutuality: str = ""
    mutual_exchange: str = ""
    register_number: str = ""
    tax_code: str = ""
    vat_number: str = ""
    rea: str = ""
    certified_email: str = ""
    sdi_code: str = ""
    ateco_code: str = ""
    municipality: str = ""
    address: str = ""
    iban: str = ""
    account_name: str = ""
    external_id: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PersonIn:
    """A person as somebody describes them; `name` serves where first and last are not apart."""

    first_name: str = ""
    last_name: str = ""
    name: str = ""
    tax_code: str = ""
    born_on: date | None = None
    email: str = ""
    phone: str = ""
    municipality: str = ""
    address: str = ""
    iban: str = ""
    external_id: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class MemberIn:
    """
    A line for a cooperative's members' register.

    `share_cents` is the share capital paid in when registered; zero moves nothing.
    """

    member_id: UUID
    cooperative_id: UUID
    registered_on: date
    applied_on: date | None = None
    kind: str = "cooperator"
    share_cents: int = 0
