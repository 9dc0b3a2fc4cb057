"""What a member buys: the cart, its confirmation, and the orders that come of it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.market import actions, queries
from reciproca.market.errors import OfferUnknown
from reciproca.market.page_forms import CartForm, ConfirmationForm
from reciproca.market.views.square import show_offer
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest


@require_safe
@role_required("member")
def cart(request: MemberRequest) -> HttpResponse:
    """Show one's cart: an order for each seller, and what it all comes to."""
    return _cart(request)


@require_POST
@role_required("member")
def cart_lines(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Say how much of an offer one means to order."""
    form = CartForm(request.POST)
    if not form.is_valid():
        return show_offer(request, offer_id, cart_form=form, status=422)
    try:
        actions.put_in_cart(
            buyer_id=_buyer(request),
            offer_id=offer_id,
            quantity_milli=form.cleaned_data["quantity_milli"],
            put_at=timezone.now(),
        )
    except OfferUnknown as refusal:
        raise Http404 from refusal
    except DomainError as refusal:
        form.refuse(refusal)
        return show_offer(request, offer_id, cart_form=form, status=refusal.status)
    return redirect("market:cart")


@require_POST
@role_required("member")
def confirmation(request: MemberRequest) -> HttpResponse:
    """Order all that is in one's cart."""
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return _cart(request, status=422)
    try:
        actions.confirm_cart(
            buyer_id=_buyer(request), confirmed_at=timezone.now(), **form.cleaned_data
        )
    except DomainError as refusal:
        return _cart(request, refusal=refusal, status=refusal.status)
    messages.success(request, _("Ordinato. Paghi al ritiro, a ogni venditore il suo."))
    return redirect("market:orders")


@require_safe
@role_required("member")
def orders(request: MemberRequest) -> HttpResponse:
    """List one's orders."""
    page = request.GET.get("page", "1")
    number = int(page[:6]) if page.isascii() and page.isdigit() else 1
    found = queries.orders_of_buyer(buyer_id=_buyer(request), number=number)
    return render(request, "market/orders.html", {"page": found})


def _cart(
    request: MemberRequest, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    found = queries.cart(buyer_id=_buyer(request), now=timezone.now())
    context = {"cart": found, "key": uuid4(), "refusal": refusal}
    return render(request, "market/cart.html", context, status=status)


def _buyer(request: MemberRequest) -> UUID:
    if request.actor.person_id is None:
        raise Http404
    return request.actor.person_id
