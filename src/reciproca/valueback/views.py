"""What a seller promises to give back, and how much credit it takes."""

from fractions import Fraction
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import actions, queries
from reciproca.valueback.page_forms import LimitForm, RateForm
from reciproca.valueback.queries import Promise
from reciproca.valueback.rules import line_value

EXAMPLE_CENTS = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def rates(request: MemberRequest) -> HttpResponse:
    """Show what the own organisation promised, and let it promise something from a day on."""
    form = RateForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method != "POST" or not form.is_valid():
        return _page(request, rate_form=form, status=422 if form.errors else 200)
    try:
        actions.commit_rate(
            seller_id=_own(request), recorded_by=request.actor.user_id, **form.cleaned_data
        )
    except DomainError as refusal:
        form.add_error("valid_from", str(refusal))
        return _page(request, rate_form=form, status=refusal.status)
    messages.success(request, _("Promesso. Chi compra lo legge nell’elenco delle cooperative."))
    return redirect("valueback:rates")


@require_POST
@role_required("manager")
def limit(request: MemberRequest) -> HttpResponse:
    """Say how much of a sale the own organisation takes in credits from a day on."""
    form = LimitForm(request.POST, auto_id="limit-%s")
    if not form.is_valid():
        return _page(request, limit_form=form, status=422)
    try:
        actions.set_acceptance_limit(
            seller_id=_own(request), recorded_by=request.actor.user_id, **form.cleaned_data
        )
    except DomainError as refusal:
        form.add_error("valid_from", str(refusal))
        return _page(request, limit_form=form, status=refusal.status)
    messages.success(request, _("Fatto: la cassa accetterà credito fino a questa parte."))
    return redirect("valueback:rates")


def _page(
    request: MemberRequest,
    *,
    rate_form: RateForm | None = None,
    limit_form: LimitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    promises = queries.promises_of(seller_id=_own(request), on=today)
    limit = queries.limit_of(seller_id=_own(request), on=today)
    context = {
        "promises": promises,
        "categories": [each.category for each in promises if each.category],
        "limit": limit,
        "limit_bp": queries.limit_in_force_bp(limit),
        "example": _example(promises),
        "rate_form": rate_form or RateForm(initial={"valid_from": today}),
        "limit_form": limit_form or LimitForm(initial={"valid_from": today}, auto_id="limit-%s"),
        "limit_is_open": limit_form is not None,
    }
    return render(request, "valueback/rates.html", context, status=status)


def _example(promises: list[Promise]) -> dict[str, int] | None:
    """Return what comes back of ten euro at the general rate, under today's criteria."""
    force = queries.policy_in_force(on=timezone.localdate())
    general = next((each.now for each in promises if not each.category), None)
    if force is None or general is None:
        return None
    value = line_value(
        policy=force.policy, rate=Fraction(general.share_bp, 10_000), base_cents=EXAMPLE_CENTS
    )
    own = value.parts[0]
    return {
        "base_cents": EXAMPLE_CENTS,
        "value_cents": value.value_cents,
        "member_cents": own,
        "funds_cents": value.value_cents - own,
    }


def _own(request: MemberRequest) -> UUID:
    assert request.actor.node_id is not None
    return request.actor.node_id
