"""Criteria tried on a period that is over: for everybody in sums, for each person in private."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.governance.rules import read_document
from reciproca.governance.schemas import Document
from reciproca.redistribution import actions, queries
from reciproca.redistribution.page_forms import SimulationForm, proposed_period
from reciproca.redistribution.tasks import SIMULATE
from reciproca.redistribution.views.runs import officer_required
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.job_view import job_view, latest_job
from reciproca.shared.jobs import start_job
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def simulations(request: MemberRequest) -> HttpResponse:
    """Choose the period on which criteria are tried, beside those that run or ran before."""
    try:
        documents = _documents(request)
        drafts = [queries.read_aloud(document=each) for each in documents]
    except DomainError:
        raise Http404 from None
    period = proposed_period(None, timezone.localdate())
    collected = queries.collected_by(documents=documents, **period)
    form = SimulationForm(request.POST or None, initial={**period, "pool_cents": collected or None})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            assert request.actor.user_id is not None
            try:
                made = actions.open_simulation(
                    documents=documents,
                    **form.cleaned_data,
                    made_by=request.actor.user_id,
                    made_at=timezone.now(),
                )
            except DomainError as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                _start(request, made.id)
                return redirect("redistribution:simulation", made.id)
    context = {"form": form, "drafts": drafts}
    return render(request, "redistribution/simulation_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def simulation(request: MemberRequest, simulation_id: UUID) -> HttpResponse:
    """Show how far a simulation is, and then what each policy gives; sent, it begins again."""
    found = queries.simulation_page(simulation_id=simulation_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        _start(request, simulation_id)
        return redirect("redistribution:simulation", simulation_id)
    job = latest_job(kind=SIMULATE, subject=str(simulation_id))
    here = reverse("redistribution:simulation", args=[simulation_id])
    if request.htmx and job:
        context = {"job": job_view(job), "poll_url": here, "result_url": here}
        return render(request, "components/job.html", {**context, "result_label": _("Guarda")})
    context = {
        "simulation": found,
        "job": job_view(job) if job and found.result is None else None,
        "another": f"{reverse('redistribution:policy_new')}?{urlencode({'with': simulation_id})}",
    }
    return render(request, "redistribution/simulation.html", context)


@require_safe
@known_required
def own_effect(request: MemberRequest, simulation_id: UUID) -> HttpResponse:
    """Show whoever asks what each policy would give them, and nobody else's."""
    assert request.actor.person_id is not None
    found = queries.own_effect(simulation_id=simulation_id, member_id=request.actor.person_id)
    if found is None:
        raise Http404
    return render(request, "redistribution/own_effect.html", {"effect": found})


def _documents(request: MemberRequest) -> list[Document]:
    """Return what is tried: the policy in force, those of the simulation named, and the new one."""
    asked = request.GET
    documents: list[Document] = []
    if "with" in asked:
        try:
            before = queries.simulation_page(simulation_id=UUID(asked["with"]))
        except ValueError:
            before = None
        documents += [read_document(text) for text in before.documents] if before else []
    else:
        adopted = queries.policy_in_force(on=timezone.localdate())
        documents += [read_document(adopted.document)] if adopted else []
    if "document" in asked:
        documents.append(read_document(asked["document"]))
    return documents


def _start(request: MemberRequest, simulation_id: UUID) -> None:
    start_job(
        kind=SIMULATE,
        args={"simulation_id": str(simulation_id), "person_id": str(request.actor.person_id)},
        started_by=request.actor.user_id,
        subject=str(simulation_id),
    )
