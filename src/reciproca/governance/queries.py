"""Reads of what was decided."""

from dataclasses import dataclass
from datetime import date

from reciproca.governance.models import Adoption


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy, as its canonical text, and the day from which it runs."""

    digest: str
    in_force_on: date
    document: str


def adopted_policies(*, kind: str) -> list[Adopted]:
    """Return the adopted policies of a kind, the first to come into force first, in one SQL query."""
    rows = Adoption.objects.filter(kind=kind).select_related("policy").order_by("in_force_on", "id")
    return [Adopted(a.policy_id, a.in_force_on, a.policy.document) for a in rows]
