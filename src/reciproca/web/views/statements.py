"""Yearly statements: a member's own page and PDF, and the PDF of a cooperative's page."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from reciproca.purchases import queries as purchases
from reciproca.redistribution import queries as redistribution
from reciproca.registry import queries as registry
from reciproca.shared.gates import known_required, role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.desk.statement import statement
from reciproca.web.member.branches import branch_parts
from reciproca.web.statements.documents import cooperative_pdf, member_pdf
from reciproca.web.statements.member import MemberStatement, member_statement
from reciproca.web.statements.own_part import own_part_pdf
from reciproca.web.views.profile import own_id

FIRST_YEAR = 2000


@require_safe
@role_required("member")
def my_years(request: MemberRequest) -> HttpResponse:
    """Lead to the member's statement of the year on which pages open."""
    year = purchases.buyers_year_to_open(buyer_id=own_id(request), today=timezone.localdate())
    return redirect("web:my_year", year)


@require_safe
@role_required("member")
def my_year(request: MemberRequest, year: int) -> HttpResponse:
    """Show a member's year."""
    context = {
        "statement": _member(request, year),
        "chips": _chips("web:my_year", year),
    }
    return render(request, "web/my_year.html", context)


@require_safe
@role_required("member")
def my_year_pdf(request: MemberRequest, year: int) -> HttpResponse:
    """Hand out a member's year as PDF."""
    found = _member(request, year)
    return pdf_response(member_pdf(found), f"{found.member}-{year}")


@require_safe
@role_required("manager")
def desk_year_pdf(request: MemberRequest, year: int) -> HttpResponse:
    """Hand out a cooperative's year within the community as PDF."""
    today = _today_if_known(year)
    node = request.actor.node_id
    assert node is not None
    page = statement(cooperative_id=node, year=year, years=[year])
    names, community = registry.names_of([node]), registry.community()
    content = cooperative_pdf(
        page,
        branches=branch_parts(
            page.sold, valueback.policy_in_force(on=min(date(year, 12, 31), today))
        ),
        cooperative=names[node],
        community=community.name if community else "",
    )
    return pdf_response(content, f"{names[node]}-{year}")


@require_safe
@known_required
def redistribution_pdf(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Hand out why somebody's own part of a redistribution is what it is, as PDF."""
    assert request.actor.person_id is not None
    part = redistribution.own_part(run_id=run_id, member_id=request.actor.person_id)
    if part is None or part.line is None:
        raise Http404
    if part.tampered:
        return redirect("redistribution:own_part", run_id)
    head = registry.page_head(person_id=request.actor.person_id)
    content = own_part_pdf(part, member=head.person_name, community=head.community_name)
    return pdf_response(content, f"{head.person_name}-riparto-{part.run.ends_on}")


def _member(request: MemberRequest, year: int) -> MemberStatement:
    today = _today_if_known(year)
    return member_statement(person_id=own_id(request), year=year, today=today)


def _today_if_known(year: int) -> date:
    """Return today; a year that has not begun has no statement."""
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    return today


def _chips(view: str, year: int) -> list[dict[str, object]]:
    this = timezone.localdate().year
    years = sorted({this, this - 1, this - 2, year}, reverse=True)
    return [
        {"label": str(each), "url": reverse(view, args=[each]), "current": each == year}
        for each in years
    ]


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF to keep, called after `name`."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="reciproca-{slugify(name)}.pdf"'
    return response
