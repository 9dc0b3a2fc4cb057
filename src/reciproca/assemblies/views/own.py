"""An elector's own pages: the notice, a proxy, taking part, and what was decided."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.calendar_file import calendar_file
from reciproca.assemblies.models import Where
from reciproca.assemblies.page_forms import OwnProxyForm
from reciproca.assemblies.queries import meetings, own
from reciproca.assemblies.queries.decisions import Decision, decision_for
from reciproca.assemblies.queries.electors import elector_meant
from reciproca.assemblies.views.common import GET_OR_POST, answered, done, shown, tried
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest


@require_safe
@known_required
def assemblies(request: MemberRequest) -> HttpResponse:
    """List the assemblies to which somebody was called."""
    rows = own.own_assemblies(person_id=_person(request), on=localdate())
    states = {state: (title, kind) for state, (title, kind) in meetings.STATES.items()}
    context = {"rows": [(row, *states[row.state]) for row in rows]}
    return render(request, "assemblies/own.html", context)


@require_safe
@known_required
def assembly(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Show an elector the notice, the agenda and what to do."""
    page = _own(request, assembly_id)
    title, kind = meetings.STATES[page.state]
    context = {"page": page, "assembly": page.assembly, "state_title": title, "state_kind": kind}
    return render(request, "assemblies/own_assembly.html", context)


@require_safe
@known_required
def calendar(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Give both calls as a calendar file."""
    page = _own(request, assembly_id)
    return HttpResponse(
        calendar_file(page.assembly, url=request.build_absolute_uri(f"/assembly/{assembly_id}/")),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="assemblea.ics"'},
    )


@require_safe
@known_required
def document(request: MemberRequest, document_id: UUID) -> HttpResponse:
    """Give a PDF of an agenda, or a signed proxy, to whoever may read it."""
    person_id = request.actor.person_id
    found = meetings.document_for(
        document_id=document_id,
        node_id=own.runs_for(request.actor),
        electors=own.acting_for(person_id=person_id, on=localdate()) if person_id else [],
    )
    if found is None:
        raise Http404
    return HttpResponse(
        bytes(found.content),
        content_type=found.content_type,
        headers={"Content-Disposition": 'attachment; filename="documento.pdf"'},
    )


@require_http_methods(GET_OR_POST)
@known_required
def proxy(request: MemberRequest, assembly_id: UUID, elector_id: UUID) -> HttpResponse:
    """Let another member vote in one's place."""
    page = _own(request, assembly_id)
    part = _part(page, elector_id)
    form = OwnProxyForm(request.POST or None)

    def give() -> None:
        holder = elector_meant(assembly_id=assembly_id, text=form.cleaned_data["holder"])
        actions.give_proxy(
            assembly_id=assembly_id,
            giver_id=part.elector.pk,
            holder_id=holder.pk,
            signed=None,
            given_by=request.actor.user_id,
            given_at=timezone.now(),
        )

    if answered(form, give):
        sentence = _("Delega data: l’abbiamo avvisato.")
        return done(request, sentence, "assemblies:own_assembly", assembly_id)
    context = {"page": page, "assembly": page.assembly, "part": part, "form": form}
    return shown(request, "assemblies/own_proxy.html", context, form)


@require_POST
@known_required
def proxy_revocation(request: MemberRequest, assembly_id: UUID, elector_id: UUID) -> HttpResponse:
    """Take one's proxy back."""
    part = _part(_own(request, assembly_id), elector_id)
    proxy_id = part.proxy_id
    if proxy_id is None:
        raise Http404
    return tried(
        request,
        lambda: actions.revoke_proxy(
            proxy_id=proxy_id, revoked_by=request.actor.user_id, revoked_at=timezone.now()
        ),
        _("Delega ritirata."),
        "assemblies:own_assembly",
        assembly_id,
    )


@require_POST
@known_required
def presence(request: MemberRequest, assembly_id: UUID, elector_id: UUID) -> HttpResponse:
    """Take part from afar, or leave."""
    part = _part(_own(request, assembly_id), elector_id)
    now = timezone.now()

    def come_or_leave() -> None:
        if part.is_remote:
            actions.leave(assembly_id=assembly_id, elector_id=elector_id, left_at=now)
        else:
            actions.come_in(
                assembly_id=assembly_id,
                elector_id=elector_id,
                person_id=_person(request),
                where=Where.REMOTE.value,
                recorded_by=request.actor.user_id,
                came_at=now,
            )

    sentence = _("Sei uscito.") if part.is_remote else _("Partecipi: puoi votare e parlare.")
    return tried(request, come_or_leave, sentence, "assemblies:own_assembly", assembly_id)


@require_POST
@known_required
def turn(request: MemberRequest, assembly_id: UUID, elector_id: UUID) -> HttpResponse:
    """Ask to speak."""
    _part(_own(request, assembly_id), elector_id)
    return tried(
        request,
        lambda: actions.ask_to_speak(
            assembly_id=assembly_id,
            elector_id=elector_id,
            item_id=None,
            asked_at=timezone.now(),
        ),
        _("Sei in elenco per parlare."),
        "assemblies:own_assembly",
        assembly_id,
    )


@require_safe
@known_required
def decision(request: MemberRequest, resolution_id: UUID) -> HttpResponse:
    """Show what was decided, how, and what ran because of it."""
    page = decision_for(resolution_id=resolution_id, actor=request.actor, on=localdate())
    if page is None:
        raise Http404
    context = {"page": page, "adopt_url": _adoption(request, page)}
    return render(request, "assemblies/decision.html", context)


def _adoption(request: MemberRequest, page: Decision) -> str:
    """Return where an officer lets the voted policy run; empty for others, or once it does."""
    resolution = page.resolution
    if request.actor.role != "officer" or resolution.adopted or not resolution.policy_document:
        return ""
    given = {"document": resolution.policy_document, "resolution": str(resolution.id)}
    return f"{reverse('governance:adoption')}?{urlencode(given)}"


def _own(request: MemberRequest, assembly_id: UUID) -> own.OwnAssembly:
    page = own.own_assembly(assembly_id=assembly_id, person_id=_person(request), on=localdate())
    if page is None:
        raise Http404
    return page


def _part(page: own.OwnAssembly, elector_id: UUID) -> own.OwnPart:
    """Return a line of the roll for which somebody acts. Raises: Http404."""
    for part in page.parts:
        if part.elector.pk == elector_id:
            return part
    raise Http404


def _person(request: MemberRequest) -> UUID:
    if request.actor.person_id is None:
        raise Http404
    return request.actor.person_id
