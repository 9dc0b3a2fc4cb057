"""A member's share passes to somebody else."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reciproca.registry import actions
from reciproca.registry.page_forms import TransferForm
from reciproca.registry.queries import MembershipPage
from reciproca.registry.views.members import manager_required, own_line
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def transfer(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Ask to whom and by which resolution; say it again with the name; then pass the share on."""
    line = own_line(request, membership_id)
    if request.method != "POST":
        today = timezone.localdate()
        first = TransferForm(initial={"key": uuid4(), "asked_on": today, "happened_on": today})
        return _show(request, line, first)
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _show(request, line, form, status=422)
    try:
        asked = _asked(request, line, form)
        if "confirmed" not in request.POST:
            return _show(request, line, form, check=actions.check_transfer(asked))
        taker_line = actions.transfer_share(asked)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(request, line, form, status=refusal.status)
    told = {"name": line.member_name}
    messages.success(request, _("La quota di %(name)s è passata: questa è la riga nuova.") % told)
    return redirect("registry:member", taker_line)


def _asked(request: MemberRequest, line: MembershipPage, form: TransferForm) -> actions.TransferIn:
    told = form.cleaned_data
    return actions.TransferIn(
        membership_id=line.id,
        key=str(told["key"]),
        card=told["card"],
        asked_on=told["asked_on"],
        happened_on=told["happened_on"],
        authorisation=told["authorisation"],
        recorded_by=request.actor.user_id,
        recorded_at=timezone.now(),
    )


def _show(
    request: MemberRequest,
    line: MembershipPage,
    form: TransferForm,
    *,
    check: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = [(name, form[name].value()) for name in form.fields] if check else []
    context = {"line": line, "form": form, "taker_name": check, "typed": typed}
    return render(request, "registry/transfer.html", context, status=status)
