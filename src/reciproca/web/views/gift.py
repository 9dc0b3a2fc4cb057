"""Giving credit to a project: choose, check, done."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.registry import queries as registry
from reciproca.registry.queries import HeldNode
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import actions
from reciproca.valueback import queries as valueback
from reciproca.web.member.gift_form import GiftForm, offered
from reciproca.web.member.logged import logged
from reciproca.web.member.purchase import gift_page
from reciproca.web.views.profile import own_id
from reciproca.web.words import euro


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("member")
def gift(request: MemberRequest) -> HttpResponse:
    """Choose a project and an amount; a POST of both, checked before, gives it."""
    projects = _projects()
    if request.method != "POST":
        asked = request.GET.dict()
        form = GiftForm(initial=asked, projects=projects, most_cents=_spendable(request))
        return _show(request, form, projects)
    # Without a limit of its own: what was given already, sent again, is answered as before.
    form = GiftForm(request.POST, projects=projects, most_cents=None)
    if not form.is_valid():
        return _show(request, form, projects)
    try:
        made = actions.give_credit(
            key=form.cleaned_data["key"],
            giver_id=own_id(request),
            project_id=form.cleaned_data["project"],
            amount_cents=form.cleaned_data["amount"],
            happened_at=timezone.now(),
            recorded_by=request.actor.user_id,
        )
    except DomainError as refusal:
        return _show(request, form, projects, refusal=refusal)
    told = {"amount": euro(made.amount_cents)}
    messages.success(request, _("Hai donato %(amount)s: grazie. Un dono non si annulla.") % told)
    return redirect("web:given", made.id)


@require_safe
@role_required("member")
def gift_check(request: MemberRequest) -> HttpResponse:
    """Read the answers again before anything moves; what is wrong leads back to them."""
    projects, most = _projects(), _spendable(request)
    form = GiftForm(request.GET, projects=projects, most_cents=most)
    if not form.is_valid():
        return _show(request, form, projects)
    answers = form.cleaned_data
    typed = {name: form[name].value() for name in ("project", "amount")}
    context = {
        "project": next(node for node in projects if node.id == answers["project"]),
        "amount_cents": answers["amount"],
        "left_cents": most - answers["amount"],
        "typed": typed,
        "key": answers["key"],
        "back": f"{reverse('web:gift')}?{urlencode(typed | {'key': answers['key']})}",
    }
    return render(request, "web/gift_check.html", context)


@require_safe
@role_required("member")
def given(request: MemberRequest, gift_id: UUID) -> HttpResponse:
    """Show a gift: to whom, out of which credit, what the ledger wrote."""
    page = gift_page(gift_id=gift_id, giver_id=own_id(request))
    if page is None:
        raise Http404
    return render(request, "web/given.html", {"page": page, "logged": logged(fact=gift_id)})


def _projects() -> list[HeldNode]:
    return [node for node in registry.held_nodes() if node.kind == "project"]


def _spendable(request: MemberRequest) -> int:
    return valueback.spendable(member_id=own_id(request), on=timezone.localdate()).cents


def _show(
    request: MemberRequest,
    form: GiftForm,
    projects: Sequence[HeldNode],
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    text, chosen = request.GET.get("q", ""), str(form["project"].value() or "")
    shown = offered(projects, text=text, chosen=chosen)
    given = valueback.given_to([project.id for project in shown])
    context = {
        "form": form,
        "refusal": refusal,
        "projects": [(project, given.get(project.id)) for project in shown],
        "project_count": len(projects),
        "text": text,
        "chosen": chosen,
        "spendable_cents": _spendable(request),
    }
    sent = request.method == "POST"
    status = refusal.status if refusal else 422 if sent else 200
    return render(request, "web/gift.html", context, status=status)
