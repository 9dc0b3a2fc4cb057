"""What the pages of the market ask."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from reciproca.market.forms import OfferIn, PhotoIn, PickupIn
from reciproca.market.models import Offer, PickupPoint
from reciproca.market.quantities import quantity_words, read_quantity
from reciproca.market.queries import OrderRow
from reciproca.market.rules import WHOLE
from reciproca.market.vocabulary import Allergen, Category, Kind, Unit
from reciproca.registry.fields import DayField, EuroField, MunicipalityField
from reciproca.registry.places import municipalities_by_code
from reciproca.shared.asking import Form, KeyField, small_enough
from reciproca.shared.errors import DomainError
from reciproca.shared.photos import LARGEST_PHOTO_BYTES

Files = MultiValueDict[str, UploadedFile[Any]]

_LONG = forms.Textarea(attrs={"rows": 4})


class QuantityField(forms.CharField):
    """A quantity as one writes it, three decimals at most; cleans to thousandths of the unit."""

    default_error_messages = {"required": _("Scrivi quanto, per esempio 2 oppure 1,5.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "money", "autocomplete": "off"}
        super().__init__(**{"max_length": 12, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return quantity_words(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        if not text:
            return None
        try:
            return read_quantity(text)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class OfferForm(Form):
    """What a seller offers or looks for."""

    beside = {
        "title-missing": "title",
        "price-missing": "price_cents",
        "pickup-missing": "pickup_id",
        "ean-refused": "ean",
        "already-offered": "ean",
        "step-refused": "step_milli",
        "terms-missing": "member_terms",
        "photo-unreadable": "photo",
        "photo-too-large": "photo",
    }

    key = KeyField()
    kind = forms.ChoiceField(
        label=_("Che cosa metti al mercato"),
        choices=Kind.choices,
        initial=Kind.GOODS,
        error_messages={"required": _("Scegli se offri o cerchi.")},
    )
    title = forms.CharField(
        label=_("Nome"),
        max_length=120,
        required=False,
        help_text=_("Se lasci vuoto e scrivi il codice a barre, lo prendiamo dal catalogo comune."),
    )
    category = forms.ChoiceField(
        label=_("Categoria"),
        choices=Category.choices,
        error_messages={"required": _("Scegli la categoria.")},
    )
    text = forms.CharField(label=_("Descrizione"), max_length=4_000, required=False, widget=_LONG)
    ean = forms.CharField(label=_("Codice a barre (EAN)"), max_length=20, required=False)
    price_cents = EuroField(
        label=_("Prezzo"), required=False, help_text=_("Per un’unità, IVA compresa.")
    )
    unit = forms.ChoiceField(
        label=_("Unità"),
        choices=Unit.choices,
        error_messages={"required": _("Scegli l’unità.")},
    )
    pack = forms.CharField(
        label=_("Confezione"),
        max_length=40,
        required=False,
        help_text=_("Per esempio: vaso da 250 g."),
    )
    step_milli = QuantityField(
        label=_("Si vende a multipli di"),
        initial=WHOLE,
        help_text=_("A peso può essere meno di uno: 0,5 è mezzo chilo."),
    )
    stock_milli = QuantityField(
        label=_("Quanto ce n’è"), required=False, help_text=_("Lascia vuoto se non finisce.")
    )
    pickup_id = forms.TypedChoiceField(
        label=_("Dove si ritira"), coerce=UUID, empty_value=None, required=False
    )
    grown_in = MunicipalityField(
        label=_("Dove è coltivato o allevato"),
        help_text=_("Comune e provincia, per esempio Cles (TN). Serve per il chilometro zero."),
    )
    processed_in = MunicipalityField(
        label=_("Dove è lavorato"), help_text=_("Lascia vuoto se non è lavorato.")
    )
    allergens = forms.MultipleChoiceField(
        label=_("Contiene"),
        choices=Allergen.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("invalid_list", "invalid_choice"), _("Scegli fra gli allergeni dell’elenco.")
        ),
    )
    member_terms = forms.CharField(
        label=_("Per una convenzione: che cosa ottiene chi aderisce"),
        max_length=300,
        required=False,
    )
    contribution_cents = EuroField(
        label=_("Per una convenzione: quanto va ogni anno al fondo comune"), required=False
    )
    valid_until = DayField(label=_("Vale fino a"), required=False)
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(label=_("Che cosa si vede nella foto"), max_length=200, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        pickups: Sequence[PickupPoint],
        offer: Offer | None = None,
    ) -> None:
        super().__init__(data, files, initial=_said(offer) if offer else None)
        places = [("", "–"), *((str(each.id), each.name) for each in pickups)]
        self.fields["pickup_id"].choices = places  # type: ignore[attr-defined]
        if offer is None and len(pickups) == 1:
            self.initial["pickup_id"] = str(pickups[0].id)

    def clean(self) -> dict[str, Any]:
        """Refuse what can be told from the form alone."""
        told = self.cleaned_data
        if told.get("step_milli") == 0:
            self.add_error("step_milli", _("Scrivi una quantità più grande di zero."))
        over = told.get("valid_until")
        if over and over < timezone.localdate():
            self.add_error("valid_until", _("Quel giorno è già passato: scegline uno che viene."))
        try:
            small_enough(told.get("photo"), LARGEST_PHOTO_BYTES)
        except ValidationError as refusal:
            self.add_error("photo", refusal)
        if told.get("photo") and not told.get("alt"):
            self.add_error("alt", _("Scrivi che cosa si vede, per chi la foto non la può vedere."))
        return told

    def offer(self, *, seller_id: UUID) -> OfferIn:
        """Return what was written."""
        told = dict(self.cleaned_data)
        for name in ("photo", "alt"):
            told.pop(name)
        return OfferIn(seller_id=seller_id, **told)

    def photo_in(self) -> PhotoIn | None:
        """Return the photo that was chosen, None if none was."""
        file = self.cleaned_data["photo"]
        return PhotoIn(file.read(), self.cleaned_data["alt"]) if file else None

    def field_list(self) -> list[forms.BoundField]:
        """Return the fields above the photo, in their order."""
        apart = ("photo", "alt")
        return [field for field in self.visible_fields() if field.name not in apart]


class PickupForm(Form):
    """Where a seller hands over."""

    name = forms.CharField(
        label=_("Come si chiama"),
        max_length=80,
        error_messages={"required": _("Dagli un nome, per esempio Bottega.")},
    )
    address = forms.CharField(
        label=_("Indirizzo"),
        max_length=200,
        error_messages={"required": _("Scrivi via e numero.")},
    )
    municipality = MunicipalityField(
        required=True,
        help_text=_("Nome e provincia, per esempio Cles (TN)."),
        error_messages={"required": _("Scrivi il comune.")},
    )
    hours = forms.CharField(
        label=_("Quando si ritira"),
        max_length=200,
        help_text=_("Per esempio: da lunedì a sabato, 8–12."),
        error_messages={"required": _("Scrivi i giorni e le ore.")},
    )

    def pickup(self) -> PickupIn:
        """Return what was written."""
        return PickupIn(**self.cleaned_data)


class ComplaintForm(Form):
    """What is wrong with an offer."""

    beside = {"complaint-empty": "text"}

    key = KeyField()
    text = forms.CharField(
        label=_("Che cosa non va"),
        max_length=1_000,
        widget=_LONG,
        error_messages={"required": _("Scrivi che cosa non va: lo legge la federazione.")},
    )


class ModerationForm(Form):
    """What an officer decides of a complaint."""

    beside = {"answer-missing": "answer"}

    hides = forms.ChoiceField(
        label=_("Che cosa si decide"),
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("Scegli se togliere l’offerta o lasciarla.")},
    )
    answer = forms.CharField(
        label=_("Perché"),
        max_length=300,
        help_text=_("Lo leggono chi ha segnalato e chi offre."),
        error_messages={"required": _("Scrivi perché: lo leggono tutti e due.")},
    )

    def __init__(self, data: QueryDict | None = None, *, complaint_id: UUID) -> None:
        # Several stand on one page.
        super().__init__(data, auto_id=f"{complaint_id}_%s")


class CartForm(Form):
    """How much of an offer somebody means to order; zero takes it out of the cart."""

    beside = {"quantity-refused": "quantity_milli", "cart-too-long": "quantity_milli"}

    quantity_milli = QuantityField(label=_("Quanto"))


class ConfirmationForm(Form):
    """The confirmation of a cart; `seen` names it as it was shown."""

    key = KeyField()
    seen = forms.CharField(
        label=_("Il carrello"),
        max_length=64,
        error_messages={"required": _("Ricarica il carrello e conferma di nuovo.")},
    )
    uses_credit = forms.BooleanField(label=_("Usa i miei crediti"), required=False)


class HandoverForm(Form):
    """What is handed over of each line of an order: as ordered, unless one writes less."""

    def __init__(self, data: QueryDict | None = None, *, order: OrderRow) -> None:
        super().__init__(data)
        self.order = order
        for line in order.lines:
            self.fields[f"line_{line.position}"] = QuantityField(
                label=line.title,
                initial=line.quantity_milli,
                help_text=_("Ordinati: %(quantity)s %(unit)s. Zero se manca.")
                % {"quantity": quantity_words(line.quantity_milli), "unit": line.unit_title},
            )

    def delivered(self) -> dict[int, int]:
        """Return what was written, by the position of each line."""
        told = self.cleaned_data
        return {line.position: told[f"line_{line.position}"] for line in self.order.lines}


class CancellationForm(Form):
    """Why an order is cancelled: a seller says it, a buyer need not."""

    beside = {"reason-missing": "reason"}

    reason = forms.CharField(label=_("Perché"), max_length=300, required=False)


class MessageForm(Form):
    """What is written to the other side of an order."""

    key = KeyField()
    text = forms.CharField(
        label=_("Scrivi"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Scrivi qualcosa.")},
    )


def _said(offer: Offer) -> dict[str, Any]:
    """Return what the form of an offer begins with."""
    names = (
        *("key", "kind", "title", "category", "text", "ean", "price_cents", "unit", "pack"),
        *("step_milli", "stock_milli", "allergens", "member_terms", "contribution_cents"),
        *("valid_until",),
    )
    known = municipalities_by_code()
    places = {
        "grown_in": str(known[offer.grown_in_id]) if offer.grown_in_id else "",
        "processed_in": str(known[offer.processed_in_id]) if offer.processed_in_id else "",
    }
    pickup = str(offer.pickup_id) if offer.pickup_id else ""
    return {**{name: getattr(offer, name) for name in names}, **places, "pickup_id": pickup}
