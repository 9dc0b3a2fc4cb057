"""Preparing an assembly: when and where, its agenda and what members read for it."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.actions.common import AlreadyOver, locked, locked_draft
from reciproca.assemblies.forms import AssemblyIn, PdfIn
from reciproca.assemblies.models import Assembly, Attached, Body, Item, Motion
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError

MOST_ITEMS = 60
MOST_ATTACHED = 20


class TitleMissing(DomainError):
    code = "title-missing"
    message = _("Scrivi un titolo: è la riga che chi riceve l’avviso legge per prima.")
    status = 422


class NowhereToMeet(DomainError):
    code = "nowhere-to-meet"
    message = _("Scrivi il luogo, il collegamento, o tutti e due.")
    status = 422


class LinkUnreadable(DomainError):
    code = "link-unreadable"
    message = _("Scrivi il collegamento per intero: comincia con https://.")
    status = 422


class AgendaTooLong(DomainError):
    code = "agenda-too-long"
    message = _("Ci sono già %(most)s voci: uniscine qualcuna.")


class ItemDecides(DomainError):
    code = "item-decides"
    message = _("Su questo punto c’è qualcosa da votare: togli prima la proposta.")


@transaction.atomic
def draft_assembly(
    *, body_id: UUID, assembly: AssemblyIn, made_by: UUID | None, made_at: datetime
) -> Assembly:
    """
    Begin to prepare an assembly; nobody is told yet.

    Raises: TitleMissing, NowhereToMeet, LinkUnreadable.
    """
    _check(assembly)
    body = Body.objects.get(pk=body_id)
    return Assembly.objects.create(
        body=body, made_by=made_by, made_at=made_at, **_columns(assembly)
    )


@transaction.atomic
def change_assembly(*, assembly_id: UUID, assembly: AssemblyIn) -> None:
    """Change when and where an assembly meets. Raises: AlreadyCalled, what drafting raises."""
    _check(assembly)
    locked_draft(assembly_id)
    Assembly.objects.filter(pk=assembly_id).update(**_columns(assembly))


@transaction.atomic
def add_item(*, assembly_id: UUID, title: str, text: str) -> Item:
    """Add a point at the end of the agenda. Raises: AlreadyCalled, TitleMissing, AgendaTooLong."""
    if not title.strip():
        raise TitleMissing
    assembly = locked_draft(assembly_id)
    last = assembly.items.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_ITEMS:
        raise AgendaTooLong(most=MOST_ITEMS)
    return Item.objects.create(
        assembly=assembly, number=last + 1, title=title.strip(), text=text.strip()
    )


@transaction.atomic
def remove_item(*, item_id: UUID) -> None:
    """Take a point off the agenda; those after it move up. Raises: AlreadyCalled, ItemDecides."""
    item = Item.objects.get(pk=item_id)
    locked_draft(item.assembly_id)
    if Motion.objects.filter(item=item).exists():
        raise ItemDecides
    item.attached.all().delete()
    item.delete()
    after = Item.objects.filter(assembly=item.assembly_id, number__gt=item.number)
    for each in after.order_by("number"):
        Item.objects.filter(pk=each.pk).update(number=F("number") - 1)


@transaction.atomic
def attach_document(*, item_id: UUID, pdf: PdfIn, added_by: UUID | None) -> Attached:
    """
    Add a PDF to a point of the agenda; it stays for good, and may be added until the end.

    Raises: AlreadyOver, AgendaTooLong, what `shared.documents.keep_pdf` raises.
    """
    item = Item.objects.get(pk=item_id)
    assembly = locked(item.assembly_id)
    if assembly.closed_at:
        raise AlreadyOver
    if item.attached.count() >= MOST_ATTACHED:
        raise AgendaTooLong(most=MOST_ATTACHED)
    document = keep_pdf(name=pdf.name, content=pdf.content, added_by=added_by)
    return Attached.objects.create(item=item, document=document)


def _check(assembly: AssemblyIn) -> None:
    if not assembly.title.strip():
        raise TitleMissing
    if not (assembly.place.strip() or assembly.link.strip()):
        raise NowhereToMeet
    link = urlsplit(assembly.link.strip())
    if assembly.link.strip() and (link.scheme != "https" or not link.hostname):
        raise LinkUnreadable


def _columns(assembly: AssemblyIn) -> dict[str, object]:
    return {
        "title": assembly.title.strip(),
        "place": assembly.place.strip(),
        "link": assembly.link.strip(),
        "first_call_at": assembly.first_call_at,
        "second_call_at": assembly.second_call_at,
    }
