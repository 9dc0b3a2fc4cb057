"""Entries that may be one person: for officers all of them, for a manager those of the register."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.registry import actions, queries
from reciproca.registry.queries.people_doubles import PeoplePair
from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50
keeper_required = role_required("manager", "officer")


@require_safe
@keeper_required
def pairs(request: MemberRequest) -> HttpResponse:
    """List people that may be one, the likeliest first, and the merges that were done."""
    own = _own(request)
    found = Paginator(queries.like_people(cooperative_id=own), ON_A_PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "merges": queries.people_merges(cooperative_id=own),
        "is_officer": own is None,
    }
    return render(request, "registry/people_doubles.html", context)


@require_safe
@keeper_required
def pair(request: MemberRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two people side by side; both read who looked."""
    found = _pair(request, person_id, other_id)
    for side in (person_id, other_id):
        note_access(reader=request.actor, subject=side, what="identity")
    return _show(request, found)


@require_POST
@keeper_required
def distinction(request: MemberRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Say that two people are two."""
    _pair(request, person_id, other_id)
    actions.note_not_the_same(
        one_id=person_id,
        other_id=other_id,
        noted_by=request.actor.user_id,
        noted_at=timezone.now(),
    )
    messages.success(request, _("Sono due: non te le mostriamo più insieme."))
    return redirect("registry:people_doubles")


@require_POST
@keeper_required
def merge(request: MemberRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Let the second person be the heir of the first."""
    found = _pair(request, person_id, other_id)
    try:
        actions.merge_people(
            merged_id=person_id,
            heir_id=other_id,
            merged_by=request.actor.user_id,
            merged_at=timezone.now(),
            cooperative_id=_own(request),
        )
    except DomainError as refusal:
        return _show(request, found, refusal)
    messages.success(request, _("Unite: resta “%(name)s”.") % {"name": found.other.name})
    return redirect("registry:people_doubles")


@require_POST
@keeper_required
def merge_undo(request: MemberRequest, merge_id: UUID) -> HttpResponse:
    """Take a merge of people back."""
    seen = queries.people_merges(cooperative_id=_own(request))
    if merge_id not in {each.id for each in seen}:
        raise Http404
    try:
        actions.undo_people_merge(
            merge_id=merge_id, undone_by=request.actor.user_id, undone_at=timezone.now()
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Sono di nuovo due, ognuna con il suo."))
    return redirect("registry:people_doubles")


def _own(request: MemberRequest) -> UUID | None:
    """Return the cooperative whose register one keeps, None for the federation."""
    return None if request.actor.role == "officer" else request.actor.node_id


def _pair(request: MemberRequest, one_id: UUID, other_id: UUID) -> PeoplePair:
    found = queries.people_pair(one_id=one_id, other_id=other_id, cooperative_id=_own(request))
    if found is None:
        raise Http404
    return found


def _show(
    request: MemberRequest, page: PeoplePair, refusal: DomainError | None = None
) -> HttpResponse:
    context = {"pair": page, "sides": (page.one, page.other), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "registry/people_double.html", context, status=status)
