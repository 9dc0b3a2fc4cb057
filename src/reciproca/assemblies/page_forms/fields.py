"""The fields that several pages of this room ask with."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.forms import PdfIn
from reciproca.shared.asking import small_enough
from reciproca.shared.errors import DomainError
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES
from reciproca.shared.money import parse_fraction

PICK = {"required": _("Scegli una voce dell’elenco.")}


class ShareField(forms.CharField):
    """A share written as a fraction; cleans to an exact one."""

    default_error_messages = {"required": _("Scrivi una frazione, per esempio 1/2.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "short", "autocomplete": "off"}
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        if not text:
            return None
        try:
            return parse_fraction(text)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class HourField(forms.TimeField):
    """An hour of the day, as the browser asks for it."""

    default_error_messages = {
        "required": _("Scrivi l’ora, per esempio 18:00."),
        "invalid": _("Scrivi l’ora con due cifre e due cifre, per esempio 18:00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})
        super().__init__(**{"widget": widget, **kwargs})


class PdfField(forms.FileField):
    """A PDF, no larger than a document may be."""

    default_error_messages = {"required": _("Scegli il PDF da allegare.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
        super().__init__(**{"max_length": 200, "widget": widget, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        return small_enough(super().clean(data, initial), LARGEST_DOCUMENT_BYTES)


def pdf_of(file: "UploadedFile[Any] | None") -> PdfIn | None:
    """Return a PDF that was handed in, None without one."""
    return PdfIn(file.name or "", file.read()) if file else None
