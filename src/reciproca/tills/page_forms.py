"""What the desk's pages about tills ask."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import CodeField
from reciproca.shared.identifiers import clean_card_number

LONGEST_NAME = 60
LONGEST_NOTE = 300


class TillForm(forms.Form):
    """A till's name."""

    name = forms.CharField(
        label=_("Come si chiama"),
        max_length=LONGEST_NAME,
        help_text=_("Come la chiamate voi: «Banco», «Spaccio», «Mercato del sabato»."),
    )


class DeviceForm(forms.Form):
    """What to call the browser that is paired."""

    name = forms.CharField(
        label=_("Come riconoscerlo"),
        max_length=LONGEST_NAME,
        help_text=_("Per esempio «Tablet blu» o «PC del retro»."),
    )


class CodeForm(forms.Form):
    """Five digits, twice; the field shows nothing, so that nobody reads over a shoulder."""

    code = forms.CharField(
        label=_("Nuovo codice"),
        max_length=5,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Cinque cifre, non tutte uguali e non in fila."),
    )
    again = forms.CharField(
        label=_("Ancora una volta"),
        max_length=5,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("code", again):
            raise forms.ValidationError(_("I due codici non sono uguali."))
        return again


class ClosingForm(forms.Form):
    """Why a day is closed at the desk."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    note = forms.CharField(
        label=_("Perché la chiudi da qui"),
        max_length=LONGEST_NOTE,
        help_text=_("Per esempio: il tablet si è rotto. Resta scritto nella chiusura."),
    )


class RecordingForm(forms.Form):
    """Whose a held sale was; empty: of somebody without a card."""

    card = CodeField(
        label=_("Carta di chi ha comprato"),
        max_length=30,
        required=False,
        clean_code=clean_card_number,
        help_text=_("Lascia vuoto se non era di nessun socio: allora non torna niente a nessuno."),
    )


class DroppingForm(forms.Form):
    """Why a held sale is not recorded."""

    reason = forms.CharField(
        label=_("Perché non si registra"),
        max_length=LONGEST_NOTE,
        help_text=_("Resta scritto accanto alla vendita, che non si cancella."),
    )
