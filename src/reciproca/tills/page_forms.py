"""What the desk's pages about tills ask."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import CardField, DayField, NameField
from reciproca.shared.asking import Form, KeyField
from reciproca.tills.queries import ClosingFilters, TillRow

LONGEST_NAME = 60
LONGEST_NOTE = 300
_CODE_NEEDED = dict.fromkeys(("required", "max_length"), _("Scrivi cinque cifre."))


class TillForm(Form):
    """A till's name."""

    name = NameField(
        label=_("Come si chiama"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Scrivi come si chiama la cassa.")},
        help_text=_("Come la chiamate voi: «Banco», «Spaccio», «Mercato del sabato»."),
    )


class DeviceForm(Form):
    """What to call the browser that is paired."""

    name = NameField(
        label=_("Come riconoscerlo"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Scrivi un nome da cui riconoscere questo dispositivo.")},
        help_text=_("Per esempio «Tablet blu» o «PC del retro»."),
    )


class CodeForm(Form):
    """Five digits, twice; the field shows nothing, so that nobody reads over a shoulder."""

    code = forms.CharField(
        label=_("Nuovo codice"),
        max_length=5,
        error_messages=_CODE_NEEDED,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Cinque cifre, non tutte uguali e non in fila."),
    )
    again = forms.CharField(
        label=_("Ancora una volta"),
        max_length=5,
        error_messages=_CODE_NEEDED,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("code", again):
            raise forms.ValidationError(_("I due codici non sono uguali."))
        return again


class ClosingForm(Form):
    """Why a day is closed at the desk."""

    key = KeyField()
    note = forms.CharField(
        label=_("Perché la chiudi da qui"),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Scrivi perché la chiudi da qui e non dal dispositivo.")},
        help_text=_("Per esempio: il tablet si è rotto. Resta scritto nella chiusura."),
    )


class RecordingForm(Form):
    """Whose a held sale was; empty: of somebody without a card."""

    beside = {"card-blocked": "card", "card-unknown": "card"}

    card = CardField(
        label=_("Carta di chi ha comprato"),
        required=False,
        help_text=_("Lascia vuoto se non era di nessun socio: allora non torna niente a nessuno."),
    )


class DroppingForm(Form):
    """Why a held sale is not recorded."""

    reason = forms.CharField(
        label=_("Perché non si registra"),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Scrivi perché questa vendita non si registra.")},
        help_text=_("Resta scritto accanto alla vendita, che non si cancella."),
    )


class ClosingsForm(Form):
    """Which closed days to list; what does not exist narrows nothing."""

    till = forms.TypedChoiceField(label=_("Cassa"), coerce=UUID, required=False, empty_value=None)
    who = forms.CharField(label=_("Chi ha chiuso"), max_length=100, required=False)
    since = DayField(label=_("Dal giorno"), required=False)
    until = DayField(label=_("Fino al giorno"), required=False)

    def __init__(self, *args: Any, tills: Sequence[TillRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["till"]
        assert isinstance(chosen, forms.TypedChoiceField)
        chosen.choices = [("", _("Tutte")), *((str(each.id), each.name) for each in tills)]

    def filters(self) -> ClosingFilters:
        self.is_valid()
        told = self.cleaned_data
        return ClosingFilters(
            till_id=told.get("till"),
            since=told.get("since"),
            until=told.get("until"),
            who=told.get("who") or "",
        )


class HeldForm(Form):
    """Which held sales to list: those that wait or those decided, by till or by who sold."""

    state = forms.CharField(label=_("Quali"), required=False)
    q = forms.CharField(label=_("Cassa o chi ha venduto"), max_length=100, required=False)

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        told = self.cleaned_data
        return {"settled": told.get("state") == "settled", "text": told.get("q") or ""}
