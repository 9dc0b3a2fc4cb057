"""What is asked until an assembly is called: when and where, the agenda, the call itself."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.forms import AssemblyIn
from reciproca.assemblies.models import (
    Assembly,
    SendingWay,
)
from reciproca.assemblies.page_forms.fields import PICK, HourField, PdfField
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form

EVENING = time(18)


class AssemblyForm(Form):
    """When and where an assembly meets."""

    beside = {
        "title-missing": "title",
        "nowhere-to-meet": "place",
        "link-unreadable": "link",
    }

    title = forms.CharField(
        label=_("Titolo"),
        max_length=200,
        error_messages={"required": _("Scrivi un titolo, per esempio Assemblea di bilancio 2026.")},
    )
    place = forms.CharField(label=_("Luogo"), max_length=200, required=False)
    link = forms.CharField(
        label=_("Collegamento per chi partecipa a distanza"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Comincia con https://."),
    )
    first_on = DayField(label=_("Prima convocazione, giorno"))
    first_hour = HourField(label=_("Prima convocazione, ora"))
    second_on = DayField(label=_("Seconda convocazione, giorno"), required=False)
    second_hour = HourField(label=_("Seconda convocazione, ora"), required=False)

    @classmethod
    def of(cls, assembly: Assembly | None) -> dict[str, Any]:
        """Return what the form begins with."""
        if assembly is None:
            return {"first_hour": EVENING, "second_hour": EVENING}
        first, second = localtime(assembly.first_call_at), assembly.second_call_at
        second = localtime(second) if second else None
        return {
            "title": assembly.title,
            "place": assembly.place,
            "link": assembly.link,
            "first_on": first.date(),
            "first_hour": first.time(),
            "second_on": second and second.date(),
            "second_hour": second.time() if second else EVENING,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, second = given.get("first_on"), given.get("second_on")
        if first and first < localdate():
            self.add_error("first_on", _("Questo giorno è già passato: scegline uno che viene."))
        if first and second and second <= first:
            self.add_error("second_on", _("La seconda convocazione è un altro giorno, dopo."))
        if second and not given.get("second_hour"):
            self.add_error("second_hour", _("Scrivi anche l’ora della seconda convocazione."))
        return given

    def assembly(self) -> AssemblyIn:
        """Return what was written."""
        given = self.cleaned_data
        second = given["second_on"]
        return AssemblyIn(
            title=given["title"],
            place=given["place"],
            link=given["link"],
            first_call_at=_instant(given["first_on"], given["first_hour"]),
            second_call_at=_instant(second, given["second_hour"]) if second else None,
        )


def _instant(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class ItemForm(Form):
    """A point of the agenda."""

    beside = {"title-missing": "title"}

    title = forms.CharField(
        label=_("Punto all’ordine del giorno"),
        max_length=200,
        error_messages={"required": _("Scrivi di che cosa si parla.")},
    )
    text = forms.CharField(
        label=_("In breve"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AttachmentForm(Form):
    """A PDF that members read before the assembly."""

    beside = dict.fromkeys(
        ("document-empty", "document-not-pdf", "document-too-large", "agenda-too-long"), "pdf"
    )

    pdf = PdfField(label=_("Documento, in PDF"))


class CallForm(Form):
    """The last step before everybody is told."""

    beside = {"reference-in-future": "reference_on"}

    reference_on = DayField(
        label=_("L’elenco degli aventi diritto si ferma al giorno"),
        help_text=_("Chi entra o esce dopo non cambia più chi può votare."),
    )


class SendingForm(Form):
    """Electors who were told otherwise."""

    beside = {"sent-in-future": "sent_on"}

    electors = forms.MultipleChoiceField(
        label=_("A chi"),
        error_messages={
            "required": _("Spunta almeno una persona."),
            "invalid_choice": _("Ricarica la pagina: l’elenco è cambiato."),
            "invalid_list": _("Ricarica la pagina: l’elenco è cambiato."),
        },
    )
    way = forms.ChoiceField(
        label=_("Come"),
        choices=[each for each in SendingWay.choices if each[0] != SendingWay.NOTICE],
        error_messages=PICK,
    )
    reference = forms.CharField(
        label=_("Numero della raccomandata, o della ricevuta"), max_length=100, required=False
    )
    sent_on = DayField(label=_("Partito il giorno"))

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["electors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each, each) for each in ids]
