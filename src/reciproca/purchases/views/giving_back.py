"""Giving a purchase back, in part or whole: how much of each line, check, done."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.purchases import actions, queries
from reciproca.purchases.forms import RefundIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.page_forms import RefundForm
from reciproca.purchases.views.listing import seller_required
from reciproca.purchases.views.one import own_purchase
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@require_safe
@seller_required
def refund_new(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Ask how much of each line comes back; what the address says is filled in already."""
    found = _refundable(request, purchase_id)
    lines = queries.lines_left(purchase_id=found.id)
    if request.GET.get("all"):
        form = RefundForm.for_all(lines=lines)
    elif "key" in request.GET:
        # Coming back from the check to change something.
        form = RefundForm(request.GET, lines=lines)
        form.is_valid()
    else:
        form = RefundForm(lines=lines)
    return _ask(request, found, form)


@require_safe
@seller_required
def refund_check(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Show what the refund would bring about, before it does."""
    found = _refundable(request, purchase_id)
    form = RefundForm(request.GET, lines=queries.lines_left(purchase_id=found.id))
    if not form.is_valid():
        return _ask(request, found, form)
    refund = _refund(found, form)
    try:
        preview = actions.preview_refund(refund=refund, previewed_at=timezone.now())
    except DomainError as refusal:
        return _ask(request, found, form, refusal=refusal, status=refusal.status)
    sent = [(name, str(form.data[name])) for name in form.fields if form.data.get(name)]
    amounts = {line.position: line.amount_cents for line in refund.lines or ()}
    context = {
        "purchase": found,
        "preview": preview,
        "total_cents": preview.money_cents + preview.credit_cents,
        "lines": [
            (line, amounts[line.position]) for line in form.lines if line.position in amounts
        ],
        "reason": refund.reason,
        "sent": sent,
        "change_url": f"{reverse('purchases:refund_new', args=[found.id])}?{urlencode(sent)}",
        "steps": _steps("check"),
    }
    return render(request, "purchases/refund_check.html", context)


@require_POST
@seller_required
def refunds(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Give back what was checked; sent twice, it is given back once."""
    found = _refundable(request, purchase_id)
    form = RefundForm(request.POST, lines=queries.lines_left(purchase_id=found.id))
    is_valid = form.is_valid()
    if sent_before := _recorded(found, form):
        return redirect("purchases:detail", sent_before)
    if not is_valid:
        return _ask(request, found, form, status=422)
    try:
        refund = actions.refund_purchase(
            refund=_refund(found, form),
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )
    except DomainError as refusal:
        return _ask(request, found, form, refusal=refusal, status=refusal.status)
    messages.success(request, _("Reso registrato. Qui sotto c’è tutto quello che ha mosso."))
    return redirect("purchases:detail", refund.id)


def _refundable(request: MemberRequest, purchase_id: UUID) -> Purchase:
    found = own_purchase(request, purchase_id)
    if found.corrects_id is not None:
        raise Http404
    return found


def _recorded(found: Purchase, form: RefundForm) -> UUID | None:
    """Return the refund that this very form made already, even when nothing is left by now."""
    key = _key(str(form.cleaned_data.get("key", "")))
    known = queries.recorded_keys([(found.seller_id, key)])
    earlier = known.get((found.seller_id, key))
    return earlier[0] if earlier else None


def _refund(found: Purchase, form: RefundForm) -> RefundIn:
    return RefundIn(
        key=_key(str(form.cleaned_data["key"])),
        purchase_id=found.id,
        happened_at=timezone.now(),
        lines=form.lines_back(),
        reason=form.cleaned_data["reason"],
    )


def _key(sent: str) -> str:
    return f"desk:{sent}"


def _ask(
    request: MemberRequest,
    found: Purchase,
    form: RefundForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context: Mapping[str, object] = {
        "purchase": found,
        "form": form,
        "fields": list(form.line_fields()),
        "refusal": refusal,
        "left_cents": sum(line.left_cents for line in form.lines),
        "steps": _steps("amounts"),
    }
    return render(request, "purchases/refund.html", context, status=status)


def _steps(here: str) -> list[dict[str, str]]:
    names = {"amounts": _("Quanto torna"), "check": _("Controlla")}
    done = list(names).index(here)
    return [
        {
            "label": label,
            "url": "",
            "state": "here" if step == here else "ok" if i < done else "todo",
        }
        for i, (step, label) in enumerate(names.items())
    ]
