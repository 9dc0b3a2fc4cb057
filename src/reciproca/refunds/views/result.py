"""A refund being divided, what came of it, and the cash that goes out by bank."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.refunds import actions, queries
from reciproca.refunds.models import AnnualAccounts, RefundRun
from reciproca.refunds.page_forms import CashForm
from reciproca.refunds.tasks import RUN
from reciproca.refunds.views.common import (
    GET_OR_POST,
    drawn,
    manager_required,
    own_cooperative,
    run_of,
    run_or_404,
    wizard,
)
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.job_view import job_view, latest_job
from reciproca.shared.jobs import start_job
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50


@require_http_methods(GET_OR_POST)
@manager_required
def refund(request: MemberRequest, year: int) -> HttpResponse:
    """Divide the refund, and show how far that is or what came of it."""
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    if accounts is None:
        return redirect("refunds:accounts", year)
    if request.method == "POST":
        start_job(
            kind=RUN,
            args={
                "accounts_id": str(accounts.id),
                "recorded_by": str(request.actor.user_id),
                "person_id": str(request.actor.person_id),
            },
            started_by=request.actor.user_id,
            subject=str(accounts.id),
        )
        return redirect("refunds:refund", year)
    run = run_of(accounts)
    if run is not None:
        return _result(request, year, accounts, run, CashForm())
    job = latest_job(kind=RUN, subject=str(accounts.id))
    if job is None:
        return redirect("refunds:check", year)
    view = job_view(job)
    if request.htmx:
        context = {"job": view, "poll_url": request.path, "result_url": request.path}
        return render(request, "components/job.html", context)
    return render(
        request, "refunds/running.html", {"job": view, **wizard(year, "refund", accounts)}
    )


@require_safe
@manager_required
def cash_file(request: MemberRequest, year: int) -> HttpResponse:
    """Hand out the bank file of the cash refunds."""
    run = run_or_404(request, year)
    with override(settings.LANGUAGE_CODE):
        # What both banks will print: in the house's language, whoever makes the file.
        remittance = _("Ristorno %(year)s") % {"year": year}
    try:
        file = actions.cash_file(run=run, created_at=timezone.now(), remittance=remittance)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return redirect("refunds:refund", year)
    response = HttpResponse(file.content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_POST
@manager_required
def cash_payments(request: MemberRequest, year: int) -> HttpResponse:
    """Write down that the bank paid the cash refunds."""
    run = run_or_404(request, year)
    form = CashForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            paid = actions.confirm_cash_payments(
                run_id=run.id,
                line_ids=None,
                bank_reference=form.cleaned_data["bank_reference"],
                paid_on=form.cleaned_data["paid_on"],
                confirmed_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _paid_sentence(paid))
            return redirect("refunds:refund", year)
    return _result(request, year, run.accounts, run, form, status)


def _result(
    request: MemberRequest,
    year: int,
    accounts: AnnualAccounts,
    run: RefundRun,
    form: CashForm,
    status: int = 200,
) -> HttpResponse:
    search = request.GET.get("q", "")[:100]
    page = Paginator(queries.lines_of(run=run, search=search), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    numbers = registry.register_numbers(
        cooperative_id=accounts.cooperative_id, members=[line.member_id for line in page]
    )
    result = queries.result_of(run=run)
    context = {
        "result": result,
        "accounts": accounts,
        "drawn": drawn(accounts.net_profit_cents, result.steps),
        "page": page,
        "rows": [(line, numbers.get(line.member_id)) for line in page],
        "search": search,
        "form": form,
        **wizard(year, "refund", accounts),
    }
    return render(request, "refunds/result.html", context, status=status)


def _paid_sentence(count: int) -> str:
    if not count:
        return _(
            "Nessun pagamento da confermare: chi ha scritto l’IBAN dopo l’ultimo file aspetta il"
            " prossimo. Scaricalo e mandalo alla banca."
        )
    sentence = ngettext(
        "Un ristorno in denaro confermato.", "%(n)s ristorni in denaro confermati.", count
    )
    return sentence % {"n": count}
