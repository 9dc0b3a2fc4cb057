"""What the registry's pages ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.accounts import AccessForm
from reciproca.registry.fields import CodeField, DayField, EuroField, MunicipalityField
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import Category, MutualExchange, Mutuality, NodeKind, Role, Sector
from reciproca.registry.queries import PersonPage
from reciproca.shared import identifiers

_NAME_NEEDED = {"required": _("Scrivi il nome.")}
_SURNAME_NEEDED = {"required": _("Scrivi il cognome.")}
_CARD_NEEDED = {"required": _("Scrivi le 13 cifre della carta.")}

_NOTHING = [("", _("Non indicato"))]
_ORGANISATIONS = [
    (kind.value, kind.label)
    for kind in (NodeKind.COOPERATIVE, NodeKind.COMPANY, NodeKind.PURCHASING_GROUP)
]
_HELD = [(kind.value, kind.label) for kind in (NodeKind.FUND, NodeKind.POOL, NodeKind.PROJECT)]


class OpeningForm(forms.Form):
    """What opens a community; the terminal asks it, for no page can be used before."""

    community = forms.CharField(label=_("Nome della comunità"), max_length=120)
    federation = forms.CharField(label=_("Nome della federazione"), max_length=200)
    tax_code = CodeField(
        label=_("Codice fiscale della federazione"),
        max_length=20,
        required=False,
        clean_code=identifiers.clean_tax_code,
    )
    municipality = MunicipalityField(
        label=_("Comune della federazione"),
        help_text=_("Nome e provincia, per esempio Cles (TN)."),
    )
    first_name = forms.CharField(label=_("Nome di chi la guida"), max_length=100)
    last_name = forms.CharField(label=_("Cognome di chi la guida"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail di chi la guida"), help_text=_("Con questa entra per la prima volta.")
    )

    def opening(self) -> tuple[str, OrganisationIn, PersonIn]:
        """Return the community's name, its federation and its first officer."""
        told = self.cleaned_data
        return (
            told["community"],
            OrganisationIn(
                name=told["federation"],
                tax_code=told["tax_code"],
                municipality=told["municipality"],
            ),
            PersonIn(
                first_name=told["first_name"], last_name=told["last_name"], email=told["email"]
            ),
        )


