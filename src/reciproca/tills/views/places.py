"""The desk's pages about tills: places, devices, operators' codes, closed days."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.tills import actions, queries
from reciproca.tills.errors import TillUnknown
from reciproca.tills.page_forms import ClosingForm, ClosingsForm, CodeForm, DeviceForm, TillForm
from reciproca.tills.views.gate import keep_token

GET_OR_POST = ["GET", "HEAD", "POST"]
# A till's page asks three things at once: each has addresses of its own on it.
NAME_ID, CLOSING_ID = "name-%s", "closing-%s"


def own_organisation(request: MemberRequest) -> UUID:
    """Return the organisation that somebody acts for."""
    assert request.actor.node_id is not None
    return request.actor.node_id


@require_http_methods(GET_OR_POST)
@role_required("manager", "till")
def tills(request: MemberRequest) -> HttpResponse:
    """List the tills; a manager opens new ones here."""
    if request.method == "POST" and request.actor.role != "manager":
        raise Http404
    form = TillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_till(
                organisation_id=own_organisation(request),
                name=form.cleaned_data["name"],
                opened_by=request.actor.user_id,
                opened_at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Cassa aperta: ora collega il dispositivo che venderà."))
            return redirect("tills:till_page", opened.id)
    organisation = own_organisation(request)
    context = {
        "tills": queries.tills_of(organisation_id=organisation),
        "operators": queries.operator_codes(organisation_id=organisation, now=timezone.now()),
        "held_count": queries.held_count(organisation_id=organisation),
        "form": form,
        "is_manager": request.actor.role == "manager",
    }
    return render(request, "tills/tills.html", context, status=422 if form.errors else 200)


@require_safe
@role_required("manager", "till")
def till_page(request: MemberRequest, till_id: UUID) -> HttpResponse:
    """Show a till: its devices, its open day, its latest closings."""
    return show_till(request, till_id)


@require_POST
@role_required("manager")
def name(request: MemberRequest, till_id: UUID) -> HttpResponse:
    """Rename a till."""
    form = TillForm(request.POST, auto_id=NAME_ID)
    if form.is_valid():
        try:
            actions.rename_till(
                till_id=till_id,
                organisation_id=own_organisation(request),
                name=form.cleaned_data["name"],
            )
        except TillUnknown as unknown:
            raise Http404 from unknown
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Nome cambiato."))
            return redirect("tills:till_page", till_id)
    return show_till(request, till_id, name_form=form)


@require_POST
@role_required("manager", "till")
def devices(request: MemberRequest, till_id: UUID) -> HttpResponse:
    """Pair this very browser with a till, and go there."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return show_till(request, till_id, device_form=form)
    try:
        paired = actions.pair_device(
            till_id=till_id,
            organisation_id=own_organisation(request),
            name=form.cleaned_data["name"],
            paired_by=request.actor.user_id,
            paired_at=timezone.now(),
        )
    except TillUnknown as unknown:
        raise Http404 from unknown
    response = redirect("tills:till")
    keep_token(response, token=paired.token, secure=request.is_secure())
    return response


