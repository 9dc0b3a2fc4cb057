"""What a mapping of purchases says besides its columns: who is made when nobody is found."""

from string import Formatter
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, field_validator

from reciproca.imports.mapping import Strict

DEFAULT_SOURCE = "import"
LONGEST_TEMPLATE = 100
"""With the longest code in it, it is still a name."""


def _with_value(template: str) -> str:
    """
    Return a name template that has `{value}` and nothing else to fill in.

    Raises: ValueError.
    """
    reason = _("scrivi un nome breve con dentro {value}, per esempio “Socio {value}”")
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(reason) from error
    filled = {(name, spec, conversion) for _text, name, spec, conversion in parts if name}
    if filled != {("value", "", None)} or len(template) > LONGEST_TEMPLATE:
        raise ValueError(reason)
    return template


class Members(Strict):
    """
    Whoever bought.

    `unknown` people are made, refused, or recorded as nobody's purchases. Rows without anybody are
    refused or nobody's (`empty`); when nothing is said of them, like the unknown, but never made.
    `source` names whose codes they are: an ExternalId.
    """

    unknown: Literal["create", "refuse", "nobody"] = "refuse"
    empty: Literal["refuse", "nobody"] | None = None
    source: str = Field(default=DEFAULT_SOURCE, min_length=1, max_length=60)
    name: str = "Socio {value}"

    _named = field_validator("name")(_with_value)

    @property
    def may_lack(self) -> bool:
        """Return whether a row may name nobody."""
        return (self.empty or self.unknown) == "nobody"


class Sellers(Strict):
    """
    Whoever sold; those made get all of this.

    `rate_bp` is the share of each sale that they commit to give back, from the first day of the
    file on; `municipality` is an ISTAT code.
    """

    unknown: Literal["create", "refuse"] = "refuse"
    source: str = Field(default=DEFAULT_SOURCE, min_length=1, max_length=60)
    name: str = "Cooperativa {value}"
    kind: Literal["cooperative", "company", "purchasing_group"] = "cooperative"
    sector: str = "other"
    category: str = ""
    municipality: str = ""
    rate_bp: int = Field(default=0, ge=0, le=10_000)

    _named = field_validator("name")(_with_value)


class PurchaseOptions(Strict):
    """
    `members = "create"` is short for a table with that `unknown`. `policy` is the hash of an
    adopted policy to apply whatever the day; credit then ends by the day of recording.
    """

    members: Members = Members()
    sellers: Sellers = Sellers()
    policy: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    @field_validator("members", "sellers", mode="before")
    @classmethod
    def _short_form(cls, told: Any) -> Any:
        return {"unknown": told} if isinstance(told, str) else told
