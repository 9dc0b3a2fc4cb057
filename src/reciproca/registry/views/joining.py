"""Asking to join a cooperative: from the directory, or at its desk."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.registry import actions, queries
from reciproca.registry.page_forms import ApplicantForm, NewcomerForm
from reciproca.registry.views.members import manager_required, own_cooperative
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest


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
@manager_required
def applicants(request: MemberRequest) -> HttpResponse:
    """Record at the desk that somebody with a card asks to join."""
    form = ApplicantForm(request.POST or None, auto_id="card-%s", initial=_today())
    if request.method != "POST":
        return _page(request, card_form=form)
    if not form.is_valid():
        return _page(request, card_form=form, status=422)
    holder = queries.holder_of(number=form.cleaned_data["card"])
    if holder is None:
        form.add_error("card", _("Nessuno ha questa carta: controlla le cifre."))
        return _page(request, card_form=form, status=422)
    try:
        line = _apply(request, holder.person_id, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, card_form=form, status=refusal.status)
    return redirect("registry:member", line)


@require_POST
@manager_required
def newcomers(request: MemberRequest) -> HttpResponse:
    """Record at the desk that somebody whom nobody knows yet asks to join; they get a card."""
    form = NewcomerForm(request.POST, auto_id="new-%s")
    if not form.is_valid():
        return _page(request, newcomer_form=form, status=422)
    try:
        with transaction.atomic():
            person = actions.register_person(
                person=form.person(),
                recorded_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
            line = _apply(request, person, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, newcomer_form=form, status=refusal.status)
    return redirect("registry:member", line)


def _apply(request: MemberRequest, person: UUID, form: forms.Form) -> UUID:
    return actions.apply_for_membership(
        member_id=person,
        cooperative_id=own_cooperative(request),
        applied_on=form.cleaned_data["applied_on"],
        recorded_by=request.actor.user_id,
        recorded_at=timezone.now(),
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
