"""Pages of netting: what is owed, what runs left to pay, what the bank has paid."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.clearing import actions, queries
from reciproca.clearing.models import ClearingRun, Obligation, Payment
from reciproca.clearing.page_forms import RunForm, SettlementForm
from reciproca.purchases.queries.years import SoldFact, sold_among
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50
FILES_AT_A_GLANCE = 10
STATES = ("open", "settled", "all")
OPEN = "open"


@require_safe
@role_required("officer")
def overview(request: MemberRequest) -> HttpResponse:
    """Show what is owed and not yet netted, and every payment."""
    return _overview(request, form=RunForm())


@require_POST
@role_required("officer")
def runs(request: MemberRequest) -> HttpResponse:
    """Net everything owed up to a day."""
    form = RunForm(request.POST)
    if not form.is_valid():
        return _overview(request, form=form, status=422)
    try:
        run = actions.run_clearing(
            label=form.cleaned_data["label"].strip(),
            until=form.cleaned_data["until"],
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _overview(request, form=form, status=refusal.status)
    return redirect("clearing:run", run.id)


@require_safe
@role_required("officer")
def run(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Show a netting: who owed whom before, who pays whom after, the bank files."""
    found = _run_or_404(run_id)
    if (proposal_id := queries.proposal_of(run=found)) is not None:
        return redirect("clearing:set_off", proposal_id)
    payments = Paginator(queries.payments(run=found), ON_A_PAGE)
    debtors = Paginator(queries.debtors_of(run=found), FILES_AT_A_GLANCE).get_page(1)
    context = {
        "run": found,
        "debts": queries.drawn_debts(run=found),
        "to_draw": queries.drawn_payments(run=found),
        "page": payments.get_page(request.GET.get("page")),
        "sums": queries.payment_sums(run=found),
        "files": queries.files_of(run=found, debtors=debtors),
        "file_count": debtors.paginator.count,
        "actions": _bulk_actions(),
    }
    return render(request, "clearing/run.html", context)


@require_safe
@role_required("officer")
def bank_files(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """List the bank file of everybody who still has something to pay, a page at a time."""
    found, text = _run_or_404(run_id), asked_of(request.GET).text
    debtors = Paginator(queries.debtors_of(run=found, text=text), ON_A_PAGE)
    page = debtors.get_page(request.GET.get("page"))
    files = queries.files_of(run=found, debtors=page)
    context = {"run": found, "page": page, "files": files, "text": text}
    return render(request, "clearing/files.html", context)


@require_safe
@role_required("officer")
def obligations(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """List every debt that a run took in, a page at a time."""
    found = _run_or_404(run_id)
    text = asked_of(request.GET).text
    debts = Paginator(queries.obligations_of(run=found, text=text), ON_A_PAGE)
    context = {"run": found, "page": debts.get_page(request.GET.get("page")), "text": text}
    return render(request, "clearing/obligations.html", context)


@require_safe
@role_required("officer")
def bank_file(request: MemberRequest, run_id: UUID, debtor_id: UUID) -> HttpResponse:
    """Hand out the credit-transfer file of one debtor."""
    found = _run_or_404(run_id)
    try:
        file = actions.payment_file(run=found, debtor_id=debtor_id, created_at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return redirect("clearing:run", run_id)
    response = HttpResponse(file.content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("officer")
def settlement(request: MemberRequest) -> HttpResponse:
    """Ask for the bank's references of the chosen payments, and settle them."""
    chosen = queries.chosen_payments(_ids(request.GET.getlist("payment")))
    if not chosen:
        messages.warning(request, _("Scegli almeno un pagamento ancora da pagare."))
        return redirect("clearing:list")
    form = SettlementForm(request.POST or None, payments=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            settled = actions.confirm_payments(
                confirmations=form.confirmations(),
                settled_on=form.cleaned_data["settled_on"],
                confirmed_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return _settlement(request, form, chosen, refusal.status)
        messages.success(request, _settled_sentence(len(settled)))
        return redirect("clearing:list")
    return _settlement(request, form, chosen, 422 if form.errors else 200)


@require_safe
@role_required("officer", "manager")
def obligation(request: MemberRequest, obligation_id: UUID) -> HttpResponse:
    """
    Show what a debt is made of: sums for everybody concerned.

    A manager who is the seller of those purchases sees them too; nobody sees another's.
    """
    found = queries.obligation_named(obligation_id=obligation_id)
    if found is None or not _may_see(request, found):
        raise Http404
    context = {
        "behind": queries.behind(obligation=found),
        "purchases": _own_purchases(request, found),
    }
    return render(request, "clearing/obligation.html", context)


def _overview(request: MemberRequest, *, form: RunForm, status: int = 200) -> HttpResponse:
    asked = asked_of(request.GET)
    found = queries.payments(state=asked.state, text=asked.text)
    context = {
        "form": form,
        # Summing what is owed takes longer the older a community is: the page comes first.
        "counted": OPEN in request.GET,
        "sums": queries.payment_sums(),
        "runs": queries.runs(),
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "state": asked.state or "all",
        "text": asked.text,
        "chips": _chips(asked),
        "actions": _bulk_actions(),
    }
    return render(request, "clearing/list.html", context, status=status)


class Asked(NamedTuple):
    """Which payments or debts an address asks for; an empty state means all."""

    state: str
    text: str


def asked_of(query: QueryDict) -> Asked:
    """Read what to list; what does not exist narrows nothing."""
    state = query.get("state", "open")
    state = state if state in STATES else "open"
    return Asked("" if state == "all" else state, query.get("q", "")[:100].strip())


def _chips(asked: Asked) -> list[dict[str, object]]:
    labels = {"open": _("Da pagare"), "settled": _("Pagati"), "all": _("Tutti")}
    base, text = reverse("clearing:list"), {"q": asked.text} if asked.text else {}
    return [
        {
            "label": label,
            "url": f"{base}?{urlencode({'state': key, **text})}",
            "current": key == (asked.state or "all"),
        }
        for key, label in labels.items()
    ]


def _bulk_actions() -> list[dict[str, str]]:
    return [{"name": "", "value": "", "label": _("Segna come pagati")}]


def _settlement(
    request: MemberRequest, form: SettlementForm, chosen: Sequence[Payment], status: int
) -> HttpResponse:
    context = {"form": form, "total_cents": sum(payment.amount_cents for payment in chosen)}
    return render(request, "clearing/settlement.html", context, status=status)


def _settled_sentence(count: int) -> str:
    sentence = ngettext(
        "Un pagamento confermato: quel debito è chiuso.",
        "%(n)s pagamenti confermati: quei debiti sono chiusi.",
        count,
    )
    return sentence % {"n": count}


def _own_purchases(request: MemberRequest, found: Obligation) -> list[tuple[SoldFact, int]]:
    if request.actor.role != "manager" or request.actor.node_id is None:
        return []
    facts = dict(queries.facts_behind(obligation=found, limit=ON_A_PAGE))
    rows = sold_among(seller_id=request.actor.node_id, ids=facts.keys())
    return [(row, facts[row.id]) for row in rows]


def _may_see(request: MemberRequest, found: Obligation) -> bool:
    if request.actor.role == "officer":
        return True
    return request.actor.node_id in (found.debtor_id, found.creditor_id)


def _run_or_404(run_id: UUID) -> ClearingRun:
    found = queries.run_named(run_id=run_id)
    if found is None:
        raise Http404
    return found


def _ids(texts: Sequence[str]) -> list[UUID]:
    """Return the ids among what an address says; anything else was not ours."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
