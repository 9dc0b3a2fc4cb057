"""Two entries that are one organisation: the one without history becomes part of the other."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models.fields.reverse_related import ManyToOneRel
from django.utils.translation import gettext_lazy as _

from reciproca.imports.queries import imports_of
from reciproca.ledger.queries import nodes_with_accounts
from reciproca.registry.actions.directory import refresh_directory
from reciproca.registry.models import (
    LIVE_STATES,
    ApiKey,
    DirectoryEntry,
    ExternalId,
    Mandate,
    Membership,
    Merge,
    Node,
    NotTheSame,
    Organisation,
)
from reciproca.registry.queries.doubles import KINDS
from reciproca.shared.errors import DomainError

Tables = Sequence[tuple[type[models.Model], str]]

GOES_ALONG: Tables = (
    (ExternalId, "node"),
    (Mandate, "organisation"),
    (ApiKey, "organisation"),
    (Membership, "member"),
)
"""What is an heir's from now on, by the field that names whose it is."""

STAYS: Tables = ((Merge, "heir"), (Node, "merged_into"))
"""What was merged into an entry earlier is found by way of it; that hinders nobody."""


class MergeRefused(DomainError):
    code = "merge-refused"
    message = _("Si uniscono due schede aperte di organizzazioni: ricarica la pagina.")
    status = 422


class TaxCodesDiffer(DomainError):
    code = "tax-codes-differ"
    message = _("Hanno due codici fiscali diversi, %(one)s e %(other)s: non sono la stessa.")


class BothAreMembers(DomainError):
    code = "both-are-members"
    message = _("Tutte e due sono nello stesso libro soci: prima una delle due deve uscirne.")


class HasHistory(DomainError):
    code = "has-history"
    message = _(
        "“%(name)s” ha già una storia (soci, acquisti, conti o file): resta com’è. Se l’altra non"
        " ne ha, unisci quella."
    )


class MergeAlreadyUndone(DomainError):
    code = "merge-already-undone"
    message = _("Questa unione è già stata annullata.")


class HeirClosed(DomainError):
    code = "heir-closed"
    message = _("“%(name)s” è chiusa o unita a un’altra: annulla prima quella unione.")


@transaction.atomic
def note_not_the_same(
    *, one_id: UUID, other_id: UUID, noted_by: UUID | None, noted_at: datetime
) -> None:
    """Remember that two entries are two, so that nobody is asked again. Raises: MergeRefused."""
    one, other = sorted((one_id, other_id))
    kinds = Node.objects.filter(pk__in=[one, other]).values_list("kind", flat=True)
    if len(kinds) < 2 or {kind in KINDS for kind in kinds} != {kinds[0] in KINDS}:
        raise MergeRefused
    NotTheSame.objects.get_or_create(
        one_id=one, other_id=other, defaults={"noted_by": noted_by, "noted_at": noted_at}
    )


@transaction.atomic
def merge_organisations(
    *, merged_id: UUID, heir_id: UUID, merged_by: UUID | None, merged_at: datetime
) -> UUID:
    """
    Close an entry and make another its heir; return the merge's id, for its undo.

    Nothing of value is moved: an entry with members, purchases, accounts or files of its own is
    refused. Its mandates, keys, memberships and codes in others' files go to the heir.

    Raises: MergeRefused, TaxCodesDiffer, BothAreMembers, HasHistory.
    Source: docs/decisions/0020-merging-entries.md
    """
    # Held against whoever would write something new about either of them meanwhile.
    nodes = Node.objects.select_for_update().filter(pk__in=[merged_id, heir_id])
    found = {node.id: node for node in nodes.order_by("id") if node.kind in KINDS}
    if len(found) < 2 or any(node.closed_at for node in found.values()):
        raise MergeRefused
    merged = found[merged_id]
    _refuse_two_tax_codes(merged_id, heir_id)
    refuse_two_memberships(merged_id, heir_id)
    if has_history(merged_id, known={*GOES_ALONG, *STAYS}):
        raise HasHistory(name=merged.name)
    moved = move_along(GOES_ALONG, merged_id, heir_id) | _move_tax_code(merged_id, heir_id)
    merged.merged_into_id, merged.closed_at = heir_id, merged_at
    merged.save(update_fields=["merged_into", "closed_at"])
    DirectoryEntry.objects.filter(node=merged_id).delete()
    refresh_directory(nodes=[heir_id])
    merge = Merge.objects.create(
        merged=merged, heir_id=heir_id, moved=moved, merged_by=merged_by, merged_at=merged_at
    )
    return merge.id


