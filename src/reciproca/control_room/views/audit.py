"""Who did what, on an officer's page."""

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reciproca.control_room.audit import TITLES, Asked, acts
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form
from reciproca.shared.gates import role_required
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
    }
    return render(request, "control_room/audit.html", context)


def _number(query: QueryDict) -> int:
    asked = query.get("page", "1")[:6]
    return int(asked) if asked.isascii() and asked.isdigit() else 1
