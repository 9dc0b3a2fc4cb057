"""Who may act for an organisation, who says they do, and with which keys its programs call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.accounts import AccessForm
from reciproca.registry.fields import CardField, DayField, NameField
from reciproca.registry.models import Role
from reciproca.shared.asking import Form


class MandateForm(Form):
    """Who may act for the organisation, as what and until when."""

    beside = {
        "ends-before-start": "ends_on",
        "mandate-already-held": "card",
        "not-a-person": "card",
        "role-not-for-kind": "role",
    }

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
        _offer(self.fields["role"], roles)


class InviteForm(Form):
    """Whom to invite, to act in which role."""

    invitee = NameField(
        label=_("Chi inviti"),
        max_length=200,
        error_messages={"required": _("Scrivi il nome di chi inviti.")},
    )
    role = forms.ChoiceField(
        label=_("Incarico"), error_messages={"required": _("Scegli l’incarico.")}
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["role"], roles)


class WelcomeForm(AccessForm):
    """What somebody writes who comes in by an invitation."""

    field_order = ("first_name", "last_name", "email", "password")
    first_name = NameField(
        label=_("Nome"),
        max_length=100,
        error_messages={"required": _("Scrivi il tuo nome.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Cognome"),
        max_length=100,
        error_messages={"required": _("Scrivi il tuo cognome.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


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


def _offer(field: forms.Field, roles: tuple[str, ...]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(role.value, role.label) for role in Role if role.value in roles]
