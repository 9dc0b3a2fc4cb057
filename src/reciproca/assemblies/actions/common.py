"""What every act on an assembly begins with: its row locked, and the stage that it is at."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import Assembly
from reciproca.shared.errors import DomainError


class AlreadyCalled(DomainError):
    code = "already-called"
    message = _("L’assemblea è già convocata: avviso e ordine del giorno non si cambiano più.")


class NotCalledYet(DomainError):
    code = "not-called-yet"
    message = _("L’assemblea non è ancora convocata.")


class NotInSession(DomainError):
    code = "not-in-session"
    message = _("L’assemblea non è aperta in questo momento.")


class AlreadyOver(DomainError):
    code = "already-over"
    message = _("L’assemblea è finita: quello che è successo resta com’è.")


def locked_draft(assembly_id: UUID) -> Assembly:
    """Return an assembly that nobody called or is calling, for this transaction alone."""
    assembly = locked(assembly_id)
    if assembly.reference_on:
        raise AlreadyCalled
    return assembly


def locked_called(assembly_id: UUID) -> Assembly:
    """Return an assembly that is called and not over, for this transaction alone."""
    assembly = locked(assembly_id)
    if not assembly.called_at:
        raise NotCalledYet
    if assembly.closed_at:
        raise AlreadyOver
    return assembly


def locked_session(assembly_id: UUID) -> Assembly:
    """Return an assembly that is going on, for this transaction alone."""
    assembly = locked_called(assembly_id)
    if not assembly.opened_at:
        raise NotInSession
    return assembly


def locked(assembly_id: UUID) -> Assembly:
    """Return an assembly whose row nobody else changes meanwhile."""
    return (
        Assembly.objects.select_for_update(of=["self"])
        .select_related("body__node", "statute")
        .get(pk=assembly_id)
    )
