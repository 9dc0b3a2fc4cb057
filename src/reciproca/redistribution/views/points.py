"""Lists of points that others attest, handed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reciproca.redistribution import actions, queries
from reciproca.redistribution.page_forms import PointsForm
from reciproca.redistribution.views.runs import officer_required
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def points(request: MemberRequest) -> HttpResponse:
    """Show which lists there are, never who is in them; sent, it is one more."""
    form, status = PointsForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            assert request.actor.user_id is not None
            try:
                handed = actions.hand_in_points(
                    **form.cleaned_data,
                    handed_by=request.actor.user_id,
                    handed_at=timezone.now(),
                )
            except DomainError as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                told = ngettext(
                    "Consegnati i punti di una persona.",
                    "Consegnati i punti di %(people)s persone.",
                    handed.people,
                )
                messages.success(request, told % {"people": handed.people})
                return redirect("redistribution:points")
    context = {"form": form, "lists": queries.point_lists()}
    return render(request, "redistribution/points.html", context, status=status)
