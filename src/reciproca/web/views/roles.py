"""Changing for whom one acts, and the language of the pages."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.shared.gates import known_required
from reciproca.shared.types import MANDATE_KEY, MemberRequest
from reciproca.web.views.home import home_url


@require_POST
@known_required
def role(request: MemberRequest) -> HttpResponse:
    """Act by the chosen mandate from now on, or for oneself; a mandate of others does not exist."""
    chosen = request.POST.get("mandate", "")
    if not chosen:
        request.session.pop(MANDATE_KEY, None)
        return redirect(home_url("member"))
    assert request.actor.person_id is not None
    held = registry.mandates_of(person_id=request.actor.person_id, on=timezone.localdate())
    for mandate in held:
        if str(mandate.id) == chosen:
            request.session[MANDATE_KEY] = str(mandate.id)
            return redirect(home_url(mandate.role))
    raise Http404


@require_POST
def language(request: MemberRequest) -> HttpResponse:
    """Speak another language from now on, and remember it with the login."""
    chosen = request.POST.get("language", "")
    if request.actor.user_id and chosen in actions.LANGUAGES:
        actions.set_language(user_id=request.actor.user_id, language=chosen)
    return set_language(request)
