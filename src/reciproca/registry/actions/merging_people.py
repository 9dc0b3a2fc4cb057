"""
Two entries that are one person: the one without history becomes part of the other.

Nothing by which somebody could come in or spend goes along: whoever merges wrongly, or wants to,
gives nobody another's credit. Source: docs/decisions/0023-merging-people.md
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.actions.merging import (
    STAYS,
    HasHistory,
    HeirClosed,
    MergeAlreadyUndone,
    Tables,
    TaxCodesDiffer,
    give_back,
    has_history,
    move_along,
    refuse_two_memberships,
)
from reciproca.registry.models import (
    AssistedAct,
    Card,
    CardPin,
    ExternalId,
    Membership,
    Merge,
    Node,
    NodeKind,
    Person,
    PhoneKey,
    User,
)
from reciproca.registry.telling import PEOPLE_MERGED, PEOPLE_PARTED
from reciproca.shared.errors import DomainError

GOES_ALONG: Tables = ((ExternalId, "node"), (Card, "person"), (Membership, "member"))
KNOWN: Tables = (*GOES_ALONG, *STAYS, (AssistedAct, "person"))
"""What was done at a desk stays where it is written; the heir reads it too."""
FILLED = ("tax_code", "born_on")


class NotTwoPeople(DomainError):
    code = "not-two-people"
    message = _("Si uniscono due schede aperte di persone: ricarica la pagina.")
    status = 422


class SignsIn(DomainError):
    code = "signs-in"
    message = _(
        "“%(name)s” entra con la propria e-mail: quella scheda resta. Se l’altra non ha storia,"
        " unisci l’altra in questa."
    )


class BirthDaysDiffer(DomainError):
    code = "birth-days-differ"
    message = _(
        "Hanno due date di nascita diverse: sono due persone. Correggi prima quella sbagliata."
    )


class MemberElsewhere(DomainError):
    code = "member-elsewhere"
    message = _(
        "“%(name)s” è anche nel libro di un’altra cooperativa: chiedi alla federazione di unirle."
    )


@transaction.atomic
def merge_people(
    *,
    merged_id: UUID,
    heir_id: UUID,
    merged_by: UUID | None,
    merged_at: datetime,
    cooperative_id: UUID | None = None,
) -> UUID:
    """
    Close a person's entry and make another its heir; return the merge's id, for its undo.

    Memberships without capital, codes in others' files and cards go along; the card is blocked, so
    that its number is still read as the heir's. What was empty of the heir is filled. With
    `cooperative_id` only what is in no other register goes along.

    Raises: NotTwoPeople, MemberElsewhere, SignsIn, TaxCodesDiffer, BirthDaysDiffer, BothAreMembers,
    HasHistory.
    """
    nodes = Node.objects.select_for_update().filter(pk__in=[merged_id, heir_id])
    found = {node.id: node for node in nodes.order_by("id") if node.kind == NodeKind.PERSON}
    if len(found) < 2 or any(node.closed_at for node in found.values()):
        raise NotTwoPeople
    merged = found[merged_id]
    others = Membership.objects.filter(member=merged_id).exclude(cooperative=cooperative_id)
    if cooperative_id is not None and others.exists():
        raise MemberElsewhere(name=merged.name)
    if User.objects.filter(person=merged_id).exists():
        raise SignsIn(name=merged.name)
    _refuse_two_people(merged_id, heir_id)
    refuse_two_memberships(merged_id, heir_id)
    if has_history(merged_id, known=KNOWN):
        raise HasHistory(name=merged.name)
    moved = {
        "blocked": _block_card(merged_id, merged_by, merged_at),
        **move_along(GOES_ALONG, merged_id, heir_id),
        **_fill(merged_id, heir_id),
    }
    merged.merged_into_id, merged.closed_at = heir_id, merged_at
    merged.save(update_fields=["merged_into", "closed_at"])
    merge = Merge.objects.create(
        merged=merged, heir_id=heir_id, moved=moved, merged_by=merged_by, merged_at=merged_at
    )
    tell(recipients=[heir_id], kind=PEOPLE_MERGED, told_at=merged_at, url=reverse("web:profile"))
    return merge.id


@transaction.atomic
def undo_people_merge(*, merge_id: UUID, undone_by: UUID | None, undone_at: datetime) -> None:
    """
    Open a merged person's entry again and give it back what went along, its card too.

    Raises: MergeAlreadyUndone, HeirClosed, Merge.DoesNotExist.
    """
    merges = Merge.objects.select_for_update()
    merge = merges.get(pk=merge_id, merged__kind=NodeKind.PERSON)
    if merge.undone_at is not None:
        raise MergeAlreadyUndone
    nodes = Node.objects.select_for_update().filter(pk__in=[merge.merged_id, merge.heir_id])
    found = {node.id: node for node in nodes.order_by("id")}
    merged, heir = found[merge.merged_id], found[merge.heir_id]
    if heir.closed_at is not None:
        raise HeirClosed(name=heir.name)
    give_back(GOES_ALONG, merge)
    _take_from_heir(merge)
    if number := merge.moved["blocked"]:
        Card.objects.filter(number=number).update(blocked_at=None, blocked_by=None)
    merged.merged_into_id, merged.closed_at = None, None
    merged.save(update_fields=["merged_into", "closed_at"])
    merge.undone_by, merge.undone_at = undone_by, undone_at
    merge.save(update_fields=["undone_by", "undone_at"])
    tell(recipients=[heir.id], kind=PEOPLE_PARTED, told_at=undone_at, url=reverse("web:profile"))


def _refuse_two_people(merged_id: UUID, heir_id: UUID) -> None:
    one, other = Person.objects.filter(node__in=[merged_id, heir_id]).order_by("node")
    if one.tax_code and other.tax_code:
        raise TaxCodesDiffer(one=one.tax_code, other=other.tax_code)
    if one.born_on and other.born_on and one.born_on != other.born_on:
        raise BirthDaysDiffer


def _block_card(merged_id: UUID, by: UUID | None, at: datetime) -> str:
    """Block the live card with what proves who holds it, and return its number."""
    CardPin.objects.filter(card__person=merged_id).delete()
    PhoneKey.objects.filter(card__person=merged_id, revoked_at=None).update(revoked_at=at)
    live = Card.objects.filter(person=merged_id, blocked_at=None)
    number = live.values_list("number", flat=True).first() or ""
    live.update(blocked_at=at, blocked_by=by)
    return number


def _fill(merged_id: UUID, heir_id: UUID) -> dict[str, Any]:
    """Let the heir have what only the merged entry knew; a tax code stands once."""
    merged, heir = Person.objects.get(pk=merged_id), Person.objects.get(pk=heir_id)
    given = {
        name: getattr(merged, name)
        for name in FILLED
        if getattr(merged, name) and not getattr(heir, name)
    }
    if "tax_code" in given:
        Person.objects.filter(pk=merged_id).update(tax_code="")
    Person.objects.filter(pk=heir_id).update(**given)
    return {"filled": {name: str(value) for name, value in given.items()}}


def _take_from_heir(merge: Merge) -> None:
    filled = merge.moved["filled"]
    heir = Person.objects.filter(node=merge.heir_id)
    if heir.filter(tax_code=filled.get("tax_code") or None).update(tax_code=""):
        Person.objects.filter(node=merge.merged_id).update(tax_code=filled["tax_code"])
    heir.filter(born_on=filled.get("born_on")).update(born_on=None)
