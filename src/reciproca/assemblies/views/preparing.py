"""Preparing an assembly: when and where, the agenda, what is to be decided, and the call."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.actions.calling import CALL
from reciproca.assemblies.models import Assembly
from reciproca.assemblies.page_forms import (
    AssemblyForm,
    AttachmentForm,
    CallForm,
    ItemForm,
    MotionForm,
    SendingForm,
    pdf_of,
)
from reciproca.assemblies.queries import bodies as bodies_queries
from reciproca.assemblies.queries import meetings as queries
from reciproca.assemblies.queries.electors import people_named
from reciproca.assemblies.views.common import (
    GET_OR_POST,
    answered,
    done,
    own_body,
    own_item,
    own_motion,
    own_run,
    runs_required,
    shown,
    tried,
)
from reciproca.governance import queries as governance
from reciproca.shared.asking import Form
from reciproca.shared.job_view import JobView, job_view, latest_job
from reciproca.shared.jobs import resume_job
from reciproca.shared.types import MemberRequest


@require_http_methods(GET_OR_POST)
@runs_required
def assembly_new(request: MemberRequest, body_id: UUID) -> HttpResponse:
    """Begin to prepare an assembly."""
    body = own_body(request, body_id)
    form = AssemblyForm(request.POST or None, initial=AssemblyForm.of(None))
    made: list[Assembly] = []

    def draft() -> None:
        made.append(
            actions.draft_assembly(
                body_id=body_id,
                assembly=form.assembly(),
                made_by=request.actor.user_id,
                made_at=timezone.now(),
            )
        )

    if answered(form, draft):
        return done(request, _("Ora l’ordine del giorno."), "assemblies:assembly", made[0].pk)
    context = {"body": body, "form": form, "assembly": None}
    return shown(request, "assemblies/details.html", context, form)


@require_safe
@runs_required
def assembly(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Show an assembly to whoever runs it: where it is, and what comes next."""
    job = _call_under_way(own_run(request, assembly_id))
    if request.htmx and job:
        return render(request, "components/job.html", _call_shown(job, assembly_id))
    return _assembly_page(request, assembly_id)


