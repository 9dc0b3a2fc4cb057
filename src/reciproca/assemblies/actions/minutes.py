"""The minutes are approved: from then on they are a document that nobody changes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.actions.common import locked
from reciproca.assemblies.forms import PdfIn
from reciproca.assemblies.models import Assembly
from reciproca.assemblies.queries.electors import people_behind
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError


class StillGoingOn(DomainError):
    code = "still-going-on"
    message = _("Il verbale si approva quando l’assemblea è chiusa.")


class MinutesApproved(DomainError):
    code = "minutes-approved"
    message = _("Il verbale è già approvato.")


class MinutesProtocolMissing(DomainError):
    code = "minutes-protocol-missing"
    message = _("Scrivi il numero con cui il verbale entra nel libro.")
    status = 422


@transaction.atomic
def approve_minutes(
    *,
    assembly_id: UUID,
    minutes: PdfIn,
    protocol_number: str,
    approved_by: UUID | None,
    approved_at: datetime,
) -> Assembly:
    """
    Keep the minutes, as they were drawn from what is recorded, and let every elector read them.

    Raises: StillGoingOn, MinutesApproved, MinutesProtocolMissing.
    """
    assembly = locked(assembly_id)
    if not assembly.closed_at:
        raise StillGoingOn
    if assembly.approved_at:
        raise MinutesApproved
    if not protocol_number.strip():
        raise MinutesProtocolMissing
    assembly.minutes = keep_pdf(name=minutes.name, content=minutes.content, added_by=approved_by)
    assembly.protocol_number = protocol_number.strip()
    assembly.approved_by, assembly.approved_at = approved_by, approved_at
    assembly.save(update_fields=["minutes", "protocol_number", "approved_by", "approved_at"])
    electors = list(assembly.electors.all())
    behind = people_behind(electors, on=localdate(approved_at))
    telling.tell_minutes(
        assembly=assembly,
        people=[person for people in behind.values() for person in people],
        told_at=approved_at,
    )
    return assembly
