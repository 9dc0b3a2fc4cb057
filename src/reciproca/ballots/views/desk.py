"""The desk of a ballot: helping people to vote, papers, and the urn."""

import json
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.ballots import actions, queries, receipts
from reciproca.ballots.actions import Reading
from reciproca.ballots.forms import PapersIn, UrnIn, VoteIn
from reciproca.ballots.models import Ballot
from reciproca.ballots.page_forms import (
    AssistedForm,
    PaperLinesForm,
    PaperNamesForm,
    UrnHeapsForm,
    UrnLinesForm,
)
from reciproca.ballots.page_forms.desk import examples_of
from reciproca.ballots.queries import DeskPage, Difference
from reciproca.ballots.views.words import fresh_codes, said
from reciproca.registry.actions import AtDesk
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
runs_required = role_required("manager", "officer")


@require_safe
@runs_required
@never_cache
def desk(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """Show the desk of a ballot: whom a name means, who waits, what is in the urn."""
    page = queries.desk_page(_own_ballot(request, ballot_id))
    text = request.GET.get("q", "")[:100]
    context = {
        "page": page,
        "search": text,
        "rows": queries.found_at_desk(page.ballot, text=text) if text else [],
        "waiting": [(row, said(page, row.choice)) for row in page.waiting],
        "me": request.actor.person_id,
    }
    return render(request, "ballots/desk.html", context)


@require_http_methods(GET_OR_POST)
@runs_required
@never_cache
def assisted(request: MemberRequest, ballot_id: UUID, member_id: UUID) -> HttpResponse:
    """
    Help somebody to vote; of a secret ballot this page is for them alone, on the desk's device.

    A vote that was cast shows its receipt: it is told once, and kept by nobody.
    """
    ballot = _own_ballot(request, ballot_id)
    page, row = queries.desk_page(ballot), queries.desk_row(ballot, member_id=member_id)
    if row is None:
        raise Http404
    initial = {"member": member_id, "codes": fresh_codes(row.votes)}
    form = AssistedForm(request.POST or None, page=page, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            receipt = actions.assist_vote(
                vote=VoteIn(ballot_id, member_id, form.choice(), form.cleaned_data["codes"]),
                proof=form.cleaned_data["proof"],
                paper=form.cleaned_data.get("paper", ""),
                desk=_at_desk(request),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if receipt is None:
                sentence = _("Il voto è scritto: conta quando un’altra persona lo conferma.")
                messages.success(request, sentence)
                return redirect("ballots:desk", ballot_id)
            context = {"page": page, "receipt": receipt, "vkey": receipts.vkey(), "at_desk": True}
            return render(request, "ballots/receipt.html", context)
    context = {"page": page, "policy": queries.policy_of(ballot), "row": row, "form": form}
    return _shown(request, "ballots/assisted.html", context, form)


@require_POST
@runs_required
def confirmation(request: MemberRequest, ballot_id: UUID, assisted_id: UUID) -> HttpResponse:
    """Confirm a vote with which another one of the desk helped."""
    _own_ballot(request, ballot_id)
    return _tried(
        request,
        ballot_id,
        lambda: actions.confirm_assisted(
            assisted_id=assisted_id, ballot_id=ballot_id, desk=_at_desk(request)
        ),
        _("Confermato: il voto è contato."),
    )


@require_POST
@runs_required
def removal(request: MemberRequest, ballot_id: UUID, assisted_id: UUID) -> HttpResponse:
    """Throw away a vote that waits for a second person."""
    _own_ballot(request, ballot_id)
    return _tried(
        request,
        ballot_id,
        lambda: actions.drop_assisted(assisted_id=assisted_id, ballot_id=ballot_id),
        _("Tolto: la persona può votare di nuovo."),
    )


@require_POST
@runs_required
def urn_paper(request: MemberRequest, ballot_id: UUID, member_id: UUID) -> HttpResponse:
    """Write down that somebody put a paper into the urn."""
    _own_ballot(request, ballot_id)
    return _tried(
        request,
        ballot_id,
        lambda: actions.put_in_urn(
            ballot_id=ballot_id,
            member_id=member_id,
            put_by=_person(request),
            put_at=queries.database_now(),
        ),
        _("Segnato: la sua scheda è nell’urna."),
    )


@require_POST
@runs_required
def urn_paper_removal(request: MemberRequest, ballot_id: UUID, member_id: UUID) -> HttpResponse:
    """Take back a line of the urn that was written by mistake."""
    _own_ballot(request, ballot_id)
    return _tried(
        request,
        ballot_id,
        lambda: actions.take_from_urn(ballot_id=ballot_id, member_id=member_id),
        _("Tolto: può votare di nuovo."),
    )


@require_http_methods(GET_OR_POST)
@runs_required
@never_cache
def papers(request: MemberRequest, ballot_id: UUID) -> HttpResponse:
    """Enter what papers say, as one of two people read them apart."""
    page = queries.desk_page(_own_ballot(request, ballot_id))
    financing = request.GET.get("urn") == "financing"
    form = _paper_form(request, page)
    outcome: list[Reading] = []
    if form.is_bound and form.is_valid():
        try:
            outcome.append(_enter(request, page, financing, form))
        except DomainError as refusal:
            form.refuse(refusal)
    if outcome == [Reading.COUNTED]:
        messages.success(request, _("Le due letture dicono lo stesso: le schede sono contate."))
        return redirect("ballots:desk", ballot_id)
    person_id = _person(request)
    found = queries.differences(ballot_id=ballot_id, financing=financing, person_id=person_id)
    context = {
        "page": page,
        "form": form,
        "financing": financing,
        "urn": next((each for each in page.urns if each.financing == financing), None),
        "examples": [] if page.is_single else examples_of(page.method),
        "waits": queries.has_read(ballot_id=ballot_id, financing=financing, person_id=person_id),
        "differences": _told(page, found[0]) if found else None,
    }
    return _shown(request, "ballots/papers.html", context, form)


def _paper_form(
    request: MemberRequest, page: DeskPage
) -> PaperNamesForm | PaperLinesForm | UrnHeapsForm | UrnLinesForm:
    sent = request.POST or None
    if page.ballot.secret:
        return UrnHeapsForm(sent, page=page) if page.is_single else UrnLinesForm(sent, page=page)
    return PaperNamesForm(sent, page=page) if page.is_single else PaperLinesForm(sent, page=page)


def _enter(
    request: MemberRequest,
    page: DeskPage,
    financing: bool,
    form: PaperNamesForm | PaperLinesForm | UrnHeapsForm | UrnLinesForm,
) -> Reading:
    person_id, now = _person(request), queries.database_now()
    if isinstance(form, UrnHeapsForm | UrnLinesForm):
        urn = UrnIn(page.ballot.id, form.papers(), financing)
        return actions.count_urn(urn=urn, entered_by=person_id, entered_at=now)
    read = form.papers()
    members = [queries.member_meant(page.ballot, text=who) for who, _choice in read]
    if len(set(members)) < len(members):
        raise actions.PapersOfNobody
    given = PapersIn(page.ballot.id, members, [choice for _who, choice in read])
    return actions.enter_papers(papers=given, entered_by=person_id, entered_at=now)


def _told(page: DeskPage, rows: Sequence[Difference]) -> list[tuple[str, str, str]]:
    """Return where two readings differ, in words: of whom or what, mine, the other's."""
    if page.ballot.secret:
        return [(said(page, json.loads(row.key)), row.mine, row.theirs) for row in rows]
    names = queries.names_on_roll(ballot_id=page.ballot.id, members=[UUID(row.key) for row in rows])
    return [
        (
            names.get(UUID(row.key), ""),
            said(page, json.loads(row.mine)) if row.mine else "",
            said(page, json.loads(row.theirs)) if row.theirs else "",
        )
        for row in rows
    ]


def _own_ballot(request: MemberRequest, ballot_id: UUID) -> Ballot:
    """Return a ballot of whom somebody acts for. Raises: Http404."""
    ballot = queries.ballot_of(ballot_id=ballot_id, node_id=request.actor.node_id)
    if ballot is None:
        raise Http404
    return ballot


def _person(request: MemberRequest) -> UUID:
    if request.actor.person_id is None:
        raise Http404
    return request.actor.person_id


def _at_desk(request: MemberRequest) -> AtDesk:
    """Return who helps, at whose desk, now by the database's clock."""
    assert request.actor.node_id is not None
    return AtDesk(
        organisation_id=request.actor.node_id,
        operator_id=_person(request),
        user_id=request.actor.user_id,
        at=queries.database_now(),
    )


def _tried(
    request: MemberRequest, ballot_id: UUID, act: Callable[[], object], sentence: str
) -> HttpResponse:
    """Do what has no form of its own; a refusal is said on the desk's page."""
    try:
        act()
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("ballots:desk", ballot_id)


def _shown(
    request: MemberRequest, template: str, context: Mapping[str, object], form: Form
) -> HttpResponse:
    """Draw a page; with a form that cannot be used, as 422."""
    return render(request, template, dict(context), status=422 if form.errors else 200)