@require_POST
@role_required("manager")
def device_revocation(request: MemberRequest, device_id: UUID) -> HttpResponse:
    """Let a device of one's own organisation sell no more."""
    till_id = queries.till_of_device(device_id=device_id, organisation_id=own_organisation(request))
    if till_id is None:
        raise Http404
    try:
        actions.revoke_device(
            device_id=device_id,
            organisation_id=own_organisation(request),
            revoked_by=request.actor.user_id,
            revoked_at=timezone.now(),
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Dispositivo scollegato: da ora non vende più."))
    return redirect("tills:till_page", till_id)


@require_POST
@role_required("manager")
def desk_closings(request: MemberRequest, till_id: UUID) -> HttpResponse:
    """Close a till's day without its device."""
    form = ClosingForm(request.POST, auto_id=CLOSING_ID)
    if not form.is_valid():
        return show_till(request, till_id, closing_form=form)
    try:
        closing = actions.close_day_at_desk(
            till_id=till_id,
            organisation_id=own_organisation(request),
            key=f"desk:{form.cleaned_data['key']}",
            note=form.cleaned_data["note"],
            closed_by=request.actor.user_id,
            closed_at=timezone.now(),
        )
    except TillUnknown as unknown:
        raise Http404 from unknown
    except DomainError as refusal:
        return show_till(request, till_id, closing_form=form, refusal=refusal)
    messages.success(request, _("Giornata chiusa."))
    return redirect("tills:closing_page", closing.id)


@require_POST
@role_required("manager")
def ending(request: MemberRequest, till_id: UUID) -> HttpResponse:
    """Close a till for good."""
    try:
        actions.close_till(
            till_id=till_id,
            organisation_id=own_organisation(request),
            closed_by=request.actor.user_id,
            closed_at=timezone.now(),
        )
    except TillUnknown as unknown:
        raise Http404 from unknown
    except DomainError as refusal:
        return show_till(request, till_id, refusal=refusal)
    messages.success(request, _("Cassa chiusa: i suoi dispositivi non vendono più."))
    return redirect("tills:tills")


@require_http_methods(GET_OR_POST)
@role_required("manager", "till")
def operator(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Choose a code: one's own, or for a manager anybody's who sells here."""
    organisation, now = own_organisation(request), timezone.now()
    codes = queries.operator_codes(organisation_id=organisation, now=now)
    found = next((each for each in codes if each.person_id == person_id), None)
    is_own = person_id == request.actor.person_id
    if found is None or (request.actor.role != "manager" and not is_own):
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_code(
                person_id=person_id,
                organisation_id=organisation,
                code=form.cleaned_data["code"],
                set_by=request.actor.user_id,
                set_at=now,
            )
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Codice scelto: apre la cassa da subito."))
            return redirect("tills:tills")
    context = {"operator": found, "form": form, "is_own": is_own}
    return render(request, "tills/operator.html", context, status=422 if form.errors else 200)


@require_safe
@role_required("manager")
def closings(request: MemberRequest) -> HttpResponse:
    """List the closed days of all tills."""
    organisation = own_organisation(request)
    form = ClosingsForm(request.GET, tills=queries.tills_of(organisation_id=organisation))
    filters = form.filters()
    page = queries.closings_of(
        organisation_id=organisation, number=page_number(request), filters=filters
    )
    context = {"page": page, "form": form, "filters": filters}
    return render(request, "tills/closings.html", context)


@require_safe
@role_required("manager")
def closing_page(request: MemberRequest, closing_id: UUID) -> HttpResponse:
    """Show a closed day; it prints on one page."""
    found = queries.closing_of(closing_id=closing_id, organisation_id=own_organisation(request))
    if found is None:
        raise Http404
    returned = queries.back_at_desk(till_id=found.till_id, day_number=found.number)
    return render(request, "tills/closing.html", {"closing": found, "returned": returned})


def page_number(request: MemberRequest) -> int:
    """Return which page an address asks for, the first where it says something else."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def show_till(
    request: MemberRequest,
    till_id: UUID,
    *,
    refusal: DomainError | None = None,
    **forms_sent: forms.Form,
) -> HttpResponse:
    """Render a till; a form that was sent keeps what was written in it."""
    found = queries.till_page(till_id=till_id, organisation_id=own_organisation(request))
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "till": found,
        "is_manager": request.actor.role == "manager",
        "name_form": TillForm(initial={"name": found.row.name}, auto_id=NAME_ID),
        "device_form": DeviceForm(),
        "closing_form": ClosingForm(auto_id=CLOSING_ID),
        "refusal": refusal,
        **forms_sent,
    }
    status = refusal.status if refusal else 422 if forms_sent else 200
    return render(request, "tills/till_page.html", context, status=status)
