"""Pages of ballots: what there is to vote on, the paper, the receipt, what it came to."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reciproca.ballots import actions, published, queries, receipts
from reciproca.ballots.forms import VoteIn
from reciproca.ballots.models import Closing
from reciproca.ballots.page_forms import BallotPaperForm
from reciproca.ballots.queries import BallotPage, Right
from reciproca.ballots.rules.choices import ABSTAIN, BUDGETS, NO, YES, Method
from reciproca.ballots.views.words import fresh_codes
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest

_VOTES, _CONSENTS = _("Voti"), _("Consensi")
MEASURES = {
    Method.MOTION: _VOTES,
    Method.APPROVAL: _VOTES,
    Method.SCORE_SUM: _("Punti"),
    Method.SCORE_MEDIAN: _("Punteggio mediano"),
    Method.SCHULZE: _("Quante altre proposte ognuna batte"),
    **dict.fromkeys(BUDGETS, _CONSENTS),
}
"""What the figures of a result are."""


@require_safe
@known_required
def ballots(request: MemberRequest) -> HttpResponse:
    """List what there is to vote on, and what was decided."""
    rows = queries.ballots_of(person_id=_person(request))
    now = queries.database_now()
    context = {
        "open": [each for each in rows if each.closed_at is None],
        "closed": [each for each in rows if each.closed_at is not None],
        "now": now,
    }
    return render(request, "ballots/list.html", context)


@require_safe
@known_required
@never_cache
def ballot(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """Show the paper of an open ballot, or what a closed one came to."""
    page = _page_or_404(request, ballot_id)
    if page.outcome is not None:
        context = {"page": page, "bars": _bars(page), "measure": MEASURES[page.method]}
        return render(request, "ballots/result.html", context)
    right = _right(page, request.GET.get("for"))
    form = None
    if right:
        initial = {"member": right.member_id, "codes": fresh_codes(right.votes)}
        form = BallotPaperForm(page=page, initial=initial)
    return _show(request, page, right, form)


@require_POST
@known_required
@never_cache
def votes(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """
    Cast a vote and show its receipt.

    There is no other page to lead to: the receipt is told once, and kept by nobody but the voter.
    """
    page = _page_or_404(request, ballot_id)
    right = _right(page, request.POST.get("member"))
    if right is None:
        raise Http404
    form = BallotPaperForm(request.POST, page=page)
    if not form.is_valid():
        return _show(request, page, right, form, status=422)
    try:
        receipt = actions.cast_vote(
            vote=VoteIn(
                ballot_id=ballot_id,
                member_id=right.member_id,
                choice=form.choice(),
                codes=form.cleaned_data["codes"],
            ),
            cast_by=_person(request),
            cast_at=queries.database_now(),
        )
    except DomainError as refusal:
        return _show(request, page, right, form, refusal=refusal, status=refusal.status)
    context = {"page": page, "receipt": receipt, "vkey": receipts.vkey()}
    return render(request, "ballots/receipt.html", context)


@require_safe
@known_required
def roll(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """List who might vote on a closed ballot, and who did."""
    page = _page_or_404(request, ballot_id)
    if page.outcome is None or page.forgotten_at is not None:
        raise Http404
    rows = queries.roll(ballot_id=ballot_id)
    return render(request, "ballots/roll.html", {"page": page, "rows": rows})


@require_safe
def ballot_file(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """Give everybody the rule of a closed ballot and what it came to."""
    content = published.ballot_file(_closing_or_404(ballot_id))
    return HttpResponse(content, content_type="application/json")


@require_safe
def votes_file(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """Give everybody the votes of a closed ballot, without names."""
    content = published.votes_file(_closing_or_404(ballot_id))
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


def _show(
    request: MemberRequest,
    page: BallotPage,
    right: Right | None,
    form: BallotPaperForm | None,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "right": right,
        "form": form,
        "refusal": refusal,
        "now": queries.database_now(),
    }
    return render(request, "ballots/ballot.html", context, status=status)


def _person(request: MemberRequest) -> UUID:
    if request.actor.person_id is None:
        raise Http404
    return request.actor.person_id


def _page_or_404(request: MemberRequest, ballot_id: UUID) -> BallotPage:
    page = queries.ballot_page(ballot_id=ballot_id, person_id=_person(request))
    if page is None:
        raise Http404
    return page


def _closing_or_404(ballot_id: UUID) -> Closing:
    closing = queries.closing_of(ballot_id)
    if closing is None:
        raise Http404
    return closing


def _right(page: BallotPage, asked: str | None) -> Right | None:
    """Return the right that was asked for, else the first that is not cast yet."""
    if asked:
        return next((each for each in page.rights if str(each.member_id) == asked), None)
    return min(page.rights, key=lambda each: each.voted, default=None)


def _bars(page: BallotPage) -> Sequence[tuple[str, Fraction, int, bool]]:
    """Return of each option its title, what it got, thousandths of the most, and whether it won."""
    found = page.outcome
    if found is None or not found.tally:
        return []
    titles = {YES: gettext("Sì"), NO: gettext("No"), ABSTAIN: gettext("Astenuti")}
    titles |= {each.key: each.title for each in page.options}
    most = max(found.tally.values()) or Fraction(1)
    # The most first, and who abstained last.
    order = sorted(found.tally, key=lambda key: (key == ABSTAIN, -found.tally[key], key))
    return [
        (titles[key], found.tally[key], int(1000 * found.tally[key] / most), key in found.winners)
        for key in order
    ]
