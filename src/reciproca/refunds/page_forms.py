"""What the pages of a cooperative's year ask."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from reciproca.refunds.forms import AccountsIn, ResolutionIn
from reciproca.refunds.models import Accounting, AnnualAccounts
from reciproca.registry.fields import DayField, EuroField, PercentField
from reciproca.shared.asking import Form, small_enough
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES

LARGEST_SHEET_BYTES = 5 * 1024 * 1024
AMOUNT_NEEDED = {"required": _("Scrivi l’importo; zero se non c’è.")}


class AccountsForm(Form):
    """The approved accounts of a year, and how the refund is paid."""

    beside = {
        "rate-refused": "postal_bond_rate_bp",
        "share-value-refused": "share_value_cents",
        "shares-above-all": "capital_share_bp",
    }

    net_profit_cents = EuroField(
        error_messages=AMOUNT_NEEDED,
        label=_("Utile dell’esercizio"),
        help_text=_("Come nel bilancio approvato; una perdita con il meno davanti."),
    )
    member_surplus_cents = EuroField(
        error_messages=AMOUNT_NEEDED,
        label=_("Avanzo degli scambi con i soci"),
        help_text=_("La parte dell’avanzo che viene dai soci: il ristorno non può superarla."),
    )
    refund_proposed_cents = EuroField(
        error_messages=AMOUNT_NEEDED,
        label=_("Ristorno deliberato"),
        help_text=_("Zero se quest’anno non si ristorna."),
    )
    refund_accounting = forms.ChoiceField(
        label=_("Come è registrato il ristorno"),
        choices=[
            (Accounting.APPROPRIATION.value, _("Destinazione dell’utile")),
            (Accounting.COST.value, _("Costo dell’esercizio")),
        ],
        error_messages={"required": _("Scegli come è registrato il ristorno.")},
        help_text=_("Se è un costo, l’utile scritto sopra è quello prima del ristorno."),
    )
    paid_up_capital_cents = EuroField(label=_("Capitale versato"), error_messages=AMOUNT_NEEDED)
    dividend_proposed_cents = EuroField(
        label=_("Dividendo deliberato"), required=False, help_text=_("Vuoto se non c’è.")
    )
    postal_bond_rate_bp = PercentField(
        label=_("Tasso massimo dei buoni postali"),
        required=False,
        help_text=_("Decide il tetto del dividendo."),
    )
    net_equity_cents = EuroField(label=_("Patrimonio netto"), error_messages=AMOUNT_NEEDED)
    total_debt_cents = EuroField(label=_("Debiti totali"), error_messages=AMOUNT_NEEDED)
    cash_share_bp = PercentField(
        label=_("In denaro"),
        required=False,
        help_text=_("Quanta parte di ogni ristorno va sul conto del socio."),
    )
    capital_share_bp = PercentField(
        label=_("In capitale"),
        required=False,
        help_text=_("Quanta parte diventa quote intere; ciò che resta è credito da spendere."),
    )
    share_value_cents = EuroField(label=_("Valore di una quota"), error_messages=AMOUNT_NEEDED)

    def __init__(
        self, data: QueryDict | None = None, *, accounts: AnnualAccounts | None = None
    ) -> None:
        known = {name: getattr(accounts, name) for name in self.base_fields} if accounts else {}
        super().__init__(data, initial=known or {"share_value_cents": 2_500})

    def figures(self) -> AccountsIn:
        """Return what was written."""
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return AccountsIn(**given)


class ResolutionForm(Form):
    """The assembly's resolution that approved accounts and refund."""

    beside = {
        "document-empty": "minutes",
        "document-not-pdf": "minutes",
        "document-too-large": "minutes",
        "resolution-already-recorded": "protocol_number",
        "resolution-in-future": "adopted_on",
        "resolution-too-early": "adopted_on",
    }

    adopted_on = DayField(label=_("Giorno dell’assemblea"))
    protocol_number = forms.CharField(
        label=_("Numero di protocollo"),
        max_length=60,
        error_messages={"required": _("Scrivi il numero di protocollo del verbale.")},
        help_text=_("Quello del verbale, per esempio 12/2026."),
    )
    minutes = forms.FileField(
        label=_("Verbale"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        accounts: AnnualAccounts,
    ) -> None:
        known = accounts.resolution
        initial = (
            {"adopted_on": known.adopted_on, "protocol_number": known.protocol_number}
            if known
            else {"adopted_on": timezone.localdate()}
        )
        super().__init__(data, files, initial=initial)
        if known and known.document_id:
            self.fields["minutes"].help_text = _("C’è già: non serve caricarlo di nuovo.")

    def clean_minutes(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is too large before it is read into memory."""
        return small_enough(self.cleaned_data["minutes"], LARGEST_DOCUMENT_BYTES)

    def resolution(self) -> ResolutionIn:
        """Return what was written, the minutes as bytes."""
        minutes = self.cleaned_data["minutes"]
        return ResolutionIn(
            adopted_on=self.cleaned_data["adopted_on"],
            protocol_number=self.cleaned_data["protocol_number"],
            document_name=minutes.name if minutes else "",
            document=minutes.read() if minutes else b"",
        )


class ClaimsForm(Form):
    """The sheet of what workers or contributors exchanged."""

    sheet = forms.FileField(
        label=_("Foglio dei soci"),
        error_messages={"required": _("Scegli il foglio da leggere.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_sheet(self) -> "UploadedFile[Any]":
        """Refuse a file that is too large."""
        sheet = small_enough(self.cleaned_data["sheet"], LARGEST_SHEET_BYTES)
        assert sheet is not None
        return sheet


class CashForm(Form):
    """The bank's reference of a file of cash refunds."""

    beside = {"paid-in-future": "paid_on", "reference-missing": "bank_reference"}

    bank_reference = forms.CharField(
        label=_("Riferimento della banca"),
        max_length=60,
        error_messages={"required": _("Scrivi il riferimento della banca.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    paid_on = DayField(label=_("Giorno del pagamento"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"paid_on": timezone.localdate()})
