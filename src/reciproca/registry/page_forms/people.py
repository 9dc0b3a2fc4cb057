"""What people are asked for: of themselves, and at the desk when they join."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import CardField, CodeField, DayField, MunicipalityField, NameField
from reciproca.registry.forms import PersonIn
from reciproca.registry.queries import PersonPage
from reciproca.shared import identifiers
from reciproca.shared.asking import Form

_NAME_NEEDED = {"required": _("Scrivi il nome.")}
_SURNAME_NEEDED = {"required": _("Scrivi il cognome.")}


class DetailsForm(Form):
    """What a person may change of their own entry."""

    first_name = NameField(
        label=_("Nome"),
        max_length=100,
        error_messages=_NAME_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Cognome"),
        max_length=100,
        error_messages=_SURNAME_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = forms.CharField(
        label=_("Telefono"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    address = forms.CharField(
        label=_("Indirizzo"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    municipality = MunicipalityField(help_text=_("Nome e provincia, per esempio Cles (TN)."))
    iban = CodeField(
        label=_("IBAN"),
        max_length=42,
        required=False,
        clean_code=identifiers.clean_iban,
        help_text=_("Il conto su cui ricevere i ristorni in denaro."),
    )

    @classmethod
    def of(cls, person: PersonPage) -> "DetailsForm":
        """Return the form as the registry knows the person."""
        first, _space, last = person.name.rpartition(" ")
        return cls(
            initial={
                "first_name": person.first_name or first,
                "last_name": person.last_name or last,
                "phone": person.phone,
                "address": person.address,
                "municipality": person.municipality_name,
                "iban": person.iban,
            }
        )

    def person(self, known: PersonPage) -> PersonIn:
        """Return the person with what was changed; the rest stays as it is known."""
        return PersonIn(
            **self.cleaned_data, tax_code=known.tax_code, born_on=known.born_on, email=known.email
        )


class ApplicantForm(Form):
    """Somebody who has a card already and asks at the desk to join."""

    card = CardField(
        label=_("Numero di carta"),
        help_text=_("13 cifre che cominciano per 29."),
    )
    applied_on = DayField(label=_("Giorno della domanda"))


class NewcomerForm(Form):
    """Somebody whom the community does not know yet and who asks at the desk to join."""

    beside = {
        "day-in-future": "applied_on",
        "email-already-there": "email",
        "tax-code-taken": "tax_code",
    }

    first_name = NameField(label=_("Nome"), max_length=100, error_messages=_NAME_NEEDED)
    last_name = NameField(label=_("Cognome"), max_length=100, error_messages=_SURNAME_NEEDED)
    tax_code = CodeField(
        label=_("Codice fiscale"),
        max_length=20,
        required=False,
        clean_code=identifiers.clean_person_tax_code,
        help_text=_("Serve per il libro soci. Se non lo ha con sé, basta la data di nascita."),
    )
    born_on = DayField(label=_("Data di nascita"), required=False)
    phone = forms.CharField(
        label=_("Telefono"),
        max_length=30,
        required=False,
        help_text=_("Un recapito serve: telefono, e-mail oppure indirizzo."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "Con questa la persona entrerà, appena un’altra persona della cooperativa la conferma."
        ),
    )
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)
    municipality = MunicipalityField(help_text=_("Nome e provincia, per esempio Cles (TN)."))
    applied_on = DayField(label=_("Giorno della domanda"))

    def person(self) -> PersonIn:
        """Return the person without the day of the application."""
        return PersonIn(
            **{name: value for name, value in self.cleaned_data.items() if name != "applied_on"}
        )
