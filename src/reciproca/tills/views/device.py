"""What a paired device asks and tells; see docs/till.md for the contract."""

from importlib.metadata import version
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reciproca.purchases.forms import LineBack
from reciproca.shared.types import MemberRequest
from reciproca.tills import actions, forms, queries
from reciproca.tills.actions import CardHere, Sold
from reciproca.tills.errors import LoginNeeded
from reciproca.tills.queries import SaleHere
from reciproca.tills.rules import DayTotals
from reciproca.tills.views.gate import COOKIE, DeviceCall, at_till, json_view, keep_token
from reciproca.valueback.rules import BRANCH_KEYS


@require_safe
def till(request: HttpRequest) -> HttpResponse:
    """Show the till; it holds no personal data, and opens without a network once it was open."""
    return render(request, "tills/till.html")


def _seller_of_login(request: MemberRequest) -> UUID:
    """Return for whom a login sells. Raises: LoginNeeded."""
    actor = request.actor
    if actor.role not in ("till", "manager") or actor.node_id is None:
        raise LoginNeeded
    return actor.node_id


@json_view("POST")
def pairing(request: MemberRequest) -> HttpResponse:
    """Pair this browser with a till of the organisation that the login acts for."""
    seller = _seller_of_login(request)
    asked = forms.read_body(forms.PairingIn, request.body)
    paired = actions.pair_device(
        till_id=asked.till_id,
        organisation_id=seller,
        name=asked.name,
        paired_by=request.actor.user_id,
        paired_at=timezone.now(),
    )
    till = {"id": paired.till_id, "name": paired.till_name}
    response = JsonResponse({"device_id": paired.id, "till": till}, status=201)
    keep_token(response, token=paired.token, secure=request.is_secure())
    return response


@json_view("POST")
def code(request: MemberRequest) -> HttpResponse:
    """Let somebody who is signed in choose the code with which they unlock devices."""
    seller = _seller_of_login(request)
    assert request.actor.person_id is not None
    actions.set_code(
        person_id=request.actor.person_id,
        organisation_id=seller,
        code=forms.read_body(forms.CodeIn, request.body).code,
        set_by=request.actor.user_id,
        set_at=timezone.now(),
    )
    return HttpResponse(status=204)


@at_till(operator=False)
def state(call: DeviceCall) -> HttpResponse:
    """Tell a device what it must know, and let it keep its token for longer."""
    device, known = call.device, queries.state_of(device=call.device, now=call.now)
    response = JsonResponse(
        {
            "till": {"id": device.till_id, "name": device.till_name},
            "device": {"id": device.id, "name": device.name},
            "organisation": {"id": device.organisation_id, "name": device.organisation_name},
            "operators": [
                {"id": each.id, "name": each.name, "has_code": each.has_code}
                for each in known.operators
            ],
            "categories": [
                {"name": each.category, "rate_bp": each.rate_bp} for each in known.categories
            ],
            "rate_bp": known.rate_bp,
            "limit_bp": known.limit_bp,
            "shares": {key: str(share) for key, share in known.shares.items()},
            "branches": known.branches,
            "server_time": call.now,
            "held": known.held,
            "day_number": device.day_number,
            "own": _totals(known.own),
            "open": _totals(known.open),
            "version": version("reciproca"),
        }
    )
    keep_token(response, token=call.request.COOKIES[COOKIE], secure=call.request.is_secure())
    return response


@at_till(operator=False, post=True)
def unlock(call: DeviceCall) -> HttpResponse:
    """Let an operator work at this device."""
    asked = call.body(forms.UnlockIn)
    unlocked = actions.unlock(
        device=call.device, person_id=asked.operator_id, code=asked.code, asked_at=call.now
    )
    return JsonResponse(
        {
            "operator_token": unlocked.token,
            "expires_at": unlocked.expires_at,
            "name": unlocked.name,
        }
    )


@at_till(post=True)
def card(call: DeviceCall) -> HttpResponse:
    """Take a card that was read, or a member who was found by name."""
    asked = call.body(forms.CardIn)
    if asked.membership_id:
        shown = actions.show_member(
            device=call.device,
            operator=call.operator,
            membership_id=asked.membership_id,
        )
    else:
        shown = actions.show_card(device=call.device, text=asked.text, shown_at=call.now)
    return JsonResponse(_card(shown))


@at_till(post=True)
def pin(call: DeviceCall) -> HttpResponse:
    """Let the holder of a card that was shown spend, by its PIN."""
    asked = call.body(forms.PinIn)
    spendable = actions.prove_by_pin(
        device=call.device, shown_id=asked.shown_id, pin=asked.pin, asked_at=call.now
    )
    return JsonResponse({"may_spend": True, "spendable_here_cents": spendable})


@at_till(post=True)
def quote(call: DeviceCall) -> HttpResponse:
    """Tell what a sale would come to."""
    asked = call.body(forms.QuoteIn)
    sold = Sold("", forms.lines_in(asked.lines), asked.shown_id, asked.credit_cents)
    found = actions.quote(device=call.device, sold=sold, quoted_at=call.now)
    return JsonResponse(
        {
            "total_cents": found.quote.total_cents,
            "credit_cents": found.quote.credit_cents,
            "due_cents": found.quote.due_cents,
            "value_cents": found.quote.value_cents,
            "parts": dict(zip(BRANCH_KEYS, found.quote.parts, strict=True)),
            "spendable_here_cents": found.spendable_here_cents,
        }
    )


@at_till()
def sales_today(call: DeviceCall) -> HttpResponse:
    """List the sales of this till, of today and of the day that is open."""
    text = call.request.GET.get("q", "")[:100]
    rows = queries.sales_today(device=call.device, now=call.now, text=text)
    return JsonResponse({"sales": [_sale(row) for row in rows]})


