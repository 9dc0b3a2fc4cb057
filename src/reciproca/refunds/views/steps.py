"""The wizard of a year: accounts, resolution, members' sheet, and the waterfall to check."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.refunds import actions, queries, sheet
from reciproca.refunds.page_forms import AccountsForm, ClaimsForm, ResolutionForm
from reciproca.refunds.tasks import RUN
from reciproca.refunds.views.common import (
    GET_OR_POST,
    accounts_or_step,
    check_over,
    drawn,
    manager_required,
    own_cooperative,
    run_of,
    sheet_kind,
    status_of,
    wizard,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.job_view import latest_job
from reciproca.shared.types import MemberRequest

ALL_BP = 10_000


@require_safe
@manager_required
def latest(request: MemberRequest) -> HttpResponse:
    """Lead to the last year that is over."""
    return redirect("refunds:year_of", timezone.localdate().year - 1)


@require_safe
@manager_required
def year_of(request: MemberRequest, year: int) -> HttpResponse:
    """Lead to the step at which a year stands."""
    check_over(year)
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    if accounts is None:
        return redirect("refunds:accounts", year)
    if run_of(accounts) or latest_job(kind=RUN, subject=str(accounts.id)):
        return redirect("refunds:refund", year)
    if accounts.resolution is None:
        return redirect("refunds:resolution", year)
    return redirect("refunds:check", year)


@require_http_methods(GET_OR_POST)
@manager_required
def accounts_step(request: MemberRequest, year: int) -> HttpResponse:
    """Enter the accounts, or correct them."""
    check_over(year)
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    if accounts is not None and run_of(accounts):
        return redirect("refunds:refund", year)
    form = AccountsForm(request.POST or None, accounts=accounts)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_accounts(
                cooperative_id=own_cooperative(request),
                year=year,
                figures=form.figures(),
                entered_by=request.actor.user_id,
                entered_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect("refunds:resolution", year)
    context = {"form": form, **wizard(year, "accounts", accounts)}
    status = status_of(form.errors, status)
    return render(request, "refunds/accounts.html", context, status=status)


@require_http_methods(GET_OR_POST)
@manager_required
def resolution_step(request: MemberRequest, year: int) -> HttpResponse:
    """Record the assembly's resolution."""
    accounts = accounts_or_step(request, year)
    if isinstance(accounts, HttpResponse):
        return accounts
    form = ResolutionForm(request.POST or None, request.FILES or None, accounts=accounts)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.attach_resolution(
                cooperative_id=own_cooperative(request),
                year=year,
                resolution=form.resolution(),
                title=_("Bilancio %(year)s e ristorno") % {"year": year},
                recorded_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect("refunds:check", year)
    context = {"form": form, **wizard(year, "resolution", accounts)}
    return render(
        request, "refunds/resolution.html", context, status=status_of(form.errors, status)
    )


@require_safe
@manager_required
def minutes(request: MemberRequest, year: int) -> HttpResponse:
    """Hand out the minutes of the own assembly."""
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    document = accounts and accounts.resolution and accounts.resolution.document
    if not document:
        raise Http404
    response = HttpResponse(bytes(document.content), content_type=document.content_type)
    response["Content-Disposition"] = f'attachment; filename="verbale-{year}.pdf"'
    return response


@require_http_methods(GET_OR_POST)
@manager_required
def claims_step(request: MemberRequest, year: int) -> HttpResponse:
    """Take in the sheet of hours and pay, or of what members brought."""
    accounts = accounts_or_step(request, year)
    if isinstance(accounts, HttpResponse):
        return accounts
    kind = sheet_kind(accounts.cooperative_id)
    if kind is None:
        return redirect("refunds:check", year)
    form = ClaimsForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            claims = sheet.read_sheet(
                content=form.cleaned_data["sheet"].read(),
                kind=kind,
                cooperative_id=accounts.cooperative_id,
            )
            count = actions.enter_claims(
                cooperative_id=accounts.cooperative_id, year=year, claims=claims
            )
        except DomainError as refusal:
            form.add_error("sheet", str(refusal))
            status = refusal.status
        else:
            messages.success(request, _taken_sentence(count))
            return redirect("refunds:check", year)
    context = {
        "form": form,
        "columns": sheet.COLUMNS[kind],
        "claim_count": accounts.claims.count(),
        **wizard(year, "claims", accounts),
    }
    return render(request, "refunds/claims.html", context, status=status_of(form.errors, status))


@require_safe
@manager_required
def claims_sheet(request: MemberRequest, year: int) -> HttpResponse:
    """Hand out an empty sheet."""
    kind = sheet_kind(own_cooperative(request))
    if kind is None:
        raise Http404
    response = HttpResponse(sheet.blank_sheet(kind=kind), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="soci-{year}.csv"'
    return response


@require_safe
@manager_required
def check(request: MemberRequest, year: int) -> HttpResponse:
    """Show where the surplus goes, step by step, before anything moves."""
    accounts = accounts_or_step(request, year)
    if isinstance(accounts, HttpResponse):
        return accounts
    context: dict[str, object] = {"accounts": accounts, **wizard(year, "check", accounts)}
    try:
        found = queries.preview(accounts=accounts)
    except DomainError as refusal:
        context["refusal"] = refusal
    else:
        context |= {
            "preview": found,
            "shared_cents": found.pot_cents - found.undistributed_cents,
            "credit_bp": ALL_BP - accounts.cash_share_bp - accounts.capital_share_bp,
            "drawn": drawn(accounts.net_profit_cents, found.steps),
            "ready": accounts.resolution is not None and found.pot_cents and found.member_count,
        }
    return render(request, "refunds/check.html", context)


def _taken_sentence(count: int) -> str:
    sentence = ngettext("Un socio letto dal foglio.", "%(n)s soci letti dal foglio.", count)
    return sentence % {"n": count}
