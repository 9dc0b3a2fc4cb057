"""Entries that may be one and the same: the list, two side by side, a merge and its undo."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.registry import actions, queries
from reciproca.registry.models import Merge
from reciproca.registry.queries.doubles import Pair
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")
ON_A_PAGE = 50


@require_safe
@officer_required
def pairs(request: MemberRequest) -> HttpResponse:
    """List entries that are alike, the likeliest first, and the merges that were done."""
    text = request.GET.get("q", "")[:100].strip()
    page = Paginator(queries.like_pairs(text=text), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "merges": queries.merge_rows(), "text": text}
    return render(request, "registry/doubles.html", context)


@require_safe
@officer_required
def pair(request: MemberRequest, node_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two entries side by side."""
    return _show(request, _pair(node_id, other_id))


@require_POST
@officer_required
def distinction(request: MemberRequest, node_id: UUID, other_id: UUID) -> HttpResponse:
    """Say that two entries are two."""
    _pair(node_id, other_id)
    actions.note_not_the_same(
        one_id=node_id,
        other_id=other_id,
        noted_by=request.actor.user_id,
        noted_at=timezone.now(),
    )
    messages.success(request, _("Sono due: non te le mostriamo più insieme."))
    return redirect("registry:doubles")


@require_POST
@officer_required
def merge(request: MemberRequest, node_id: UUID, other_id: UUID) -> HttpResponse:
    """Let the second entry be the heir of the first."""
    page = _pair(node_id, other_id)
    try:
        actions.merge_organisations(
            merged_id=node_id,
            heir_id=other_id,
            merged_by=request.actor.user_id,
            merged_at=timezone.now(),
        )
    except DomainError as refusal:
        return _show(request, page, refusal)
    messages.success(request, _("Unite: resta “%(name)s”.") % {"name": page.other.name})
    return redirect("registry:doubles")


@require_POST
@officer_required
def merge_undo(request: MemberRequest, merge_id: UUID) -> HttpResponse:
    """Take a merge back."""
    try:
        actions.undo_merge(
            merge_id=merge_id, undone_by=request.actor.user_id, undone_at=timezone.now()
        )
    except Merge.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Sono di nuovo due, ognuna con il suo."))
    return redirect("registry:doubles")


def _pair(one_id: UUID, other_id: UUID) -> Pair:
    found = queries.pair_named(one_id=one_id, other_id=other_id, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _show(request: MemberRequest, page: Pair, refusal: DomainError | None = None) -> HttpResponse:
    context = {"pair": page, "sides": (page.one, page.other), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "registry/double.html", context, status=status)