class OpeningPageForm(OpeningForm, AccessForm):
    """What opens a community on its page, where the first officer comes in at once."""

    field_order = (*OpeningForm.base_fields, "password")

    email = forms.EmailField(
        label=_("E-mail di chi la guida"),
        help_text=_("Con questa entrerà sempre."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DetailsForm(forms.Form):
    """What a person may change of their own entry."""

    first_name = forms.CharField(
        label=_("Nome"),
        max_length=100,
        error_messages=_NAME_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
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


class OrganisationForm(forms.Form):
    """An organisation's entry. The kind is asked only of a new one."""

    kind = forms.ChoiceField(label=_("Che cos’è"), choices=_ORGANISATIONS)
    name = forms.CharField(
        label=_("Nome"),
        max_length=200,
        error_messages=_NAME_NEEDED,
        help_text=_("Come la chiamano le persone."),
    )
    legal_name = forms.CharField(label=_("Ragione sociale"), max_length=250, required=False)
    description = forms.CharField(
        label=_("Che cosa fa"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sector = forms.ChoiceField(label=_("Settore"), choices=Sector.choices)
    category = forms.ChoiceField(
        label=_("Categoria dell’albo"), choices=_NOTHING + Category.choices, required=False
    )
    mutuality = forms.ChoiceField(
        label=_("Mutualità"), choices=_NOTHING + Mutuality.choices, required=False
    )
    mutual_exchange = forms.ChoiceField(
        label=_("Che cosa scambiano i soci"),
        choices=_NOTHING + MutualExchange.choices,
        required=False,
        help_text=_("Decide fin dove può arrivare il ristorno."),
    )
    register_number = forms.CharField(
        label=_("Numero dell’albo"),
        max_length=12,
        required=False,
        help_text=_("Per esempio A123456."),
    )
    tax_code = CodeField(
        label=_("Codice fiscale"),
        max_length=20,
        required=False,
        clean_code=identifiers.clean_tax_code,
    )
    vat_number = CodeField(
        label=_("Partita IVA"),
        max_length=20,
        required=False,
        clean_code=identifiers.clean_vat_number,
    )
    rea = CodeField(
        label=_("Numero REA"), max_length=14, required=False, clean_code=identifiers.clean_rea
    )
    ateco_code = CodeField(
        label=_("Codice ATECO"),
        max_length=8,
        required=False,
        clean_code=identifiers.clean_ateco,
        help_text=_("Per esempio 47.11.00."),
    )
    certified_email = forms.EmailField(label=_("PEC"), required=False)
    sdi_code = forms.CharField(label=_("Codice destinatario SDI"), max_length=7, required=False)
    municipality = MunicipalityField(help_text=_("Nome e provincia, per esempio Cles (TN)."))
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)
    iban = CodeField(
        label=_("IBAN"),
        max_length=42,
        required=False,
        clean_code=identifiers.clean_iban,
        help_text=_("Serve per pagare e ricevere le compensazioni."),
    )
    account_name = forms.CharField(
        label=_("Intestazione del conto"), max_length=140, required=False
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind:
            del self.fields["kind"]

    def organisation(self) -> OrganisationIn:
        """Return what was written."""
        return OrganisationIn(**self.cleaned_data)


class FundForm(forms.Form):
    """A fund, a pool or a project to create."""

    kind = forms.ChoiceField(label=_("Che cos’è"), choices=_HELD)
    name = forms.CharField(label=_("Nome"), max_length=200, error_messages=_NAME_NEEDED)
    description = forms.CharField(
        label=_("A che cosa serve"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    municipality = MunicipalityField(help_text=_("Se riguarda un luogo."))


class MandateForm(forms.Form):
    """Who may act for the organisation, as what and until when."""

    card = CodeField(
        label=_("Numero di carta della persona"),
        max_length=20,
        error_messages=_CARD_NEEDED,
        clean_code=identifiers.clean_card_number,
        help_text=_("Lo trova nel suo profilo: 13 cifre che cominciano per 29."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Incarico"), choices=Role.choices)
    starts_on = DayField(label=_("Dal giorno"))
    ends_on = DayField(
        label=_("Fino al giorno"), required=False, help_text=_("Vuoto se non ha una fine.")
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in Role if role.value in roles]
        self.fields["role"] = forms.ChoiceField(label=_("Incarico"), choices=choices)


class InviteForm(forms.Form):
    """Whom to invite, to act in which role."""

    invitee = forms.CharField(label=_("Chi inviti"), max_length=200, error_messages=_NAME_NEEDED)

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in Role if role.value in roles]
        self.fields["role"] = forms.ChoiceField(label=_("Incarico"), choices=choices)


class WelcomeForm(AccessForm):
    """What somebody writes who comes in by an invitation."""

    field_order = ("first_name", "last_name", "email", "password")
    first_name = forms.CharField(
        label=_("Nome"),
        max_length=100,
        error_messages=_NAME_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Cognome"),
        max_length=100,
        error_messages=_SURNAME_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class KeyForm(forms.Form):
    """A name for a new API key."""

    name = forms.CharField(
        label=_("A che cosa serve"),
        max_length=100,
        error_messages={"required": _("Scrivi a che cosa serve.")},
        help_text=_("Per esempio: cassa 2."),
    )


class StepForm(forms.Form):
    """The day of a step in the members' register, and the reason where one is due."""

    happened_on = DayField(label=_("Giorno"))
    note = forms.CharField(
        label=_("Motivo o estremi della delibera"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CapitalForm(forms.Form):
    """Share capital paid in or given back."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount_cents = EuroField(label=_("Importo"))
    happened_on = DayField(label=_("Giorno"))


class TransferForm(forms.Form):
    """A whole share that passes to the holder of a card."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    card = CodeField(
        label=_("Carta di chi riceve la quota"),
        max_length=20,
        error_messages=_CARD_NEEDED,
        clean_code=identifiers.clean_card_number,
        help_text=_("Chi non ne ha ancora una la riceve allo sportello, con una nuova domanda."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    asked_on = DayField(label=_("Giorno della richiesta al consiglio"))
    happened_on = DayField(label=_("Giorno della cessione"))
    authorisation = forms.CharField(
        label=_("Delibera che la autorizza"),
        max_length=200,
        required=False,
        help_text=_("Vuoto solo se il consiglio non ha risposto entro sessanta giorni."),
    )


class ApplicantForm(forms.Form):
    """Somebody who has a card already and asks at the desk to join."""

    card = CodeField(
        label=_("Numero di carta"),
        max_length=20,
        error_messages=_CARD_NEEDED,
        clean_code=identifiers.clean_card_number,
        help_text=_("13 cifre che cominciano per 29."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    applied_on = DayField(label=_("Giorno della domanda"))


class NewcomerForm(forms.Form):
    """Somebody whom the community does not know yet and who asks at the desk to join."""

    first_name = forms.CharField(label=_("Nome"), max_length=100, error_messages=_NAME_NEEDED)
    last_name = forms.CharField(label=_("Cognome"), max_length=100, error_messages=_SURNAME_NEEDED)
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
        help_text=_("Con questa la persona potrà entrare e vedere i propri dati."),
    )
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)
    municipality = MunicipalityField(help_text=_("Nome e provincia, per esempio Cles (TN)."))
    applied_on = DayField(label=_("Giorno della domanda"))

    def person(self) -> PersonIn:
        """Return the person without the day of the application."""
        return PersonIn(
            **{name: value for name, value in self.cleaned_data.items() if name != "applied_on"}
        )
