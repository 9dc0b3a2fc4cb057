"""What somebody types to choose the PIN of a card, or to prove that it is theirs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.registry.card_codes import PIN_DIGITS
from reciproca.shared.asking import Form


class PinField(forms.CharField):
    """Five digits that nobody reads over a shoulder."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "maxlength": PIN_DIGITS,
            "class": "pin",
        }
        missing = {"required": gettext_lazy("Scrivi cinque cifre.")}
        widget = forms.PasswordInput(attrs=attrs)
        super().__init__(**{"widget": widget, "error_messages": missing, **kwargs})


class PinForm(Form):
    """A new PIN, typed twice."""

    pin = PinField(label=gettext_lazy("Il nuovo PIN"))
    again = PinField(label=gettext_lazy("Ancora una volta"))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("pin", again):
            raise forms.ValidationError(_("Le due volte non sono uguali: riscrivilo."))
        return again
