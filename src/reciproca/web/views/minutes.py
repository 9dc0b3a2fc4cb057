"""The minutes of an assembly: a draft drawn from what is recorded, and their approval."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.assemblies import actions
from reciproca.assemblies.forms import PdfIn
from reciproca.assemblies.models import Assembly
from reciproca.assemblies.page_forms import MinutesForm
from reciproca.assemblies.queries.meetings import assembly_run_by
from reciproca.assemblies.queries.minutes import minutes_of
from reciproca.assemblies.queries.own import own_assembly, runs_for
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required, role_required
from reciproca.shared.types import MemberRequest
from reciproca.web.statements.minutes import minutes_pdf as draw_minutes
from reciproca.web.views.statements import pdf_response


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager", "officer")
def minutes(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Show the minutes to whoever runs the assembly, and approve them."""
    found = assembly_run_by(assembly_id=assembly_id, node_id=request.actor.node_id)
    if found is None or found.called_at is None:
        raise Http404
    form = MinutesForm(request.POST or None)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["protocol_number"]
        try:
            actions.approve_minutes(
                assembly_id=assembly_id,
                minutes=PdfIn(_("verbale.pdf"), _drawn(found, number=number)),
                protocol_number=number,
                approved_by=request.actor.user_id,
                approved_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Il verbale è approvato: lo leggono tutti i convocati."))
            return redirect("assemblies:assembly", assembly_id)
    context = {"assembly": found, "minutes": minutes_of(assembly=found), "form": form}
    return render(request, "web/minutes.html", context, status=422 if form.errors else 200)


@require_safe
@known_required
def minutes_pdf(request: MemberRequest, assembly_id: UUID) -> HttpResponse:
    """Give the approved minutes to every elector; to whoever runs the assembly, the draft too."""
    found = assembly_run_by(assembly_id=assembly_id, node_id=runs_for(request.actor))
    if found is not None and found.called_at is not None and found.minutes is None:
        return pdf_response(_drawn(found, number=""), _("bozza-verbale"))
    person_id = request.actor.person_id
    if found is None and person_id is not None:
        page = own_assembly(assembly_id=assembly_id, person_id=person_id, on=localdate())
        found = page.assembly if page else None
    if found is None or found.minutes is None:
        raise Http404
    return pdf_response(bytes(found.minutes.content), _("verbale"))


def _drawn(assembly: Assembly, *, number: str) -> bytes:
    community = registry.community()
    return draw_minutes(
        minutes_of(assembly=assembly),
        number=number,
        community=community.name if community else "",
    )
