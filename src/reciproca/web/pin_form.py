"""What somebody types to choose the PIN of a card, or to prove that it is theirs."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.registry.fields import PinField
from reciproca.shared.asking import Form


class PinForm(Form):
    """A new PIN, typed twice."""

    pin = PinField(label=gettext_lazy("Il nuovo PIN"))
    again = PinField(label=gettext_lazy("Ancora una volta"))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("pin", again):
            raise forms.ValidationError(_("Le due volte non sono uguali: riscrivilo."))
        return again
