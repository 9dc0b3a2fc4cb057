"""Asking to join a cooperative: from the directory, or at its desk."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.registry import actions, queries
from reciproca.registry.page_forms import ApplicantForm, NewcomerForm
from reciproca.registry.views.members import own_cooperative
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

desk_required = role_required("manager", "till")
"""Who stands at a cooperative's desk."""


@require_POST
@role_required("member")
def application(request: MemberRequest, cooperative_id: UUID) -> HttpResponse:
    """Ask to join a cooperative, for oneself."""
    if not queries.open_node_ids([cooperative_id], kind="cooperative"):
        raise Http404
    assert request.actor.person_id is not None
    try:
        actions.apply_for_membership(
            member_id=request.actor.person_id,
            cooperative_id=cooperative_id,
            applied_on=timezone.localdate(),
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Domanda mandata: ti avvisiamo appena rispondono."))
    return redirect("web:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def applicants(request: MemberRequest) -> HttpResponse:
    """Record at the desk that somebody with a card asks to join."""
    if request.method != "POST":
        return _page(request)
    form = ApplicantForm(request.POST, auto_id="card-%s")
    if not form.is_valid():
        return _page(request, card_form=form, status=422)
    try:
        line = actions.welcome_holder(
            number=form.cleaned_data["card"],
            applied_on=form.cleaned_data["applied_on"],
            desk=desk_of(request),
        )
    except DomainError as refusal:
        form.add_error("card", str(refusal))
        return _page(request, card_form=form, status=refusal.status)
    return redirect("web:office_member", line)


@require_POST
@desk_required
def newcomers(request: MemberRequest) -> HttpResponse:
    """Record at the desk that somebody whom nobody knows yet asks to join; they get a card."""
    form = NewcomerForm(request.POST, auto_id="new-%s")
    if not form.is_valid():
        return _page(request, newcomer_form=form, status=422)
    try:
        line = actions.welcome_newcomer(
            person=form.person(),
            applied_on=form.cleaned_data["applied_on"],
            desk=desk_of(request),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(request, newcomer_form=form, status=refusal.status)
    messages.success(request, _("Domanda registrata: la carta vale da subito."))
    return redirect("web:office_member", line)


def desk_of(request: MemberRequest) -> actions.AtDesk:
    """Return at whose desk somebody stands now."""
    assert request.actor.person_id is not None
    return actions.AtDesk(
        organisation_id=own_cooperative(request),
        operator_id=request.actor.person_id,
        user_id=request.actor.user_id,
        at=timezone.now(),
    )


def _page(
    request: MemberRequest,
    *,
    card_form: forms.Form | None = None,
    newcomer_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "card_form": card_form or ApplicantForm(auto_id="card-%s", initial=_today()),
        "newcomer_form": newcomer_form or NewcomerForm(auto_id="new-%s", initial=_today()),
    }
    return render(request, "registry/applicants.html", context, status=status)


def _today() -> dict[str, object]:
    return {"applied_on": timezone.localdate()}
