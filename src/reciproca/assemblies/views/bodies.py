"""Bodies, their statutes, their seats and plural votes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.actions.bodies import NotAMember, electorates_of
from reciproca.assemblies.page_forms import BodyForm, PluralVotesForm, SeatForm, StatuteForm
from reciproca.assemblies.queries import bodies as queries
from reciproca.assemblies.queries.electors import people_named
from reciproca.assemblies.views.common import (
    GET_OR_POST,
    answered,
    done,
    own_body,
    runs_required,
    shown,
    tried,
)
from reciproca.registry import queries as registry
from reciproca.shared.asking import Form
from reciproca.shared.types import MemberRequest


@require_http_methods(GET_OR_POST)
@runs_required
def bodies(request: MemberRequest) -> HttpResponse:
    """List the bodies of an organisation, and enter another."""
    node_id = request.actor.node_id
    assert node_id is not None
    form = BodyForm(request.POST or None)
    made = []

    def enter() -> None:
        made.append(
            actions.open_body(
                node_id=node_id,
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"],
                opened_by=request.actor.user_id,
                opened_at=timezone.now(),
            )
        )

    if answered(form, enter):
        sentence = _("Adesso scrivi che cosa dice lo statuto.")
        return done(request, sentence, "assemblies:statute", made[0].pk)
    rows = queries.bodies_of(node_id=node_id, now=timezone.now())
    return shown(request, "assemblies/bodies.html", {"rows": rows, "form": form}, form)


@require_safe
@runs_required
def body(request: MemberRequest, body_id: UUID) -> HttpResponse:
    """Show a body: what its statute says today, who sits in it, its assemblies."""
    return _body_page(request, body_id)


@require_http_methods(GET_OR_POST)
@runs_required
def statute(request: MemberRequest, body_id: UUID) -> HttpResponse:
    """Record what a body's statute says from a day on."""
    found = own_body(request, body_id)
    electorates = electorates_of(kind=found.kind, node_kind=found.node.kind)
    known = queries.statute_on(body_id=body_id, on=localdate())
    initial = StatuteForm.of(known, electorates=electorates)
    form = StatuteForm(request.POST or None, initial=initial, electorates=electorates)

    def record() -> None:
        actions.record_statute(
            body_id=body_id,
            statute=form.statute(),
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )

    if answered(form, record):
        return done(request, _("Lo statuto è registrato."), "assemblies:body", body_id)
    return shown(request, "assemblies/statute.html", {"body": found, "form": form}, form)


@require_POST
@runs_required
def seats(request: MemberRequest, body_id: UUID) -> HttpResponse:
    """Let somebody sit in a body."""
    own_body(request, body_id)
    form = SeatForm(request.POST)

    def seat() -> None:
        (person,) = people_named([form.cleaned_data["code"]])
        actions.give_seat(
            body_id=body_id,
            person_id=person,
            starts_on=form.cleaned_data["starts_on"],
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )

    if answered(form, seat):
        return done(request, _("Ora ne fa parte."), "assemblies:body", body_id)
    return _body_page(request, body_id, seat_form=form)


@require_POST
@runs_required
def seat_end(request: MemberRequest, body_id: UUID, seat_id: UUID) -> HttpResponse:
    """Let a seat end today."""
    if not own_body(request, body_id).seats.filter(pk=seat_id).exists():
        raise Http404
    return tried(
        request,
        lambda: actions.end_seat(seat_id=seat_id, ends_on=localdate()),
        _("Da domani non ne fa più parte."),
        "assemblies:body",
        body_id,
    )


@require_POST
@runs_required
def plural_votes(request: MemberRequest, body_id: UUID) -> HttpResponse:
    """Record how many votes a member has."""
    found = own_body(request, body_id)
    form = PluralVotesForm(request.POST)

    def record() -> None:
        given = form.cleaned_data
        numbers = registry.register_numbers(cooperative_id=found.node_id)
        members = [member for member, number in numbers.items() if number == given["number"]]
        if not members:
            raise NotAMember
        actions.record_plural_votes(
            body_id=body_id,
            member_id=members[0],
            votes=given["votes"],
            in_force_on=given["in_force_on"],
            ground=given["ground"],
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )

    if answered(form, record):
        return done(request, _("I voti sono registrati."), "assemblies:body", body_id)
    return _body_page(request, body_id, votes_form=form)


def _body_page(
    request: MemberRequest,
    body_id: UUID,
    *,
    seat_form: Form | None = None,
    votes_form: Form | None = None,
) -> HttpResponse:
    assert request.actor.node_id is not None
    page = queries.body_page(body_id=body_id, node_id=request.actor.node_id, on=localdate())
    if page is None:
        raise Http404
    today = {"starts_on": localdate(), "in_force_on": localdate()}
    seat_form = seat_form or SeatForm(initial=today, auto_id="seat_%s")
    votes_form = votes_form or PluralVotesForm(initial=today, auto_id="votes_%s")
    context = {"page": page, "seat_form": seat_form, "votes_form": votes_form}
    return shown(request, "assemblies/body.html", context, seat_form, votes_form)
