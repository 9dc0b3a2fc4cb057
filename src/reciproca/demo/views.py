"""The demo's own door: look at the house with the eyes of a persona. Elsewhere it is not there."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reciproca.demo.people import people
from reciproca.demo.personas import PERSONAS
from reciproca.registry import queries as registry
from reciproca.registry.models import User
from reciproca.shared.types import MANDATE_KEY

View = Callable[..., HttpResponse]


def in_demo_only(view: View) -> View:
    """Answer 404 wherever this is not a demo."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.DEMO_MODE:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@in_demo_only
def personas(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/personas.html", {"personas": PERSONAS})


@require_POST
@in_demo_only
def persona_session(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a session as a persona, in the role that the story is about."""
    emails = {each.persona.key: each.email for each in people()[: len(PERSONAS)] if each.persona}
    user = User.objects.filter(email=emails.get(key)).first()
    if user is None:
        raise Http404
    login(request, user)
    if user.person_id is not None:
        held = registry.mandates_of(person_id=user.person_id, on=timezone.localdate())
        if held:
            request.session[MANDATE_KEY] = str(held[0].id)
    return redirect("web:home")
