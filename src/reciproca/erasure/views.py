"""A person erases their own data; an officer does it for whoever asked on paper."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.erasure import actions, queries
from reciproca.erasure.page_forms import PaperForm, UnderstoodForm, WhoForm
from reciproca.registry import queries as registry
from reciproca.registry.queries import PersonPage
from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required, role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import actions as valueback

GET_OR_POST = ["GET", "HEAD", "POST"]
officer_required = role_required("officer")

P = ParamSpec("P")
Page = Callable[Concatenate[MemberRequest, P], HttpResponse]


def presence_required(page: Page[P]) -> Page[P]:
    """Let only who has just proved to be there open a page, as the pages of the access do."""
    proved: Callable[..., HttpResponse] = reauthentication_required(page)

    @wraps(page)
    def asked(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return proved(request, *args, **kwargs)
        except ReauthenticationRequired:
            # Nothing is erased by a form that was sent before the proof: its page comes again.
            if request.method == "POST":
                return redirect(request.path)
            raise

    return cast(Page[P], asked)


@require_safe
@known_required
def own(request: MemberRequest) -> HttpResponse:
    """Tell somebody what would be erased, what stays and until when, and what comes first."""
    return render(request, "erasure/own.html", {"found": _prospect(_own_id(request))})


@require_http_methods(GET_OR_POST)
@known_required
@presence_required
def own_credit(request: MemberRequest) -> HttpResponse:
    """Ask once more, and let somebody's own credit go."""
    return _credit(request, _own_id(request), reverse("erasure:own"))


@require_http_methods(GET_OR_POST)
@known_required
@presence_required
def own_confirmation(request: MemberRequest) -> HttpResponse:
    """Ask once more, and erase whoever asks."""
    person_id = _own_id(request)
    form = UnderstoodForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _erase(request, form, person_id):
        logout(request)
        messages.success(
            request, _("I tuoi dati sono cancellati, e il tuo accesso con loro. Grazie di tutto.")
        )
        return redirect("web:home")
    found = _prospect(person_id)
    if found.hindrances and not form.is_bound:
        return redirect("erasure:own")
    context = {"found": found, "form": form}
    return render(request, "erasure/confirmation.html", context, status=_status(form))


@require_http_methods(GET_OR_POST)
@officer_required
def erasures(request: MemberRequest) -> HttpResponse:
    """List the erasures that were done, and find whom a request on paper is about."""
    form = WhoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = registry.person_by(code=form.cleaned_data["code"])
        if found is not None:
            return redirect("erasure:person", found)
        form.add_error("code", _("Nessuno è registrato così: controlla, o prova un altro dato."))
    context = {"form": form, "rows": queries.erased_people()}
    return render(request, "erasure/list.html", context, status=_status(form))


@require_http_methods(GET_OR_POST)
@officer_required
@presence_required
def person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Show an officer whom a request is about and what would go, and erase them."""
    who = _open_person(person_id)
    form = PaperForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        note_access(reader=request.actor, subject=person_id, what="identity")
    elif form.is_valid() and _erase(request, form, person_id, form.cleaned_data["paper"].strip()):
        messages.success(request, _("Fatto: i dati sono cancellati."))
        return redirect("erasure:list")
    context = {"who": who, "found": _prospect(person_id), "form": form}
    return render(request, "erasure/person.html", context, status=_status(form))


@require_http_methods(GET_OR_POST)
@officer_required
@presence_required
def person_credit(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Let go the credit of somebody who wrote on paper that they want none of it."""
    _open_person(person_id)
    return _credit(request, person_id, reverse("erasure:person", args=[person_id]))


def _erase(request: MemberRequest, form: UnderstoodForm, person_id: UUID, paper: str = "") -> bool:
    try:
        actions.erase_person(
            person_id=person_id,
            erased_by=request.actor.user_id,
            erased_at=timezone.now(),
            paper=paper,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _credit(request: MemberRequest, person_id: UUID, back: str) -> HttpResponse:
    credit = _prospect(person_id).credit
    if not credit:
        return redirect(back)
    if request.method != "POST":
        return render(request, "erasure/credit.html", {"credit": credit, "back": back})
    try:
        valueback.let_credit_go(member_id=person_id, let_go_at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Il credito è andato al fondo della comunità."))
    return redirect(back)


def _prospect(person_id: UUID) -> queries.Prospect:
    return queries.prospect(person_id=person_id, on=timezone.localdate())


def _own_id(request: MemberRequest) -> UUID:
    assert request.actor.person_id is not None
    return request.actor.person_id


def _open_person(person_id: UUID) -> PersonPage:
    found = registry.open_person(person_id=person_id)
    if found is None:
        raise Http404
    return found


def _status(form: Any) -> int:
    return 422 if form.errors else 200
