"""The very first page of a new house: its community is opened here, by whoever runs the machine."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.registry.accounts import enter_first_time
from reciproca.registry.page_forms import OpeningPageForm
from reciproca.settings.reader import opening_token, read_settings
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: MemberRequest, token: str) -> HttpResponse:
    """
    Open the community and name its first officer, once.

    Only who started the server knows the address: it is written on its terminal as long as there
    is no community, and so they are believed and come in at once. To everybody else, and ever
    after, there is no such page.
    """
    if not constant_time_compare(token, opening_token(read_settings())) or registry.community():
        raise Http404
    form = OpeningPageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name, federation, officer = form.opening()
        try:
            actions.open_with_officer(
                name=name, federation=federation, officer=officer, opened_at=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s è aperta: comincia da qui.") % {"name": name})
            return enter_first_time(
                request, email=officer.email, password=form.cleaned_data["password"]
            )
    status = 422 if form.errors else 200
    return render(request, "web/opening.html", {"form": form}, status=status)
