"""What a seller does with its offers, and where it hands over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.market import actions, queries
from reciproca.market.errors import PickupMissing
from reciproca.market.forms import OfferIn
from reciproca.market.models import Offer
from reciproca.market.page_forms import OfferForm, PickupForm
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@role_required("manager")
def own(request: MemberRequest) -> HttpResponse:
    """List what one's organisation offers and looks for."""
    text, page = request.GET.get("q", "")[:100], request.GET.get("page", "1")
    found = queries.own_offers(
        seller_id=_seller(request),
        text=text,
        number=int(page[:6]) if page.isascii() and page.isdigit() else 1,
        today=timezone.localdate(),
    )
    return render(request, "market/own.html", {"page": found, "text": text})


@require_http_methods(GET_OR_POST)
@role_required("manager")
def offer_new(request: MemberRequest) -> HttpResponse:
    """Put something on the square."""
    return _offer_form(request, None)


@require_http_methods(GET_OR_POST)
@role_required("manager")
def offer_change(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Say anew what an offer is."""
    found = queries.offer_of(offer_id=offer_id, seller_id=_seller(request))
    if found is None:
        raise Http404
    return _offer_form(request, found)


@require_POST
@role_required("manager")
def offer_end(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Take an offer off the square."""
    try:
        actions.end_offer(offer_id=offer_id, seller_id=_seller(request), ended_at=timezone.now())
    except DomainError as refusal:
        raise Http404 from refusal
    messages.success(request, _("Non è più al mercato. Gli ordini già confermati restano."))
    return redirect("market:own")


@require_http_methods(GET_OR_POST)
@role_required("manager")
def pickups(request: MemberRequest) -> HttpResponse:
    """List where one hands over, and add a place."""
    form = PickupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.open_pickup(
            seller_id=_seller(request), pickup=form.pickup(), opened_at=timezone.now()
        )
        messages.success(request, _("Luogo aggiunto: ora puoi sceglierlo nelle offerte."))
        return redirect("market:pickups")
    return _pickups(request, form, status=422 if form.errors else 200)


@require_POST
@role_required("manager")
def pickup_closing(request: MemberRequest, pickup_id: UUID) -> HttpResponse:
    """Close a place where one handed over."""
    try:
        actions.close_pickup(
            pickup_id=pickup_id, seller_id=_seller(request), closed_at=timezone.now()
        )
    except PickupMissing as refusal:
        raise Http404 from refusal
    except DomainError as refusal:
        return _pickups(request, PickupForm(), refusal=refusal, status=refusal.status)
    return redirect("market:pickups")


def _pickups(
    request: MemberRequest,
    form: PickupForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    points = queries.pickups_of(seller_id=_seller(request))
    context = {"points": points, "form": form, "refusal": refusal}
    return render(request, "market/pickups.html", context, status=status)


def _offer_form(request: MemberRequest, kept: Offer | None) -> HttpResponse:
    """Show the form of an offer, new or kept, and take what it says."""
    seller, now = _seller(request), timezone.now()
    points = queries.pickups_of(seller_id=seller)
    posted = request.POST if request.method == "POST" else None
    form = OfferForm(posted, request.FILES if posted else None, pickups=points, offer=kept)
    status = 422 if form.errors else 200
    if posted is not None and form.is_valid():
        told = _with_name(form.offer(seller_id=seller))
        try:
            if kept is None:
                made = actions.make_offer(
                    offer=told,
                    photo=form.photo_in(),
                    made_by=request.actor.user_id,
                    made_at=now,
                )
            else:
                made = actions.change_offer(
                    offer_id=kept.id, offer=told, photo=form.photo_in(), changed_at=now
                )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Ecco come si vede al mercato."))
            return redirect("market:offer", made.id)
    context = {"form": form, "kept": kept, "has_points": bool(points)}
    return render(request, "market/offer_form.html", context, status=status)


def _with_name(offer: OfferIn) -> OfferIn:
    """Return an offer that was told by its barcode alone with the name of the catalogue."""
    return offer if offer.title.strip() else queries.named_by_catalogue(offer)


def _seller(request: MemberRequest) -> UUID:
    assert request.actor.node_id is not None
    return request.actor.node_id
