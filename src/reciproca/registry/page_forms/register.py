"""What a step in the members’ register, and what moves share capital, is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import CardField, DayField, EuroField
from reciproca.shared.asking import Form, KeyField


class StepForm(Form):
    """The day of a step in the members' register, and the reason where one is due."""

    beside = {
        "day-before-history": "happened_on",
        "day-in-future": "happened_on",
        "reason-missing": "note",
    }

    happened_on = DayField(label=_("Giorno"))
    note = forms.CharField(
        label=_("Motivo o estremi della delibera"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CapitalForm(Form):
    """Share capital paid in or given back."""

    beside = {
        "amount-not-positive": "amount_cents",
        "capital-movement-too-large": "amount_cents",
        "day-before-history": "happened_on",
        "day-in-future": "happened_on",
        "holding-too-large": "amount_cents",
        "not-that-much-capital": "amount_cents",
        "share-too-small": "amount_cents",
    }

    key = KeyField()
    amount_cents = EuroField(label=_("Importo"))
    happened_on = DayField(label=_("Giorno"))


class TransferForm(Form):
    """A whole share that passes to the holder of a card."""

    beside = {
        "asked-afterwards": "asked_on",
        "card-blocked": "card",
        "card-unknown": "card",
        "day-before-history": "happened_on",
        "day-in-future": "happened_on",
        "not-authorised": "authorisation",
        "transfer-to-oneself": "card",
    }

    key = KeyField()
    card = CardField(
        label=_("Carta di chi riceve la quota"),
        help_text=_("Chi non ne ha ancora una la riceve allo sportello, con una nuova domanda."),
    )
    asked_on = DayField(label=_("Giorno della richiesta al consiglio"))
    happened_on = DayField(label=_("Giorno della cessione"))
    authorisation = forms.CharField(
        label=_("Delibera che la autorizza"),
        max_length=200,
        required=False,
        help_text=_("Vuoto solo se il consiglio non ha risposto entro sessanta giorni."),
    )
