"""Pages that anybody may read: what this is, whose data it draws on, how accessible it is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reciproca.registry.places import ATTRIBUTION
from reciproca.shared.types import MemberRequest


@require_safe
def about(request: MemberRequest) -> HttpResponse:
    """Say what Reciproca is, on which promises, and what it is made of."""
    return render(request, "web/about.html", {"attribution": ATTRIBUTION})


@require_safe
def accessibility(request: MemberRequest) -> HttpResponse:
    """Say how far these pages are accessible and whom to tell when they are not."""
    return render(request, "web/accessibility.html")
