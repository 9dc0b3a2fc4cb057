"""Policies: adopting one by an outside resolution, and reading those that run."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.governance import actions, queries
from reciproca.governance.forms import AdoptionIn, VotedResolution
from reciproca.governance.page_forms import AdoptionForm, GroundForm, ProposalForm
from reciproca.governance.rules import read_document
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest


@require_safe
@role_required("officer")
def policies(request: MemberRequest) -> HttpResponse:
    """List the policies of the community: which run today, which did, which will."""
    today = timezone.localdate()
    rows = [(row, _state(row, today)) for row in queries.adoptions()]
    return render(request, "governance/policies.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("officer")
def adoption(request: MemberRequest) -> HttpResponse:
    """
    Read a written policy aloud and record the resolution that adopted it.

    The document is in the address, so that the page survives a reload; sent, it is in the form.
    """
    written = (request.POST or request.GET).get("document", "")
    if "document" not in request.GET and request.method != "POST":
        messages.warning(request, _("Prima scrivi i criteri, poi registri la delibera."))
        return redirect("web:policy_new")
    try:
        draft = queries.read_aloud(document=read_document(written))
    except DomainError as refusal:
        return render(
            request, "governance/adoption.html", {"refusal": refusal}, status=refusal.status
        )
    assert request.actor.node_id is not None
    voted = _voted(request)
    form = _adoption_form(request, written, voted)
    if request.method == "POST" and form.is_valid():
        try:
            digest = actions.adopt_policy(
                adoption=_adoption(form, voted, request.actor.node_id),
                recorded_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Criteri registrati: tutti li leggono in questa pagina."))
            return redirect("governance:policy", digest)
    context = {
        "form": form,
        "draft": draft,
        "written": written,
        "voted": voted,
        "waiting": queries.voted_and_not_adopted(body_id=request.actor.node_id),
    }
    return render(request, "governance/adoption.html", context, status=422 if form.errors else 200)


def _voted(request: MemberRequest) -> queries.ResolutionRow | None:
    """Return the resolution, voted here, that the address names; None for one taken outside."""
    try:
        resolution_id = UUID(request.GET.get("resolution", ""))
    except ValueError:
        return None
    found = queries.resolution(resolution_id=resolution_id)
    if found is None or found.ballot_id is None or found.body_id != request.actor.node_id:
        raise Http404
    return found


def _adoption_form(
    request: MemberRequest, written: str, voted: queries.ResolutionRow | None
) -> AdoptionForm | GroundForm:
    initial = {"document": written}
    if voted:
        return GroundForm(request.POST or None, initial=initial)
    return AdoptionForm(request.POST or None, request.FILES or None, initial=initial)


def _adoption(
    form: AdoptionForm | GroundForm, voted: queries.ResolutionRow | None, body_id: UUID
) -> AdoptionIn:
    if isinstance(form, AdoptionForm):
        return form.adoption(body_id=body_id)
    assert voted is not None
    return form.adoption_by(VotedResolution(voted.id))


@require_POST
@role_required("officer")
def proposals(request: MemberRequest) -> HttpResponse:
    """Keep written criteria, so that an assembly may vote on exactly this text."""
    form = ProposalForm(request.POST)
    if form.is_valid():
        try:
            digest = actions.keep_policy(
                document=form.cleaned_data["document"], recorded_at=timezone.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Tenuti così: ora un’assemblea li può mettere ai voti."))
            return redirect("governance:policy", digest)
    messages.warning(
        request, " ".join(str(error) for each in form.errors.values() for error in each)
    )
    return redirect("web:policy_new")


@require_safe
def policy(request: MemberRequest, digest: str) -> HttpResponse:
    """Show anybody what a policy does, its exact text, and who adopted it."""
    page = queries.policy_page(digest=digest)
    if page is None:
        raise Http404
    return render(request, "governance/policy.html", {"policy": page})


@require_safe
def policy_document(request: MemberRequest, digest: str) -> HttpResponse:
    """Give the canonical text itself: its SHA-256 is the name in the address."""
    page = queries.policy_page(digest=digest)
    if page is None:
        raise Http404
    return HttpResponse(page.document, content_type="application/json")


@require_safe
@role_required("officer")
def minutes(request: MemberRequest, document_id: UUID) -> HttpResponse:
    """Give the minutes of a recorded resolution, as the PDF that was handed in."""
    document = queries.minutes(document_id=document_id)
    if document is None:
        raise Http404
    return HttpResponse(
        bytes(document.content),
        content_type=document.content_type,
        headers={"Content-Disposition": 'attachment; filename="verbale.pdf"'},
    )


def _state(row: queries.AdoptionRow, today: date) -> str:
    if row.is_in_force(today):
        return "now"
    return "later" if row.in_force_on > today else "before"
