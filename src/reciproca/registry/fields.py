"""Form fields that understand codes, places and people as one writes them."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reciproca.registry.card_codes import PIN_DIGITS
from reciproca.registry.places import find_municipality
from reciproca.registry.rules import check_name
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import clean_card_number
from reciproca.shared.money import format_cents, format_fraction, parse_cents, parse_fraction

ALL_BP = 10_000
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*%", re.ASCII)
_WITH_PROVINCE = re.compile(r"(?P<name>.+?)\s*[(,]\s*(?P<province>[^()]+?)\s*\)?\s*")


class CodeField(forms.CharField):
    """A code that is checked before it is kept; `clean_code` returns it as it is stored."""

    def __init__(self, *, clean_code: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clean_code = clean_code

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return self.clean_code(text)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class CardField(CodeField):
    """The number of a card, as one copies it from paper."""

    default_error_messages = {"required": _("Scrivi le 13 cifre della carta.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(
            **{"clean_code": clean_card_number, "max_length": 30, "widget": widget, **kwargs}
        )


class NameField(forms.CharField):
    """What somebody or something is called, with at least so many letters or digits."""

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        try:
            check_name(name, least=self.least)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        return name


class MunicipalityField(forms.CharField):
    """A municipality by its name, and its province where two share one; cleans to its code."""

    default_error_messages = {
        "unknown": _(
            "Non troviamo questo comune: scrivine il nome e la provincia, per esempio Cles (TN)."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Comune"), "max_length": 120, "required": False, **kwargs})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value).strip()
        if not text:
            return ""
        parts = _WITH_PROVINCE.fullmatch(text)
        name, province = (parts["name"], parts["province"]) if parts else (text, None)
        found = find_municipality(name=name, province=province)
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="municipality-unknown")
        return found.istat_code


class EuroField(forms.CharField):
    """An amount of euro as one writes it; cleans to whole cents."""

    default_error_messages = {"required": _("Scrivi l’importo, per esempio 25,00.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "money", "autocomplete": "off"}
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return format_cents(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        if not text:
            return None
        try:
            return parse_cents(text=text)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class PercentField(forms.CharField):
    """A percentage from 0 to 100 as one writes it, two decimals; cleans to basis points."""

    default_error_messages = {
        "required": _("Scrivi la percentuale, per esempio 4 oppure 2,5."),
        "unreadable": _("Scrivi la percentuale in cifre, per esempio 4 oppure 2,5."),
        "range": _("Scrivi una percentuale fra 0 e 100."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "money", "autocomplete": "off"}
        super().__init__(**{"max_length": 12, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        # A basis point is a hundredth of a percent, as a cent is of a euro.
        return format_cents(value).removesuffix(",00") if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        text = str(super().clean(value)).replace("%", "").strip()
        if not (text or self.required):
            return 0
        try:
            share_bp = parse_cents(text=text.replace(".", ","))
        except DomainError as refusal:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from refusal
        if not 0 <= share_bp <= ALL_BP:
            raise ValidationError(self.error_messages["range"], code="range")
        return share_bp


class ShareField(forms.CharField):
    """A share as `2/5` or `40%`; cleans to the exact fraction as text, or to nothing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "short", "autocomplete": "off"})
        super().__init__(**{"max_length": 20, "widget": widget, "required": False, **kwargs})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        if percent := _PERCENT.fullmatch(text):
            whole, decimals = percent[1], percent[2] or ""
            return format_fraction(Fraction(int(whole + decimals), 100 * 10 ** len(decimals)))
        try:
            return format_fraction(parse_fraction(text))
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar; a year that nobody means is refused."""

    default_error_messages = {
        "year": _("Controlla l’anno: scrivine uno fra il 1900 e il 2199."),
        "required": _("Scegli il giorno."),
        "invalid": _("Scegli un giorno che esiste."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "date", "class": "short", "min": "1900-01-01", "max": "2199-12-31"}
        widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
        super().__init__(**{"widget": widget, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not 1900 <= value.year <= 2199:
            raise ValidationError(self.error_messages["year"], code="year")


class PinField(forms.CharField):
    """Five digits that nobody reads over a shoulder."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "maxlength": PIN_DIGITS,
            "class": "pin",
        }
        missing = {"required": _("Scrivi cinque cifre.")}
        widget = forms.PasswordInput(attrs=attrs)
        super().__init__(**{"widget": widget, "error_messages": missing, **kwargs})


class ProofField(PinField):
    """The card's PIN, or the code that a phone shows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = 40
