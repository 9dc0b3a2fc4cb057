"""Sales that wait for a person, and deciding of them."""

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.tills import actions, queries
from reciproca.tills.page_forms import DroppingForm, HeldForm, RecordingForm
from reciproca.tills.views.places import own_organisation, page_number


@require_safe
@role_required("manager")
def held_sales(request: MemberRequest) -> HttpResponse:
    """List the sales that wait for a person, or those that somebody decided of."""
    asked = HeldForm(request.GET).asked()
    settled, text = asked["settled"], asked["text"]
    organisation = own_organisation(request)
    here = reverse("tills:held_sales")
    waiting = queries.held_count(organisation_id=organisation)
    chips = [
        {"label": _("Da guardare"), "url": here, "current": not settled, "count": waiting},
        {
            "label": _("Decise"),
            "url": f"{here}?{urlencode({'state': 'settled'})}",
            "current": settled,
            "count": None,
        },
    ]
    page = queries.held_sales(
        organisation_id=organisation, settled=settled, number=page_number(request), text=text
    )
    context = {"page": page, "chips": chips, "settled": settled, "text": text}
    return render(request, "tills/held_sales.html", context)


@require_safe
@role_required("manager")
def held_sale(request: MemberRequest, held_id: UUID) -> HttpResponse:
    """Show a held sale, and what can be done with it."""
    return _show(request, held_id)


@require_POST
@role_required("manager")
def recording(request: MemberRequest, held_id: UUID) -> HttpResponse:
    """Record a held sale after all."""
    form = RecordingForm(request.POST)
    if not form.is_valid():
        return _show(request, held_id, recording_form=form)
    try:
        purchase_id = actions.record_held(
            held_id=held_id,
            organisation_id=own_organisation(request),
            card=form.cleaned_data["card"],
            settled_by=request.actor.user_id,
            settled_at=timezone.now(),
        )
    except DomainError as refusal:
        if refusal.code in form.beside:
            form.refuse(refusal)
            return _show(request, held_id, status=refusal.status, recording_form=form)
        return _show(request, held_id, refusal=refusal, recording_form=form)
    messages.success(request, _("Vendita registrata, con i criteri del giorno in cui è avvenuta."))
    return redirect("purchases:detail", purchase_id)


@require_POST
@role_required("manager")
def dropping(request: MemberRequest, held_id: UUID) -> HttpResponse:
    """Decide that a held sale is not recorded."""
    form = DroppingForm(request.POST)
    if not form.is_valid():
        return _show(request, held_id, dropping_form=form)
    try:
        actions.drop_held(
            held_id=held_id,
            organisation_id=own_organisation(request),
            reason=form.cleaned_data["reason"],
            settled_by=request.actor.user_id,
            settled_at=timezone.now(),
        )
    except DomainError as refusal:
        return _show(request, held_id, refusal=refusal, dropping_form=form)
    messages.success(request, _("Vendita scartata: resta fra quelle decise, con il motivo."))
    return redirect("tills:held_sales")


def _show(
    request: MemberRequest,
    held_id: UUID,
    *,
    refusal: DomainError | None = None,
    status: int = 422,
    **forms_sent: forms.Form,
) -> HttpResponse:
    found = queries.held_sale(held_id=held_id, organisation_id=own_organisation(request))
    if found is None:
        raise Http404
    if found.holder_id:
        note_access(reader=request.actor, subject=found.holder_id, what="purchase")
    card = found.card if found.holder else ""
    context = {
        "held": found,
        "recording_form": RecordingForm(initial={"card": card}),
        "dropping_form": DroppingForm(),
        "refusal": refusal,
        **forms_sent,
    }
    status = refusal.status if refusal else status if forms_sent else 200
    return render(request, "tills/held_sale.html", context, status=status)
