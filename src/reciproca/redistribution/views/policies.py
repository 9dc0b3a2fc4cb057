"""Writing the criteria of a redistribution, with the words beside them."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.governance import queries as governance
from reciproca.governance.rules import canonical, read_document
from reciproca.redistribution import queries
from reciproca.redistribution.page_forms import PolicyForm, initial_of
from reciproca.redistribution.rules import RedistributionPolicy
from reciproca.redistribution.views.runs import officer_required
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def policy_new(request: MemberRequest) -> HttpResponse:
    """Fill in criteria, beginning with those that run or those named; then try or adopt them."""
    held = registry.held_nodes()
    beginning = _beginning(request)
    form = PolicyForm(request.POST or None, held=held, initial=initial_of(beginning, held))
    document = _read(form) if request.method == "POST" else None
    if document is not None:
        given = {"document": canonical(document)}
        if "try" in request.POST:
            others = {"with": request.GET["with"]} if "with" in request.GET else {}
            return redirect(f"{reverse('redistribution:simulations')}?{urlencode(given | others)}")
        return redirect(f"{reverse('governance:adoption')}?{urlencode(given)}")
    draft = None if form.is_bound else _draft(beginning)
    context = {"form": form, "draft": draft, "has_pool": any(n.kind == "pool" for n in held)}
    status = 422 if form.errors else 200
    return render(request, "redistribution/policy_new.html", context, status=status)


@require_POST
@officer_required
def reading(request: MemberRequest) -> HttpResponse:
    """Read aloud what is filled in so far: the same words that would run."""
    form = PolicyForm(request.POST, held=registry.held_nodes())
    document = _read(form)
    draft = governance.read_aloud(document=document) if document else None
    return render(request, "redistribution/reading.html", {"draft": draft, "form": form})


def _read(form: PolicyForm) -> dict[str, object] | None:
    """Return the document that a form states, None with its errors where it cannot run."""
    if not form.is_valid():
        return None
    document = form.document()
    try:
        governance.read_aloud(document=document)
    except DomainError as refusal:
        form.refuse(refusal)
        return None
    return document


def _beginning(request: MemberRequest) -> RedistributionPolicy | None:
    """Return the policy that the address states, or the one in force."""
    if "document" in request.GET:
        try:
            return RedistributionPolicy.from_document(read_document(request.GET["document"]))
        except DomainError:
            return None
    adopted = queries.policy_in_force(on=timezone.localdate())
    if adopted is None:
        return None
    return RedistributionPolicy.from_document(read_document(adopted.document))


def _draft(policy: RedistributionPolicy | None) -> governance.PolicyDraft | None:
    if policy is None:
        return None
    try:
        return governance.read_aloud(document=policy.as_document())
    except DomainError:
        return None
