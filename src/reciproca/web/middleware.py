"""Who asks: every request gets its actor, read anew so that an ended mandate ends at once."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from reciproca.api.middleware import refuse_nul
from reciproca.registry import queries as registry
from reciproca.registry.models import User
from reciproca.shared.types import MANDATE_KEY, STRANGER, Actor, MemberRequest

OK = 200
METHOD_NOT_ALLOWED = 405
UNPROCESSABLE = 422

GetResponse = Callable[[HttpRequest], HttpResponse]


def actor_middleware(get_response: GetResponse) -> GetResponse:
    """Set `request.actor`; what somebody known reads is not kept by caches or the Back button."""

    def middleware(request: HttpRequest) -> HttpResponse:
        refuse_nul(request)
        member_request: MemberRequest = request  # type: ignore[assignment]
        member_request.actor = _actor(request)
        response = get_response(request)
        if request.method == "GET" and response.status_code == METHOD_NOT_ALLOWED:
            # Reloading what a form answered asks for its address, and browsers show nothing of it.
            response.content = render(request, "405.html").content
        if request.method == "POST" and _asks_again(response):
            response.status_code = UNPROCESSABLE
        if member_request.actor.user_id and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


def _asks_again(response: HttpResponse) -> bool:
    """Tell whether a page of a library shows what was wrong with a form, as if all were well."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    return response.status_code == OK and form is not None and bool(form.errors)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return STRANGER
    chosen = request.session.get(MANDATE_KEY)
    mandate = UUID(chosen) if chosen else None
    actor = registry.actor_of(user=user, mandate_id=mandate, on=timezone.localdate())
    if mandate and actor.role == "member":
        del request.session[MANDATE_KEY]
        messages.info(request, _("Il tuo incarico è finito: da ora agisci per te."))
    return actor
