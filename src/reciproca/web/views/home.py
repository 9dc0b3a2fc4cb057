"""The first page: for a stranger what this is, for everybody else their own place."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reciproca.registry import queries as registry
from reciproca.shared.types import MemberRequest, Role
from reciproca.web.navigation import safe_url
from reciproca.web.views import member

HOMES: dict[Role, tuple[str, ...]] = {
    "member": ("web:home",),
    "till": ("web:desk",),
    "manager": ("web:desk",),
    "officer": ("control_room:overview", "registry:nodes"),
}
"""Where each role begins: the first of these pages that exists."""

COUNTS_KEPT_SECONDS = 600
"""Counting every member takes its time, and a stranger does not mind ten minutes."""


@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show strangers the house and members their own, and lead everybody else to their work."""
    role = request.actor.role
    if role == "member":
        return member.home(request)
    if role is not None:
        return redirect(home_url(role))
    demo_url = safe_url("demo:personas") if settings.DEMO_MODE else None
    counts = cache.get_or_set("community-counts", registry.community_counts, COUNTS_KEPT_SECONDS)
    context = {"counts": counts, "demo_url": demo_url}
    return render(request, "web/landing.html", context)


def home_url(role: Role) -> str:
    """Return the address of a role's first page."""
    return next(url for view in HOMES[role] if (url := safe_url(view)))
