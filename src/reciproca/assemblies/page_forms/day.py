"""What is asked on the day and after it: the door, proxies, the floor, the opening, the minutes."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import (
    Where,
)
from reciproca.assemblies.page_forms.fields import PICK, PdfField
from reciproca.shared.asking import Form


class DoorForm(Form):
    """An elector comes in, or goes."""

    elector = forms.UUIDField(
        label=_("Chi"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Cerca di nuovo la persona.")),
    )
    where = forms.ChoiceField(label=_("Dove"), choices=Where.choices, required=False)


class ProxyForm(Form):
    """A proxy on paper, entered by whoever runs the assembly."""

    beside = {
        "no-proxies": "giver",
        "proxy-given-already": "giver",
        "giver-present": "giver",
        "proxy-to-oneself": "holder",
        "proxy-limit": "holder",
        "proxy-chain": "holder",
        "document-empty": "signed",
        "document-not-pdf": "signed",
        "document-too-large": "signed",
    }

    giver = forms.CharField(
        label=_("Chi delega"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
        help_text=_("Numero del libro soci, carta, codice fiscale o cognome."),
    )
    holder = forms.CharField(
        label=_("Chi riceve la delega"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
    )
    signed = PdfField(label=_("Delega firmata, in PDF"))


class OwnProxyForm(Form):
    """A proxy that a member gives with their own login."""

    beside = {
        "proxy-to-oneself": "holder",
        "proxy-limit": "holder",
        "proxy-chain": "holder",
        "elector-unknown": "holder",
        "elector-unclear": "holder",
    }

    holder = forms.CharField(
        label=_("A chi"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Scrivi il cognome, la carta o il numero del libro soci.")},
        help_text=_("Un altro socio: cognome, carta o numero del libro soci."),
    )
    understood = forms.BooleanField(
        label=_("Vota al mio posto in questa assemblea; posso ritirare la delega quando voglio"),
        error_messages={"required": _("Spunta la casella, se vuoi dare la delega.")},
    )


class SessionForm(Form):
    """Who chairs, who writes, and in which call the assembly meets."""

    beside = dict.fromkeys(("no-second-call", "not-yet-the-day", "quorum-missing"), "call")

    call = forms.ChoiceField(
        label=_("In quale convocazione"),
        choices=[("1", _("Prima")), ("2", _("Seconda"))],
        error_messages=PICK,
    )
    chair = forms.ChoiceField(
        label=_("Chi presiede"), error_messages={"required": _("Scegli chi presiede.")}
    )
    secretary = forms.ChoiceField(
        label=_("Chi scrive il verbale"),
        error_messages={"required": _("Scegli chi scrive il verbale.")},
    )

    def __init__(self, *args: Any, people: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(person), text) for person, text in people]


class FloorForm(Form):
    """An elector who wants to speak."""

    beside = dict.fromkeys(
        ("elector-unknown", "elector-unclear", "not-present", "asks-already"), "who"
    )

    who = forms.CharField(
        label=_("Chi chiede la parola"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
    )


class MinutesForm(Form):
    """The number under which the minutes enter the book."""

    beside = {"minutes-protocol-missing": "protocol_number"}

    protocol_number = forms.CharField(
        label=_("Numero del verbale"),
        max_length=60,
        error_messages={"required": _("Scrivi il numero con cui il verbale entra nel libro.")},
        widget=forms.TextInput(attrs={"class": "short"}),
    )
