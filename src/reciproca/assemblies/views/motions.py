"""A motion: its versions, its votes, and what came of them."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.page_forms import AmendmentForm
from reciproca.assemblies.queries.electors import elector_meant
from reciproca.assemblies.queries.meetings import state_of
from reciproca.assemblies.views.common import (
    answered,
    done,
    own_motion,
    runs_required,
    shown,
    tried,
)
from reciproca.shared.asking import Form
from reciproca.shared.types import MemberRequest


@require_safe
@runs_required
def motion(request: MemberRequest, motion_id: UUID) -> HttpResponse:
    """Show a motion to whoever runs the assembly."""
    return _motion_page(request, motion_id)


@require_POST
@runs_required
def amendments(request: MemberRequest, motion_id: UUID) -> HttpResponse:
    """Enter another version of a motion's text."""
    page = own_motion(request, motion_id)
    form = AmendmentForm(request.POST)

    def amend() -> None:
        who = form.cleaned_data["proposed_for"]
        elector = elector_meant(assembly_id=page.assembly.pk, text=who) if who else None
        actions.amend_motion(
            motion_id=motion_id,
            text=form.cleaned_data["text"],
            reason=form.cleaned_data["reason"],
            proposed_for=elector.member_id if elector else None,
            proposed_by=request.actor.user_id,
            proposed_at=timezone.now(),
        )

    if answered(form, amend):
        return done(request, _("Emendamento registrato."), "assemblies:motion", motion_id)
    return _motion_page(request, motion_id, form)


@require_POST
@runs_required
def acceptance(request: MemberRequest, motion_id: UUID, number: int) -> HttpResponse:
    """Let an amendment become the text that is put to the vote."""
    own_motion(request, motion_id)
    return tried(
        request,
        lambda: actions.accept_amendment(
            motion_id=motion_id,
            number=number,
            accepted_by=request.actor.user_id,
            accepted_at=timezone.now(),
        ),
        _("È questo il testo che si vota. Se qualcuno aveva già votato, l’abbiamo avvisato."),
        "assemblies:motion",
        motion_id,
    )


@require_POST
@runs_required
def vote_opening(request: MemberRequest, motion_id: UUID) -> HttpResponse:
    """Put a motion to the vote."""
    own_motion(request, motion_id)
    return tried(
        request,
        lambda: actions.open_vote(
            motion_id=motion_id, opened_by=request.actor.user_id, opened_at=timezone.now()
        ),
        _("Si può votare."),
        "assemblies:motion",
        motion_id,
    )


@require_POST
@runs_required
def vote_closing(request: MemberRequest, motion_id: UUID) -> HttpResponse:
    """Close the vote on a motion."""
    own_motion(request, motion_id)
    return tried(
        request,
        lambda: actions.close_vote(
            motion_id=motion_id, closed_by=request.actor.user_id, closed_at=timezone.now()
        ),
        _("Votazione chiusa."),
        "assemblies:motion",
        motion_id,
    )


def _motion_page(request: MemberRequest, motion_id: UUID, form: Form | None = None) -> HttpResponse:
    page = own_motion(request, motion_id)
    form = form or AmendmentForm(initial={"text": page.text})
    open_ballot = next((vote.ballot_id for vote in page.votes if vote.state == "open"), None)
    is_decided = any(vote.state in ("passed", "fell") for vote in page.votes)
    context = {
        "page": page,
        "motion": page.motion,
        "assembly": page.assembly,
        "state": state_of(page.assembly),
        "is_open": open_ballot is not None,
        "open_ballot": open_ballot,
        "is_decided": is_decided,
        "may_amend": page.motion.kind != "policy"
        and not is_decided
        and not page.assembly.closed_at,
        "form": form,
    }
    return shown(request, "assemblies/motion.html", context, form)
