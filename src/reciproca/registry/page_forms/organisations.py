"""What an organisation, a fund and the community itself are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.registry.accounts import AccessForm
from reciproca.registry.fields import (
    CodeField,
    MunicipalityField,
    NameField,
)
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import Category, MutualExchange, Mutuality, NodeKind, Sector
from reciproca.registry.rules import LETTERS_OF_ORGANISATION, clean_register_number, clean_sdi_code
from reciproca.shared import identifiers
from reciproca.shared.asking import Form

_KIND_NEEDED = {"required": _("Scegli che cos’è.")}
_NAME_NEEDED = {"required": _("Scrivi il nome.")}
_NOTHING = [("", _("Non indicato"))]
_ORGANISATIONS = [
    (kind.value, kind.label)
    for kind in (NodeKind.COOPERATIVE, NodeKind.COMPANY, NodeKind.PURCHASING_GROUP)
]
_HELD = [(kind.value, kind.label) for kind in (NodeKind.FUND, NodeKind.POOL, NodeKind.PROJECT)]


class OpeningForm(Form):
    """What opens a community; the terminal asks it, for no page can be used before."""

    community = NameField(
        least=LETTERS_OF_ORGANISATION,
        label=_("Nome della comunità"),
        max_length=120,
        error_messages={"required": _("Scrivi il nome della comunità.")},
    )
    federation = NameField(
        least=LETTERS_OF_ORGANISATION,
        label=_("Nome della federazione"),
        max_length=200,
        error_messages={"required": _("Scrivi il nome della federazione.")},
    )
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
    first_name = NameField(
        label=_("Nome di chi la guida"),
        max_length=100,
        error_messages={"required": _("Scrivi il nome di chi la guida.")},
    )
    last_name = NameField(
        label=_("Cognome di chi la guida"),
        max_length=100,
        error_messages={"required": _("Scrivi il cognome di chi la guida.")},
    )
    email = forms.EmailField(
        label=_("E-mail di chi la guida"),
        help_text=_("Con questa entra per la prima volta."),
        error_messages={"required": _("Scrivi l’e-mail di chi la guida: senza non può entrare.")},
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
        error_messages={"required": _("Scrivi l’e-mail di chi la guida: senza non può entrare.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class OrganisationForm(Form):
    """An organisation's entry. The kind is asked only of a new one."""

    beside = {"tax-code-taken": "tax_code"}

    kind = forms.ChoiceField(
        label=_("Che cos’è"), choices=_ORGANISATIONS, error_messages=_KIND_NEEDED
    )
    name = NameField(
        least=LETTERS_OF_ORGANISATION,
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
    sector = forms.ChoiceField(
        label=_("Settore"),
        choices=Sector.choices,
        error_messages={"required": _("Scegli il settore.")},
    )
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
    register_number = CodeField(
        label=_("Numero dell’albo"),
        max_length=12,
        required=False,
        clean_code=clean_register_number,
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
    sdi_code = CodeField(
        label=_("Codice destinatario SDI"),
        max_length=7,
        required=False,
        clean_code=clean_sdi_code,
    )
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


class FundForm(Form):
    """A fund, a pool or a project to create."""

    kind = forms.ChoiceField(label=_("Che cos’è"), choices=_HELD, error_messages=_KIND_NEEDED)
    name = NameField(
        least=LETTERS_OF_ORGANISATION, label=_("Nome"), max_length=200, error_messages=_NAME_NEEDED
    )
    description = forms.CharField(
        label=_("A che cosa serve"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    municipality = MunicipalityField(help_text=_("Se riguarda un luogo."))
