"""Invitations: whom an organisation waits for, and the page that a link opens."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.registry import actions, queries
from reciproca.registry.accounts import enter_first_time
from reciproca.registry.forms import PersonIn
from reciproca.registry.page_forms import InviteForm, WelcomeForm
from reciproca.registry.views.mandates import organisation_meant, roles_of, show_mandates
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MANDATE_KEY, MemberRequest


@require_POST
@role_required("manager", "officer")
def invitations(request: MemberRequest, node_id: UUID) -> HttpResponse:
    """Invite somebody to act for an organisation; the link is told just now and never again."""
    organisation = organisation_meant(request, node_id)
    form = InviteForm(request.POST, roles=roles_of(organisation), auto_id="invite-%s")
    if not form.is_valid():
        return show_mandates(request, organisation, invite_form=form, status=422)
    assert request.actor.user_id is not None
    made = actions.invite(
        organisation_id=organisation.id,
        role=form.cleaned_data["role"],
        invitee=form.cleaned_data["invitee"],
        invited_by=request.actor.user_id,
        invited_at=timezone.now(),
    )
    link = request.build_absolute_uri(reverse("registry:invitation", args=[made.secret]))
    told = {"invitee": form.cleaned_data["invitee"], "link": link}
    return show_mandates(request, organisation, invited=told)


@require_POST
@role_required("manager", "officer")
def withdrawal(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Let a link that nobody has used open nothing any more."""
    found = queries.invitation(invitation_id=invitation_id, at=timezone.now())
    if found is None:
        raise Http404
    organisation = organisation_meant(request, found.organisation_id)
    try:
        actions.withdraw_invitation(invitation_id=found.id, withdrawn_at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("L’invito a %(name)s non vale più.") % {"name": found.invitee})
    return redirect("registry:mandates_of", organisation.id)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: MemberRequest, secret: str) -> HttpResponse:
    """
    Let whoever was given the link act for the organisation, with a new access or their own.

    Where mail can be sent, a new access is made as always, so that the address proves itself. Where
    it cannot, the link is the proof: it was handed over. Whoever comes in so is a person of their
    own, and nobody's entry is found by an address that nothing has proved.
    """
    found = queries.invitation_of(secret=secret, at=timezone.now())
    if found is None:
        return render(request, "registry/invitation.html", {"invitation": None}, status=404)
    if request.actor.person_id is not None:
        return _by_own_access(request, found, secret)
    context = {
        "invitation": found,
        "form": None if settings.EMAIL_HOST else WelcomeForm(request.POST or None),
        "back": urlencode({"next": request.path}),
    }
    form = context["form"]
    if isinstance(form, WelcomeForm) and request.method == "POST" and form.is_valid():
        try:
            return _by_new_access(request, form, secret)
        except DomainError as refusal:
            form.refuse(refusal)
    status = 422 if isinstance(form, WelcomeForm) and form.errors else 200
    return render(request, "registry/invitation.html", context, status=status)


def _by_own_access(
    request: MemberRequest, found: queries.InvitationRow, secret: str
) -> HttpResponse:
    assert request.actor.person_id is not None
    context: dict[str, object] = {"invitation": found, "is_known": True}
    if request.method != "POST":
        return render(request, "registry/invitation.html", context)
    try:
        mandate_id = actions.accept_invitation(
            secret=secret, person_id=request.actor.person_id, accepted_at=timezone.now()
        )
    except DomainError as refusal:
        context["refusal"] = refusal
        return render(request, "registry/invitation.html", context, status=refusal.status)
    request.session[MANDATE_KEY] = str(mandate_id)
    return redirect("web:home")


def _by_new_access(request: MemberRequest, form: WelcomeForm, secret: str) -> HttpResponse:
    now, told = timezone.now(), form.cleaned_data
    names = {"first_name": told["first_name"], "last_name": told["last_name"]}
    with transaction.atomic():
        person_id = actions.register_person(
            person=PersonIn(**names, email=told["email"]), recorded_by=None, recorded_at=now
        )
        actions.accept_invitation(secret=secret, person_id=person_id, accepted_at=now)
    return enter_first_time(
        request, email=told["email"], password=told["password"], person_id=person_id
    )
