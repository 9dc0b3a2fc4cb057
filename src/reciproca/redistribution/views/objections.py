"""A person's own part of a run: why it is that, and what does not add up."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.redistribution import actions, queries
from reciproca.redistribution.page_forms import AnswerForm, ObjectionForm
from reciproca.redistribution.views.runs import officer_required, show_run
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def own_part(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Show whoever asks their own part and why; sent, it is an objection."""
    assert request.actor.person_id is not None
    found = queries.own_part(run_id=run_id, member_id=request.actor.person_id)
    if found is None:
        raise Http404
    form, status = ObjectionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.object_to_run(
                    run_id=run_id,
                    member_id=request.actor.person_id,
                    text=form.cleaned_data["text"],
                    made_at=timezone.now(),
                )
            except DomainError as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Obiezione ricevuta: la risposta arriva negli avvisi."))
                return redirect("redistribution:own_part", run_id)
    context = {
        "part": found,
        "form": form,
        "may_object": found.objection is None and timezone.now() <= found.objects_until,
    }
    return render(request, "redistribution/own_part.html", context, status=status)


@require_POST
@officer_required
def answer(request: MemberRequest, objection_id: UUID) -> HttpResponse:
    """Answer an objection."""
    found = queries.objection_named(objection_id=objection_id)
    if found is None:
        raise Http404
    form, status = AnswerForm(request.POST), 422
    if form.is_valid():
        assert request.actor.user_id is not None
        try:
            actions.answer_objection(
                objection_id=objection_id,
                upheld=form.cleaned_data["upheld"] == "yes",
                answer=form.cleaned_data["answer"],
                answered_by=request.actor.user_id,
                answered_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Risposta mandata a chi ha obiettato."))
            return redirect("redistribution:run", found.run_id)
    return show_run(request, found.run, answering=(objection_id, form), status=status)
