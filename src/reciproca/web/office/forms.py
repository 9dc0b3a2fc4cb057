"""What is asked at a desk."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import MunicipalityField, ProofField
from reciproca.registry.forms import PersonIn
from reciproca.registry.queries import PersonPage
from reciproca.shared.asking import Form
from reciproca.web.member.gift_form import GiftForm
from reciproca.web.pin_form import PinForm

YEARS = 3


class ContactForm(Form):
    """
    How somebody is reached. Names, codes and the bank account are not changed at a desk.

    The e-mail address is asked only where there is none, of who may give one: whoever reads it can
    come in as this person.
    """

    phone = forms.CharField(
        label=_("Telefono"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)
    municipality = MunicipalityField(help_text=_("Nome e provincia, per esempio Cles (TN)."))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "Con questa la persona entrerà, appena un’altra persona della cooperativa la conferma."
        ),
    )

    def __init__(
        self, data: Any = None, *, known: PersonPage, may_give_email: bool, **kwargs: Any
    ) -> None:
        now = {
            "phone": known.phone,
            "address": known.address,
            "municipality": known.municipality_name,
        }
        super().__init__(data, initial=now, **kwargs)
        self.known = known
        if not may_give_email:
            del self.fields["email"]

    def person(self) -> PersonIn:
        """Return the person with what was changed; the rest stays as it is known."""
        known = self.known
        unchanged = PersonIn(
            first_name=known.first_name,
            last_name=known.last_name,
            name=known.name,
            tax_code=known.tax_code,
            born_on=known.born_on,
            email=known.email,
            iban=known.iban,
        )
        changed = {name: self.cleaned_data[name] for name in ("phone", "address", "municipality")}
        return replace(unchanged, **changed)


class LongSelect(forms.Select):
    """A choice among thousands, drawn in one go: Django takes a template for each option."""

    template_name = "web/long_select.html"


class ApplicationForm(Form):
    """Which other cooperative somebody asks to join."""

    cooperative = forms.TypedChoiceField(
        label=_("Quale cooperativa"),
        coerce=UUID,
        widget=LongSelect,
        error_messages={"required": _("Scegli una cooperativa.")},
    )

    def __init__(self, *args: Any, cooperatives: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["cooperative"]
        assert isinstance(chosen, forms.TypedChoiceField)
        chosen.choices = [("", _("Scegli")), *cooperatives]


class DeskGiftForm(GiftForm):
    """A gift, with what proves that its giver is there."""

    pin = ProofField(label=_("Il PIN di chi dona, o il codice del telefono"))


class DeskPinForm(PinForm):
    """A new PIN, and what proves that its holder is there or, failing that, the signed form."""

    proof = ProofField(
        label=_("Il PIN di adesso, o il codice del telefono"),
        required=False,
        help_text=_("Con questo il nuovo PIN vale subito."),
    )
    paper = forms.CharField(
        label=_("Numero del modulo firmato"),
        max_length=40,
        required=False,
        help_text=_(
            "Se la persona non ha né PIN né telefono: firma un modulo, e una seconda persona della"
            " cooperativa conferma. Fino ad allora la carta raccoglie il ritorno e non lo spende."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # The text field stands last: before a password browsers take it for a name to sign in with.
    field_order = ("proof", "pin", "again", "paper")


class StatementForm(Form):
    """Which year's statement to print: this one, or one of the two before."""

    year = forms.TypedChoiceField(
        label=_("Anno"), coerce=int, error_messages={"required": _("Scegli l’anno.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        chosen = self.fields["year"]
        assert isinstance(chosen, forms.TypedChoiceField)
        chosen.choices = [(str(year), str(year)) for year in range(this, this - YEARS, -1)]