@at_till(post=True)
def sale_new(call: DeviceCall) -> HttpResponse:
    """Record a sale; sent again it is the same one."""
    asked = call.body(forms.SaleIn)
    lines = forms.lines_in(asked.lines)
    sold = Sold(str(asked.key), lines, asked.shown_id, asked.credit_cents)
    purchase_id = actions.sell(
        device=call.device, operator=call.operator, sold=sold, sold_at=call.now
    )
    return _recorded(call, purchase_id)


@at_till()
def sale(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    """Show a sale of this till with its lines, and what of each can come back."""
    row = queries.one_sale(device=call.device, purchase_id=purchase_id, now=call.now)
    lines = [
        {
            "position": line.position,
            "category": line.category,
            "description": line.description,
            "amount_cents": line.amount_cents,
            "left_cents": line.left_cents,
        }
        for line in queries.lines_of(purchase_id=row.id)
    ]
    return JsonResponse(_sale(row) | {"lines": lines})


@at_till(post=True)
def undo(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    """Undo a sale of this till."""
    asked = call.body(forms.UndoIn)
    undone = actions.undo(
        device=call.device,
        operator=call.operator,
        purchase_id=purchase_id,
        key=str(asked.key),
        reason=asked.reason,
        undone_at=call.now,
    )
    return _recorded(call, undone)


@at_till(post=True)
def refunds(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    """Give a sale of this till back, in part or whole."""
    asked = call.body(forms.RefundIn)
    lines = [LineBack(line.position, line.amount_cents) for line in asked.lines or ()]
    back = actions.refund(
        device=call.device,
        operator=call.operator,
        purchase_id=purchase_id,
        key=str(asked.key),
        lines=lines or None,
        reason=asked.reason,
        refunded_at=call.now,
    )
    return _recorded(call, back)


@at_till(operator=False)
def receipt(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    """Show the receipt of a sale of this till, as wide as a roll of paper."""
    queries.sale_of(device=call.device, purchase_id=purchase_id, now=call.now)
    found = queries.receipt_of(purchase_id=purchase_id)
    return render(call.request, "tills/receipt.html", {"receipt": found})


@at_till(post=True)
def mail(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    """Send the receipt of a sale to its buyer."""
    actions.mail_receipt(device=call.device, purchase_id=purchase_id, asked_at=call.now)
    return JsonResponse({}, status=202)


@at_till()
def search(call: DeviceCall) -> HttpResponse:
    """Find members of this cooperative by name or number, for somebody without a card."""
    text = call.request.GET.get("q", "")[:100]
    found = queries.search_members(device=call.device, text=text)
    rows = [{"membership": each.membership, "name": each.name} for each in found]
    return JsonResponse({"people": rows})


@at_till(operator=False, post=True)
def sync(call: DeviceCall) -> HttpResponse:
    """Take what this device sold without a network; each sale is answered for itself."""
    device_time, sales = forms.read_batch(call.request.body)
    received = actions.receive_sales(
        device=call.device, device_time=device_time, sales=sales, received_at=call.now
    )
    results = [
        {
            "key": each.key,
            "state": each.state,
            "id": each.id,
            "day_number": each.day_number,
            "code": each.code,
            "message": each.message,
        }
        for each in received
    ]
    return JsonResponse({"results": results})


@at_till(post=True)
def closing(call: DeviceCall) -> HttpResponse:
    """Close the day of this till, if this device counted what we did."""
    asked = call.body(forms.ClosingIn)
    closed = actions.close_day(
        device=call.device,
        operator=call.operator,
        key=str(asked.key),
        waiting=asked.waiting,
        counted=DayTotals(
            asked.sale_count,
            asked.sale_cents,
            asked.credit_cents,
            asked.refund_count,
            asked.refund_cents,
        ),
        note=asked.note,
        closed_at=call.now,
    )
    told = {"number": closed.number, "closed_at": closed.closed_at}
    return JsonResponse(told | _totals(closed.totals), status=201)


def _recorded(call: DeviceCall, purchase_id: UUID) -> HttpResponse:
    row = queries.one_sale(device=call.device, purchase_id=purchase_id, now=call.now)
    return JsonResponse(_sale(row), status=201)


def _sale(row: SaleHere) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        "kind": row.kind,
        "is_undo": row.is_undo,
        "corrects": row.corrects,
        "happened_at": row.happened_at,
        "buyer_name": row.buyer_name,
        "operator": row.operator,
        "offline": row.offline,
        "day_number": row.day_number,
        "total_cents": row.total_cents,
        "credit_cents": row.credit_cents,
        "value_cents": row.value_cents,
        "member_cents": row.member_cents,
        "common_cents": row.common_cents,
        "territory_cents": row.territory_cents,
        "solidarity_cents": row.solidarity_cents,
        "left_cents": row.left_cents,
        "undone": row.undone,
        "undo_until": row.undo_until,
        "receipt_url": f"/till/sales/{row.id}/receipt/",
    }


def _card(shown: CardHere) -> dict[str, object]:
    return {
        "shown_id": shown.shown_id,
        "name": shown.name,
        "number_masked": shown.number_masked,
        "may_spend": shown.may_spend,
        "has_pin": shown.has_pin,
        "may_buy": True,
        "why": "",
        "spendable_here_cents": shown.spendable_here_cents,
        "member_since": shown.member_since,
    }


def _totals(day: DayTotals) -> dict[str, int]:
    return {**day._asdict(), "money_cents": day.money_cents}
