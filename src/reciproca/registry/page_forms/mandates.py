"""Who may act for an organisation, who says they do, and with which keys its programs call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import (
    CardField,
    DayField,
    NameField,
)
from reciproca.registry.models import Role
from reciproca.shared.asking import Form


class MandateForm(Form):
    """Who may act for the organisation, as what and until when."""

    card = CardField(
        label=_("Numero di carta della persona"),
        help_text=_("Lo trova nel suo profilo: 13 cifre che cominciano per 29."),
    )
    role = forms.ChoiceField(
        label=_("Incarico"), error_messages={"required": _("Scegli l’incarico.")}
    )
    starts_on = DayField(label=_("Dal giorno"))
    ends_on = DayField(
        label=_("Fino al giorno"), required=False, help_text=_("Vuoto se non ha una fine.")
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.fields["role"]
        assert isinstance(given, forms.ChoiceField)
        given.choices = [(role.value, role.label) for role in Role if role.value in roles]


class KeyForm(Form):
    """A name for a new API key."""

    name = NameField(
        label=_("A che cosa serve"),
        max_length=100,
        error_messages={"required": _("Scrivi a che cosa serve.")},
        help_text=_("Per esempio: cassa 2."),
    )


class ClaimForm(Form):
    """Who somebody is for an organisation that they say they manage."""

    words = forms.CharField(
        label=_("Chi sei per questa organizzazione"),
        max_length=300,
        error_messages={"required": _("Scrivi chi sei per questa organizzazione.")},
        help_text=_("Per esempio: ne sono la presidente. La federazione controlla e ti risponde."),
    )


class AnswerForm(Form):
    """What an officer answers; for a yes nothing needs to be said."""

    accepted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("Che cosa rispondi"),
        max_length=300,
        required=False,
        help_text=_("Serve per non accogliere: chi ha chiesto lo legge."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not (told.get("accepted") or told.get("answer") or self.errors):
            self.add_error("answer", _("Scrivi perché non si accoglie: chi ha chiesto lo legge."))
        return told
