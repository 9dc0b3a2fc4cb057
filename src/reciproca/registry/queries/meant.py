"""Which organisation somebody means: by a file's own code, by tax code or VAT number, by name."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models import Node, Organisation
from reciproca.registry.names import core_name
from reciproca.registry.queries.nodes import (
    SELLING_KINDS,
    heirs_of,
    nodes_known_as,
    organisations_named,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import with_zeros

MOST_NAMES = 5


class OrganisationUnclear(DomainError):
    code = "organisation-unclear"
    message = _(
        "“%(code)s” può voler dire più di una cooperativa: %(names)s. "
        "Scrivi il codice fiscale di quella giusta."
    )


@dataclass(frozen=True, slots=True)
class Meant:
    """Organisations by what they were called; of what could mean several, the names of those."""

    known: dict[str, UUID]
    unclear: dict[str, str]


class _Named(NamedTuple):
    node_id: UUID
    name: str
    legal_name: str | None
    tax_code: str | None


def organisations_meant(
    *, calls: Collection[str], source: str, kinds: Collection[str] = SELLING_KINDS
) -> Meant:
    """
    Return which open organisations `calls` mean; the first of these that finds one decides.

    A code of the file's own (`source`); a tax code, or the VAT number of one alone; the very name;
    the name or the legal name once legal form, articles, capitals, signs and blanks are set aside.
    """
    known = nodes_known_as(source=source, values=calls)
    for find in (_with_codes, organisations_named):
        known |= find(set(calls) - known.keys())
    alike = _alike(set(calls) - known.keys(), kinds)
    known |= {call: found[0].node_id for call, found in alike.items() if len(found) == 1}
    # An entry that was merged is found under its heir.
    heirs = heirs_of(set(known.values()))
    known = {call: heirs.get(node, node) for call, node in known.items()}
    taking_part = Node.objects.filter(pk__in=known.values(), kind__in=kinds, closed_at=None)
    open_ones = set(taking_part.values_list("pk", flat=True)) if known else set()
    return Meant(
        known={call: node for call, node in known.items() if node in open_ones},
        unclear={call: _listed(found) for call, found in alike.items() if len(found) > 1},
    )


def _with_codes(calls: Collection[str]) -> dict[str, UUID]:
    codes = {call: code for call in calls if (code := with_zeros(call))}
    wanted = set(codes.values())
    by_tax_code: dict[str, UUID] = {}
    by_vat_number: dict[str, list[UUID]] = defaultdict(list)
    found = Organisation.objects.filter(Q(tax_code__in=wanted) | Q(vat_number__in=wanted))
    for node_id, tax_code, vat_number in found.values_list("node_id", "tax_code", "vat_number"):
        by_tax_code[tax_code] = node_id
        by_vat_number[vat_number].append(node_id)
    nodes = {code: nodes[0] for code, nodes in by_vat_number.items() if len(nodes) == 1}
    nodes |= by_tax_code
    return {call: nodes[code] for call, code in codes.items() if code in nodes}


def _alike(calls: Collection[str], kinds: Collection[str]) -> dict[str, list[_Named]]:
    """Return the open organisations whose names are, legal form aside, the same as these."""
    # Digits alone are a code: “12” is not the cooperative “12 soc. coop.”.
    cores = {call: core_name(call) for call in calls if any(map(str.isalpha, call))}
    if not cores:
        return {}
    wanted = set(cores.values())
    named: dict[str, list[_Named]] = defaultdict(list)
    for each in _names(kinds):
        for core in {core_name(each.name), core_name(each.legal_name or each.name)} & wanted:
            named[core].append(each)
    return {call: named[core] for call, core in cores.items() if core in named}


def _names(kinds: Collection[str]) -> list[_Named]:
    nodes = Node.objects.filter(kind__in=kinds, closed_at=None).order_by("name_key", "id")
    columns = ("id", "name", "organisation__legal_name", "organisation__tax_code")
    return [_Named(*row) for row in nodes.values_list(*columns)]


def _listed(found: Collection[_Named]) -> str:
    names = [f"{each.name} ({each.tax_code})" if each.tax_code else each.name for each in found]
    return "; ".join([*names[:MOST_NAMES], "…"] if len(names) > MOST_NAMES else names)