@require_http_methods(GET_OR_POST)
@runs_required
def details(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Change when and where an assembly meets, before it is called."""
    found = own_run(request, assembly_id)
    form = AssemblyForm(request.POST or None, initial=AssemblyForm.of(found))

    def change() -> None:
        actions.change_assembly(assembly_id=assembly_id, assembly=form.assembly())

    if answered(form, change):
        return done(request, _("Cambiato."), "assemblies:assembly", assembly_id)
    context = {"body": found.body, "form": form, "assembly": found}
    return shown(request, "assemblies/details.html", context, form)


@require_POST
@runs_required
def items(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Add a point to the agenda."""
    own_run(request, assembly_id)
    form = ItemForm(request.POST)

    def add() -> None:
        actions.add_item(assembly_id=assembly_id, **form.cleaned_data)

    if answered(form, add):
        return done(request, _("Punto aggiunto."), "assemblies:assembly", assembly_id)
    return _assembly_page(request, assembly_id, form)


@require_POST
@runs_required
def item_removal(request: MemberRequest, assembly_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a point off the agenda."""
    item = own_item(request, assembly_id, item_id)
    return tried(
        request,
        lambda: actions.remove_item(item_id=item.pk),
        _("Punto tolto."),
        "assemblies:assembly",
        assembly_id,
    )


@require_http_methods(GET_OR_POST)
@runs_required
def attachments(request: MemberRequest, assembly_id: UUID, item_id: UUID) -> HttpResponse:
    """Add a PDF that members read for a point."""
    item = own_item(request, assembly_id, item_id)
    form = AttachmentForm(request.POST or None, request.FILES or None)

    def attach() -> None:
        pdf = pdf_of(form.cleaned_data["pdf"])
        assert pdf is not None
        actions.attach_document(item_id=item.pk, pdf=pdf, added_by=request.actor.user_id)

    if answered(form, attach):
        return done(request, _("Documento allegato."), "assemblies:assembly", assembly_id)
    context = {"assembly": item.assembly, "item": item, "form": form}
    return shown(request, "assemblies/attachment.html", context, form)


@require_http_methods(GET_OR_POST)
@runs_required
def motion_new(request: MemberRequest, assembly_id: UUID, item_id: UUID) -> HttpResponse:
    """Put something to decide on a point of the agenda."""
    item = own_item(request, assembly_id, item_id)
    form = MotionForm(request.POST or None, policies=governance.never_adopted())

    def propose() -> None:
        actions.propose_motion(
            item_id=item.pk,
            motion=form.motion(candidates=people_named(form.codes())),
            proposed_by=request.actor.user_id,
            proposed_at=timezone.now(),
        )

    if answered(form, propose):
        return done(request, _("Proposta aggiunta."), "assemblies:assembly", assembly_id)
    context = {"assembly": item.assembly, "item": item, "form": form}
    return shown(request, "assemblies/motion_new.html", context, form)


@require_POST
@runs_required
def motion_removal(request: MemberRequest, motion_id: UUID) -> HttpResponse:
    """Take a motion off the agenda, before the call."""
    page = own_motion(request, motion_id)
    return tried(
        request,
        lambda: actions.withdraw_motion(motion_id=motion_id),
        _("Proposta tolta."),
        "assemblies:assembly",
        page.assembly.pk,
    )


@require_http_methods(GET_OR_POST)
@runs_required
def calling(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Read the notice once more, and call."""
    found = own_run(request, assembly_id)
    form = CallForm(request.POST or None, initial={"reference_on": localdate()})

    def call() -> None:
        assert request.actor.person_id is not None
        actions.ask_to_call(
            assembly_id=assembly_id,
            reference_on=form.cleaned_data["reference_on"],
            called_by=request.actor.user_id,
            person_id=request.actor.person_id,
            asked_at=timezone.now(),
        )

    if answered(form, call):
        return redirect("assemblies:assembly", assembly_id)
    context = {
        "assembly": found,
        "items": queries.agenda(assembly_id=assembly_id),
        "statute": bodies_queries.statute_on(
            body_id=found.body_id, on=localdate(found.first_call_at)
        ),
        "form": form,
    }
    return shown(request, "assemblies/calling.html", context, form)


@require_POST
@runs_required
def calling_again(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Let a call that was stopped by a fault go on where it was."""
    own_run(request, assembly_id)
    stopped = latest_job(kind=CALL, subject=str(assembly_id))
    if stopped is not None:
        resume_job(job_id=stopped.id)
    return redirect("assemblies:assembly", assembly_id)


@require_safe
@runs_required
def roll(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Show who may vote, and the proof that each was told."""
    return _roll_page(request, assembly_id)


@require_POST
@runs_required
def sendings(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Record that electors were told on paper."""
    own_run(request, assembly_id)
    form = SendingForm(request.POST, ids=request.POST.getlist("electors"))

    def record() -> None:
        given = form.cleaned_data
        actions.record_sendings(
            assembly_id=assembly_id,
            electors=[UUID(each) for each in given["electors"]],
            way=given["way"],
            reference=given["reference"],
            sent_on=given["sent_on"],
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )

    if answered(form, record):
        return done(request, _("Segnato: la prova resta."), "assemblies:roll", assembly_id)
    return _roll_page(request, assembly_id, form)


def _assembly_page(
    request: MemberRequest, assembly_id: UUID, form: Form | None = None
) -> HttpResponse:
    found = own_run(request, assembly_id)
    form = form or ItemForm()
    state = queries.state_of(found)
    title, kind = queries.STATES[state]
    context: dict[str, object] = {
        "assembly": found,
        "state": state,
        "state_title": title,
        "state_kind": kind,
        "items": queries.agenda(assembly_id=assembly_id),
        "untold": queries.untold_count(assembly_id=assembly_id) if found.called_at else 0,
        "form": form,
    }
    if job := _call_under_way(found):
        context |= _call_shown(job, assembly_id)
    return shown(request, "assemblies/assembly.html", context, form)


def _call_under_way(found: Assembly) -> JobView | None:
    """Return the job that calls an assembly, until the day that it meets."""
    job = latest_job(kind=CALL, subject=str(found.pk)) if not found.opened_at else None
    return job_view(job) if job else None


def _call_shown(job: JobView, assembly_id: UUID) -> dict[str, object]:
    return {
        "job": job,
        "poll_url": reverse("assemblies:assembly", args=[assembly_id]),
        "result_url": reverse("assemblies:roll", args=[assembly_id]),
        "result_label": _("Guarda chi è avvisato"),
    }


def _roll_page(
    request: MemberRequest, assembly_id: UUID, form: SendingForm | None = None
) -> HttpResponse:
    found = own_run(request, assembly_id)
    text, untold = request.GET.get("q", "")[:100], "untold" in request.GET
    found_page = queries.roll_page(
        assembly=found, text=text, untold=untold, number=_number(request.GET.get("page", ""))
    )
    form = form or SendingForm(ids=[], initial={"sent_on": localdate()})
    context = {
        "assembly": found,
        "page": found_page.page,
        "rows": found_page.rows,
        "search": text,
        "only_untold": untold,
        "untold": queries.untold_count(assembly_id=assembly_id),
        "form": form,
    }
    return shown(request, "assemblies/roll.html", context, form)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
