"""Who may act for an organisation, and with which keys its programs call the API."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.registry import actions, queries
from reciproca.registry.page_forms import InviteForm, KeyForm, MandateForm
from reciproca.registry.rules import ROLES_OF_KIND
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@role_required("manager", "officer")
def mandates(request: MemberRequest, node_id: UUID | None = None) -> HttpResponse:
    """Show who acts for an organisation, and let somebody in; officers for any organisation."""
    organisation = organisation_meant(request, node_id)
    if request.method != "POST":
        return show_mandates(request, organisation)
    form = MandateForm(request.POST, roles=roles_of(organisation), auto_id="mandate-%s")
    if form.is_valid():
        try:
            _grant(request, organisation.id, form)
        except DomainError as refusal:
            form.refuse(refusal)
        if form.is_valid():
            messages.success(request, _("Incarico dato: la persona lo trova nel suo profilo."))
            return redirect(request.path)
    return show_mandates(request, organisation, mandate_form=form, status=422)


def roles_of(organisation: queries.OrganisationPage) -> tuple[str, ...]:
    """Return in which roles somebody may act for an organisation."""
    return ROLES_OF_KIND.get(organisation.kind, ())


def show_mandates(
    request: MemberRequest,
    organisation: queries.OrganisationPage,
    *,
    status: int = 200,
    mandate_form: forms.Form | None = None,
    invite_form: forms.Form | None = None,
    invited: dict[str, str] | None = None,
) -> HttpResponse:
    """Render who acts for an organisation and whom it waits for; `invited` is told once."""
    roles, now = roles_of(organisation), timezone.now()
    start = {"starts_on": timezone.localdate()}
    context = {
        "organisation": organisation,
        "mandates": queries.mandates_for(organisation_id=organisation.id, on=timezone.localdate()),
        "waiting": queries.invitations_for(organisation_id=organisation.id, at=now),
        "mandate_form": mandate_form
        or MandateForm(roles=roles, initial=start, auto_id="mandate-%s"),
        "invite_form": invite_form or InviteForm(roles=roles, auto_id="invite-%s"),
        "invited": invited,
    }
    return render(request, "registry/mandates.html", context, status=status)


@require_POST
@role_required("manager", "officer")
def mandate_end(request: MemberRequest, mandate_id: UUID) -> HttpResponse:
    """End a mandate at once."""
    mandate = queries.mandate_holder(mandate_id=mandate_id)
    if mandate is None:
        raise Http404
    organisation = organisation_meant(request, mandate.organisation_id)
    assert request.actor.user_id is not None
    try:
        actions.end_mandate(
            mandate_id=mandate_id, ended_by=request.actor.user_id, ended_at=timezone.now()
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("L’incarico di %(name)s è finito.") % {"name": mandate.person_name}
        )
    return redirect("registry:mandates_of", organisation.id)


@require_http_methods(GET_OR_POST)
@role_required("manager")
def keys(request: MemberRequest) -> HttpResponse:
    """Show the keys of the organisation's programs; a new one is told just now and never again."""
    assert request.actor.node_id is not None
    form, new = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        new = actions.create_api_key(
            organisation_id=request.actor.node_id,
            name=form.cleaned_data["name"],
            created_by=request.actor.user_id,
            created_at=timezone.now(),
        )
        form = KeyForm()
    context = {
        "keys": queries.keys_of(organisation_id=request.actor.node_id),
        "form": form,
        "new": new,
    }
    return render(request, "registry/keys.html", context, status=422 if form.errors else 200)


@require_POST
@role_required("manager")
def key_revocation(request: MemberRequest, key_id: UUID) -> HttpResponse:
    """Revoke a key of the manager's own organisation."""
    assert request.actor.node_id is not None
    assert request.actor.user_id is not None
    own = {key.id for key in queries.keys_of(organisation_id=request.actor.node_id)}
    if key_id not in own:
        raise Http404
    try:
        actions.revoke_api_key(
            key_id=key_id, revoked_by=request.actor.user_id, revoked_at=timezone.now()
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Chiave revocata: da ora non apre più niente."))
    return redirect("registry:keys")


def organisation_meant(request: MemberRequest, node_id: UUID | None) -> queries.OrganisationPage:
    """Return the organisation asked for: a manager's own, or any for an officer."""
    if node_id is None:
        node_id = request.actor.node_id
    if request.actor.role != "officer" and node_id != request.actor.node_id:
        raise Http404
    assert node_id is not None
    found = queries.organisation_page(node_id=node_id)
    if found is None:
        raise Http404
    return found


def _grant(request: MemberRequest, organisation_id: UUID, form: forms.Form) -> None:
    holder = queries.holder_of(number=form.cleaned_data["card"])
    if holder is None or holder.is_blocked:
        form.add_error("card", _("Nessuno ha questa carta, o è bloccata: controlla le cifre."))
        return
    actions.grant_mandate(
        person_id=holder.person_id,
        organisation_id=organisation_id,
        role=form.cleaned_data["role"],
        starts_on=form.cleaned_data["starts_on"],
        ends_on=form.cleaned_data["ends_on"],
        granted_by=request.actor.user_id,
        granted_at=timezone.now(),
    )
