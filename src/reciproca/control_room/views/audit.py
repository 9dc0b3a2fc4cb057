"""Who did what, on an officer's page and as a file."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reciproca.control_room.audit import TITLES, Asked, acts, all_acts
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form
from reciproca.shared.gates import role_required
from reciproca.shared.tables import csv_response
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")


class AuditForm(Form):
    """What to look for; a day or a kind that does not exist is left out."""

    who = forms.CharField(label=gettext_lazy("Chi"), max_length=100, required=False)
    where = forms.CharField(label=gettext_lazy("Organizzazione"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Che cosa"),
        choices=[("", gettext_lazy("Tutto")), *TITLES.items()],
        required=False,
    )
    since = DayField(label=gettext_lazy("Dal giorno"), required=False)
    until = DayField(label=gettext_lazy("Fino al giorno"), required=False)

    def asked(self) -> Asked:
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})


@require_safe
@officer_required
def audit(request: MemberRequest) -> HttpResponse:
    """List who did what, narrowed by who, where, what and when."""
    form = AuditForm(request.GET)
    asked = form.asked()
    context = {
        "page": acts(asked=asked, number=_number(request.GET)),
        "form": form,
        "asked": asked,
        "query": urlencode({key: request.GET[key] for key in form.fields if request.GET.get(key)}),
    }
    return render(request, "control_room/audit.html", context)


@require_safe
@officer_required
def audit_file(request: MemberRequest) -> StreamingHttpResponse:
    """Hand out the same list as a file."""
    rows = (
        (
            timezone.localtime(act.at).isoformat(sep=" ", timespec="seconds"),
            act.by,
            act.title,
            act.about,
            act.word,
            "" if act.number is None else str(act.number),
        )
        for act in all_acts(asked=AuditForm(request.GET).asked())
    )
    head = (_("quando"), _("chi"), _("che cosa"), _("organizzazione"), _("quale"), _("quanti"))
    return csv_response(name=f"{_('chi-ha-fatto-cosa')}.csv", head=head, rows=rows)


def _number(query: QueryDict) -> int:
    asked = query.get("page", "1")[:6]
    return int(asked) if asked.isascii() and asked.isdigit() else 1
