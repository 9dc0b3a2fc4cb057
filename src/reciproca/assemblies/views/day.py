"""The day of an assembly: the door, proxies, the quorum live, who speaks, and the close."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.models import Assembly, Turn, Where
from reciproca.assemblies.page_forms import DoorForm, FloorForm, ProxyForm, SessionForm, pdf_of
from reciproca.assemblies.queries import meetings as queries
from reciproca.assemblies.queries.attendance import Standing, attendance_now, quorum_of
from reciproca.assemblies.queries.electors import elector_meant
from reciproca.assemblies.views.common import (
    GET_OR_POST,
    answered,
    done,
    own_run,
    runs_required,
    shown,
    tried,
)
from reciproca.ballots.queries import ElectorUnknown
from reciproca.shared.asking import Form
from reciproca.shared.types import MemberRequest


@require_safe
@runs_required
def door(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Let people in and out, and see how far the quorum is."""
    return _door_page(request, assembly_id)


@require_safe
@runs_required
def quorum(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Answer with the quorum of this moment and who waits to speak, for the page that shows it."""
    found = own_run(request, assembly_id)
    return render(request, "assemblies/quorum.html", _live(found))


@require_POST
@runs_required
def presences(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Let an elector in."""
    found = own_run(request, assembly_id)
    form = DoorForm(request.POST)

    def come() -> None:
        actions.come_in(
            assembly_id=assembly_id,
            elector_id=_chosen(found, form),
            person_id=None,
            where=form.cleaned_data["where"] or Where.DOOR.value,
            recorded_by=request.actor.user_id,
            came_at=timezone.now(),
        )

    return tried(request, come, _("Entrato."), "assemblies:door", assembly_id)


@require_POST
@runs_required
def departures(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Note that an elector left."""
    found = own_run(request, assembly_id)
    form = DoorForm(request.POST)

    def go() -> None:
        actions.leave(
            assembly_id=assembly_id, elector_id=_chosen(found, form), left_at=timezone.now()
        )

    return tried(request, go, _("Uscito."), "assemblies:door", assembly_id)


@require_http_methods(GET_OR_POST)
@runs_required
def proxies(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """List the proxies, and enter one that came on paper."""
    found = own_run(request, assembly_id)
    form = ProxyForm(request.POST or None, request.FILES or None)

    def give() -> None:
        given = form.cleaned_data
        actions.give_proxy(
            assembly_id=assembly_id,
            giver_id=elector_meant(assembly_id=assembly_id, text=given["giver"]).pk,
            holder_id=elector_meant(assembly_id=assembly_id, text=given["holder"]).pk,
            signed=pdf_of(given["signed"]),
            given_by=request.actor.user_id,
            given_at=timezone.now(),
        )

    if answered(form, give):
        return done(request, _("Delega registrata."), "assemblies:proxies", assembly_id)
    rows = queries.proxies_of(assembly_id=assembly_id)
    context = {"assembly": found, "rows": rows, "form": form}
    return shown(request, "assemblies/proxies.html", context, form)


@require_POST
@runs_required
def proxy_revocation(request: MemberRequest, assembly_id: UUID, proxy_id: UUID) -> HttpResponse:
    """Take back a proxy, for who gave it and asked so."""
    own_run(request, assembly_id)
    if proxy_id not in {row.id for row in queries.proxies_of(assembly_id=assembly_id)}:
        raise Http404
    return tried(
        request,
        lambda: actions.revoke_proxy(
            proxy_id=proxy_id, revoked_by=request.actor.user_id, revoked_at=timezone.now()
        ),
        _("Delega ritirata."),
        "assemblies:proxies",
        assembly_id,
    )


@require_http_methods(GET_OR_POST)
@runs_required
def opening(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Open an assembly, if enough are there."""
    found = own_run(request, assembly_id)
    people = queries.present_people(assembly_id=assembly_id)
    form = SessionForm(request.POST or None, people=people)

    def begin() -> None:
        given = form.cleaned_data
        actions.open_assembly(
            assembly_id=assembly_id,
            call=int(given["call"]),
            chair_id=UUID(given["chair"]),
            secretary_id=UUID(given["secretary"]),
            opened_at=timezone.now(),
        )

    if answered(form, begin):
        return done(request, _("L’assemblea è aperta."), "assemblies:assembly", assembly_id)
    context = {"assembly": found, "form": form, "has_people": bool(people), **_live(found)}
    return shown(request, "assemblies/opening.html", context, form)


@require_POST
@runs_required
def closing(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Close an assembly."""
    own_run(request, assembly_id)
    return tried(
        request,
        lambda: actions.close_assembly(assembly_id=assembly_id, closed_at=timezone.now()),
        _("L’assemblea è chiusa: ora il verbale."),
        "assemblies:assembly",
        assembly_id,
    )


@require_POST
@runs_required
def turns(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Put somebody on the list of those who want to speak."""
    own_run(request, assembly_id)
    form = FloorForm(request.POST)

    def ask() -> None:
        elector = elector_meant(assembly_id=assembly_id, text=form.cleaned_data["who"])
        actions.ask_to_speak(
            assembly_id=assembly_id,
            elector_id=elector.pk,
            item_id=None,
            asked_at=timezone.now(),
        )

    if answered(form, ask):
        return done(request, _("In elenco per parlare."), "assemblies:door", assembly_id)
    return _door_page(request, assembly_id, form)


@require_POST
@runs_required
def turn_start(request: MemberRequest, assembly_id: UUID, turn_id: UUID) -> HttpResponse:
    """Let somebody speak."""
    _own_turn(request, assembly_id, turn_id)
    return tried(
        request,
        lambda: actions.give_floor(turn_id=turn_id, began_at=timezone.now()),
        "",
        "assemblies:door",
        assembly_id,
    )


@require_POST
@runs_required
def turn_end(request: MemberRequest, assembly_id: UUID, turn_id: UUID) -> HttpResponse:
    """End a turn, or take somebody off the list."""
    _own_turn(request, assembly_id, turn_id)
    return tried(
        request,
        lambda: actions.end_turn(turn_id=turn_id, ended_at=timezone.now()),
        "",
        "assemblies:door",
        assembly_id,
    )


def _own_turn(request: MemberRequest, assembly_id: UUID, turn_id: UUID) -> None:
    found = own_run(request, assembly_id)
    if not Turn.objects.filter(pk=turn_id, elector__assembly=found).exists():
        raise Http404


def _chosen(found: Assembly, form: DoorForm) -> UUID:
    """Return the elector that a button of the door names. Raises: ElectorUnknown."""
    elector: UUID | None = form.cleaned_data.get("elector") if form.is_valid() else None
    if elector is None or not found.electors.filter(pk=elector).exists():
        raise ElectorUnknown(text="")
    return elector


def _live(found: Assembly) -> dict[str, object]:
    """Return what changes while people come and go; nothing before the call."""
    if found.statute is None:
        return {"assembly": found, "standings": [], "turns": []}
    counted = attendance_now(assembly=found)
    calls = [found.call] if found.call else [1, 2] if found.second_call_at else [1]
    standings: list[Standing] = [
        quorum_of(counted, assembly=found, call=each) for each in calls if each
    ]
    return {
        "assembly": found,
        "standings": standings,
        "turns": queries.turns_of(assembly_id=found.pk),
    }


def _door_page(request: MemberRequest, assembly_id: UUID, form: Form | None = None) -> HttpResponse:
    found = own_run(request, assembly_id)
    text = request.GET.get("q", "")[:100]
    form = form or FloorForm()
    context = {
        "search": text,
        "rows": queries.door_rows(assembly=found, text=text),
        "form": form,
        **_live(found),
    }
    return shown(request, "assemblies/door.html", context, form)
