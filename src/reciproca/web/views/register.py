"""An extract of a cooperative's members' register: how it stood at the end of a day, as PDF."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reciproca.refunds.views.common import own_cooperative
from reciproca.registry import queries as registry
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.web.lists import later
from reciproca.web.lists.members import note_register, register_count, text_asked
from reciproca.web.statements.register import register_pdf as draw_register
from reciproca.web.views.statements import pdf_response


class DayForm(Form):
    """The day of an extract: today, or one that is over."""

    on = DayField(label=gettext_lazy("Com’era alla fine del giorno"))

    def clean_on(self) -> date:
        asked: date = self.cleaned_data["on"]
        return min(asked, timezone.localdate())


@require_safe
@role_required("manager")
def register_pdf(request: MemberRequest) -> HttpResponse:
    """Hand out the register as it stood at the end of a day; a worker draws a long one."""
    form, text = DayForm(request.GET), text_asked(request)
    if not form.is_valid():
        messages.warning(request, _("Per l’estratto scegli un giorno che esiste, dal 1900 a oggi."))
        sought = f"?{urlencode({'q': text})}" if text else ""
        return redirect(f"{reverse('registry:members')}{sought}")
    own, on = own_cooperative(request), form.cleaned_data["on"]
    if not isinstance(request, later.WorkersRequest):
        note_register(request, state="")
    if later.makes_later(request, row_count=register_count(request, state="")):
        return later.make_later(request, title=_("Estratto del libro soci"))
    names, community = registry.names_of([own]), registry.community()
    content = draw_register(
        registry.register_at(cooperative_id=own, on=on, text=text),
        on=on,
        cooperative=names[own],
        community=community.name if community else "",
        text=text,
    )
    return pdf_response(content, "-".join([_("libro-soci"), str(on)]))
