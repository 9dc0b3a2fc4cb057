"""The entries of organisations, and the funds and projects that the federation keeps."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.registry import actions, queries
from reciproca.registry.page_forms import FundForm, OrganisationForm
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@role_required("officer")
def nodes(request: MemberRequest) -> HttpResponse:
    """Show the funds, pools and projects of the federation."""
    return render(request, "registry/nodes.html", {"held": queries.held_nodes()})


@require_http_methods(GET_OR_POST)
@role_required("officer")
def fund_new(request: MemberRequest) -> HttpResponse:
    """Create a fund, a pool or a project."""
    form = FundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.actor.node_id is not None
        try:
            actions.create_fund(
                **form.cleaned_data,
                held_by=request.actor.node_id,
                created_by=request.actor.user_id,
                created_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” c’è.") % form.cleaned_data)
            return redirect("registry:nodes")
    return render(request, "registry/fund.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(GET_OR_POST)
@role_required("officer")
def organisation_new(request: MemberRequest) -> HttpResponse:
    """Let an organisation join the network."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            node = actions.register_organisation(
                organisation=form.organisation(),
                recorded_by=request.actor.user_id,
                recorded_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” fa parte della rete.") % form.cleaned_data)
            return redirect("registry:mandates_of", node)
    context = {"form": form, "organisation": None}
    return render(
        request, "registry/organisation.html", context, status=422 if form.errors else 200
    )


@require_http_methods(GET_OR_POST)
@role_required("manager", "officer")
def organisation(request: MemberRequest, node_id: UUID | None = None) -> HttpResponse:
    """Change an organisation's entry: a manager their own, an officer any."""
    known = _own_or_any(request, node_id)
    initial = queries.organisation_entry(node_id=known.id)
    form = OrganisationForm(request.POST or None, initial=initial, kind=known.kind)
    if request.method == "POST" and form.is_valid():
        assert request.actor.user_id is not None
        try:
            actions.change_organisation(
                node_id=known.id,
                organisation=form.organisation(),
                changed_by=request.actor.user_id,
                changed_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Scheda aggiornata."))
            return redirect(request.path)
    context = {"form": form, "organisation": known}
    return render(
        request, "registry/organisation.html", context, status=422 if form.errors else 200
    )


def _own_or_any(request: MemberRequest, node_id: UUID | None) -> queries.OrganisationPage:
    node_id = node_id or request.actor.node_id
    if request.actor.role != "officer" and node_id != request.actor.node_id:
        raise Http404
    found = queries.organisation_page(node_id=node_id) if node_id else None
    if found is None or found.held_by_id is not None:
        raise Http404
    return found