@transaction.atomic
def undo_merge(*, merge_id: UUID, undone_by: UUID | None, undone_at: datetime) -> None:
    """
    Open a merged entry again and give it back what went along; what came since stays the heir's.

    Raises: MergeAlreadyUndone, HeirClosed, Merge.DoesNotExist.
    """
    merge = Merge.objects.select_for_update().get(pk=merge_id, merged__kind__in=KINDS)
    if merge.undone_at is not None:
        raise MergeAlreadyUndone
    nodes = Node.objects.select_for_update().filter(pk__in=[merge.merged_id, merge.heir_id])
    found = {node.id: node for node in nodes.order_by("id")}
    merged, heir = found[merge.merged_id], found[merge.heir_id]
    if heir.closed_at is not None:
        raise HeirClosed(name=heir.name)
    give_back(GOES_ALONG, merge)
    if code := merge.moved.get("tax_code"):
        given = Organisation.objects.filter(node=heir.id, tax_code=code)
        if given.update(tax_code=""):
            Organisation.objects.filter(node=merged.id).update(tax_code=code)
    merged.merged_into_id, merged.closed_at = None, None
    merged.save(update_fields=["merged_into", "closed_at"])
    refresh_directory(nodes=[merged.id, heir.id])
    merge.undone_by, merge.undone_at = undone_by, undone_at
    merge.save(update_fields=["undone_by", "undone_at"])


def _refuse_two_tax_codes(merged_id: UUID, heir_id: UUID) -> None:
    codes = Organisation.objects.filter(node__in=[merged_id, heir_id]).exclude(tax_code="")
    different = sorted(codes.values_list("tax_code", flat=True))
    if len(different) > 1:
        raise TaxCodesDiffer(one=different[0], other=different[1])


def refuse_two_memberships(merged_id: UUID, heir_id: UUID) -> None:
    live = Membership.objects.filter(state__in=LIVE_STATES)
    shared = live.filter(member=heir_id).values("cooperative")
    if live.filter(member=merged_id, cooperative__in=shared).exists():
        raise BothAreMembers


def has_history(node_id: UUID, *, known: Collection[tuple[type[models.Model], str]]) -> bool:
    """
    Return whether anything hangs on a node that cannot go to another.

    Rooms above say so themselves: what they keep of a node that must not vanish, they protect.
    `known` is what a merge takes care of.
    """
    if nodes_with_accounts([node_id]) or imports_of(organisation_id=node_id).exists():
        return True
    for relation in Node._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.on_delete is not models.PROTECT:
            continue
        model: Any = relation.related_model
        name = relation.field.name
        if (model, name) not in known and model._default_manager.filter(**{name: node_id}).exists():
            return True
    return False


def move_along(tables: Tables, merged_id: UUID, heir_id: UUID, /) -> dict[str, Any]:
    """Let the heir have a merged entry's rows, and return which they were."""
    moved: dict[str, Any] = {}
    for model, field in tables:
        rows = model._default_manager.filter(**{field: merged_id})
        keys = list(rows.values_list("pk", flat=True))
        model._default_manager.filter(pk__in=keys).update(**{field: heir_id})
        moved[model._meta.label] = [str(key) for key in keys]
    return moved


def give_back(tables: Tables, merge: Merge, /) -> None:
    """Let a merged entry have again those rows of its own that its heir still has."""
    for model, field in tables:
        rows = model._default_manager.filter(pk__in=merge.moved.get(model._meta.label, []))
        rows.filter(**{field: merge.heir_id}).update(**{field: merge.merged_id})


def _move_tax_code(merged_id: UUID, heir_id: UUID) -> dict[str, Any]:
    """Let the heir have the tax code that only the merged entry knew; a code stands once."""
    own = Organisation.objects.get(pk=merged_id)
    if not own.tax_code:
        return {}
    Organisation.objects.filter(pk=merged_id).update(tax_code="")
    Organisation.objects.filter(pk=heir_id).update(tax_code=own.tax_code)
    return {"tax_code": own.tax_code}
