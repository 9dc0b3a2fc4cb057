"""What the pages of this room share: whose body or assembly it is, and a form that is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reciproca.assemblies.models import Assembly, Body, Item
from reciproca.assemblies.queries.bodies import body_of
from reciproca.assemblies.queries.meetings import assembly_run_by
from reciproca.assemblies.queries.motions import MotionPage, motion_run_by
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]

runs_required = role_required("manager", "officer")
"""Let those open a page who act for an organisation that has bodies."""


def own_body(request: MemberRequest, body_id: UUID) -> Body:
    """Return a body of whom somebody acts for. Raises: Http404."""
    assert request.actor.node_id is not None
    body = body_of(body_id=body_id, node_id=request.actor.node_id)
    if body is None:
        raise Http404
    return body


def own_run(request: MemberRequest, assembly_id: UUID) -> Assembly:
    """Return an assembly that somebody runs. Raises: Http404."""
    assembly = assembly_run_by(assembly_id=assembly_id, node_id=request.actor.node_id)
    if assembly is None:
        raise Http404
    return assembly


def own_item(request: MemberRequest, assembly_id: UUID, item_id: UUID) -> Item:
    """Return a point of an agenda that somebody prepares. Raises: Http404."""
    item = Item.objects.filter(pk=item_id, assembly=own_run(request, assembly_id)).first()
    if item is None:
        raise Http404
    return item


def own_motion(request: MemberRequest, motion_id: UUID) -> MotionPage:
    """Return a motion of an assembly that somebody runs. Raises: Http404."""
    page = motion_run_by(motion_id=motion_id, node_id=request.actor.node_id)
    if page is None:
        raise Http404
    return page


def answered(form: Form, act: Callable[[], object]) -> bool:
    """Return whether a form was valid and its act was done; what was refused stands on the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        act()
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def done(request: MemberRequest, sentence: str, to: str, *args: object) -> HttpResponse:
    """Say what was done, and go on."""
    messages.success(request, sentence)
    return redirect(to, *args)


def tried(
    request: MemberRequest, act: Callable[[], object], sentence: str, to: str, *args: object
) -> HttpResponse:
    """Do what has no form of its own; a refusal is said on the page that one comes back to."""
    try:
        act()
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        if sentence:
            messages.success(request, sentence)
    return redirect(to, *args)


def shown(
    request: MemberRequest, template: str, context: dict[str, Any], *forms: Form
) -> HttpResponse:
    """Draw a page; with a form that cannot be used, as 422."""
    wrong = any(form.errors for form in forms)
    return render(request, template, context, status=422 if wrong else 200)
