"""Organisations, the community they form, and the funds, pools and projects it holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.actions.changes import apply_changes, note_changes
from reciproca.registry.actions.checks import (
    ChoiceUnknown,
    note_external_ids,
    refuse_taken_tax_codes,
    refuse_unknown_municipalities,
)
from reciproca.registry.actions.directory import refresh_directory
from reciproca.registry.bulk import copy_rows
from reciproca.registry.forms import OrganisationIn
from reciproca.registry.models import (
    Category,
    Community,
    MutualExchange,
    Mutuality,
    Node,
    NodeKind,
    Organisation,
    Sector,
)
from reciproca.registry.rules import (
    LETTERS_OF_ORGANISATION,
    NameMissing,
    check_name,
    clean_organisation,
)
from reciproca.registry.telling import IBAN_CHANGED, managers_of
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import uuid7
from reciproca.shared.locks import wait_for_turn

KINDS = ("cooperative", "company", "purchasing_group", "federation")
HELD_KINDS = ("fund", "pool", "project")
"""What has no bank account of its own: a federation or an organisation holds its money."""

_CHOICES = {
    "sector": (*Sector.values, ""),
    "category": (*Category.values, ""),
    "mutuality": (*Mutuality.values, ""),
    "mutual_exchange": (*MutualExchange.values, ""),
    "kind": KINDS,
}
_OWN_FIELDS = (
    "legal_name",
    "sector",
    "category",
    "mutuality",
    "mutual_exchange",
    "register_number",
    "tax_code",
    "vat_number",
    "rea",
    "certified_email",
    "sdi_code",
    "ateco_code",
)
_NODE_FIELDS = ("name", "description", "address", "iban", "account_name")


class CommunityAlreadyOpen(DomainError):
    code = "community-already-open"
    message = _("La comunità è già aperta: una base di dati ne contiene una sola.")


class HolderRefused(DomainError):
    code = "holder-refused"
    message = _("Un fondo o un progetto è tenuto da un’organizzazione: scegli quale.")
    status = 422


@transaction.atomic
def open_community(
    *, name: str, federation: OrganisationIn, opened_by: UUID | None, opened_at: datetime
) -> UUID:
    """
    Open the one community of this database and return its federation's node.

    Raises: CommunityAlreadyOpen, and what `register_organisations` raises.
    """
    wait_for_turn("community")
    if Community.objects.exists():
        raise CommunityAlreadyOpen
    if not name.strip():
        raise NameMissing
    check_name(name, least=LETTERS_OF_ORGANISATION)
    (federation_id,) = register_organisations(
        organisations=[replace(federation, kind=NodeKind.FEDERATION)],
        recorded_by=opened_by,
        recorded_at=opened_at,
    )
    Community.objects.create(name=name.strip(), federation_id=federation_id)
    return federation_id


def register_organisation(
    *, organisation: OrganisationIn, recorded_by: UUID | None, recorded_at: datetime
) -> UUID:
    """Add one organisation to the registry; see `register_organisations`."""
    (node_id,) = register_organisations(
        organisations=[organisation], recorded_by=recorded_by, recorded_at=recorded_at
    )
    return node_id


@transaction.atomic
def register_organisations(
    *,
    organisations: Sequence[OrganisationIn],
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> list[UUID]:
    """
    Add organisations to the registry, all or none, and return their nodes in the same order.

    The number of SQL statements does not depend on how many they are.

    Raises: what `rules.clean_organisation` raises, ChoiceUnknown, MunicipalityUnknown,
    TaxCodeTaken, ExternalIdTaken.
    """
    cleaned = [checked_organisation(each) for each in organisations]
    refuse_unknown_municipalities([each.municipality for each in cleaned])
    refuse_taken_tax_codes(model=Organisation, codes=[each.tax_code for each in cleaned])
    ids = [uuid7() for _each in cleaned]
    pairs = list(zip(ids, cleaned, strict=True))
    of_node, own = attrgetter(*_NODE_FIELDS), attrgetter(*_OWN_FIELDS)
    copy_rows(
        model=Node,
        fields=("id", "kind", "municipality", "opened_by", "opened_at", *_NODE_FIELDS),
        rows=(
            (node, each.kind, each.municipality or None, recorded_by, recorded_at, *of_node(each))
            for node, each in pairs
        ),
    )
    copy_rows(
        model=Organisation,
        fields=("node", *_OWN_FIELDS),
        rows=((node, *own(each)) for node, each in pairs),
    )
    note_external_ids([(node, *each.external_id) for node, each in pairs if each.external_id])
    refresh_directory(nodes=ids)
    return ids


@transaction.atomic
def change_organisation(
    *, node_id: UUID, organisation: OrganisationIn, changed_by: UUID, changed_at: datetime
) -> None:
    """
    Bring an organisation's entry up to date; its kind and external id stay as they are.

    Raises: as `register_organisations`; Node.DoesNotExist.
    """
    node = Node.objects.select_for_update().get(pk=node_id, kind__in=KINDS)
    own = Organisation.objects.get(pk=node_id)
    cleaned = checked_organisation(replace(organisation, kind=node.kind))
    refuse_unknown_municipalities([cleaned.municipality])
    if cleaned.tax_code != own.tax_code:
        refuse_taken_tax_codes(model=Organisation, codes=[cleaned.tax_code])
    changes = {
        **apply_changes(node, {name: getattr(cleaned, name) for name in _NODE_FIELDS}),
        **apply_changes(node, {"municipality_id": cleaned.municipality or None}),
        **apply_changes(own, {name: getattr(cleaned, name) for name in _OWN_FIELDS}),
    }
    note_changes(node_id=node_id, changes=changes, changed_by=changed_by, changed_at=changed_at)
    refresh_directory(nodes=[node_id])
    if "iban" in changes:
        tell(
            recipients=managers_of(node_id=node_id, at=changed_at),
            kind=IBAN_CHANGED,
            told_at=changed_at,
            params={"organisation": node.name},
        )


@transaction.atomic
def create_fund(
    *,
    kind: str,
    name: str,
    held_by: UUID,
    created_by: UUID | None,
    created_at: datetime,
    description: str = "",
    municipality: str = "",
) -> UUID:
    """
    Create a fund, a pool or a project, whose money `held_by` keeps, and return its node.

    Raises: NameMissing, NameUnreadable, ChoiceUnknown, HolderRefused, MunicipalityUnknown.
    """
    if kind not in HELD_KINDS:
        raise ChoiceUnknown(value=kind, field="kind", known=", ".join(HELD_KINDS))
    if not name.strip():
        raise NameMissing
    check_name(name, least=LETTERS_OF_ORGANISATION)
    if not Node.objects.filter(pk=held_by, kind__in=KINDS, closed_at=None).exists():
        raise HolderRefused
    refuse_unknown_municipalities([municipality])
    node = Node.objects.create(
        kind=kind,
        name=" ".join(name.split()),
        description=description.strip(),
        municipality_id=municipality or None,
        held_by_id=held_by,
        opened_by=created_by,
        opened_at=created_at,
    )
    refresh_directory(nodes=[node.id])
    return node.id


def checked_organisation(organisation: OrganisationIn) -> OrganisationIn:
    """
    Return the organisation cleaned, its choices known; no database is asked.

    What an import calls row by row, so that each refusal names its row.

    Raises: what `rules.clean_organisation` raises, ChoiceUnknown.
    """
    for field, known in _CHOICES.items():
        if (value := getattr(organisation, field)) not in known:
            raise ChoiceUnknown(value=value, field=field, known=", ".join(filter(None, known)))
    return clean_organisation(organisation)
