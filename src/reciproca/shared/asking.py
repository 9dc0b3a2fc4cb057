"""What every form of the house is made of: an answer that cannot be used is told what to do."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

SENTENCES: tuple[tuple[object, Promise], ...] = (
    (
        validators.MaxLengthValidator.message,
        _("Accorcia: qui stanno %(limit_value)s caratteri, e ora sono %(show_value)s."),
    ),
    (
        validators.MinLengthValidator.message,
        _("Allunga: servono almeno %(limit_value)s caratteri, e ora sono %(show_value)s."),
    ),
    (validators.MaxValueValidator.message, _("Scrivi un numero fino a %(limit_value)s.")),
    (validators.MinValueValidator.message, _("Scrivi un numero da %(limit_value)s in su.")),
    (
        validators.ProhibitNullCharactersValidator.message,
        _("Riscrivi a mano questa risposta: c’è un carattere che non si può usare."),
    ),
    (
        validators.EmailValidator.message,
        _("Scrivi l’e-mail per intero, per esempio nome@esempio.it."),
    ),
    (forms.IntegerField.default_error_messages["invalid"], _("Scrivi un numero intero, in cifre.")),
    (
        forms.ChoiceField.default_error_messages["invalid_choice"],
        _("Scegli una delle voci dell’elenco."),
    ),
    (
        forms.FileField.default_error_messages["invalid"],
        _("Non è arrivato nessun file: sceglilo di nuovo."),
    ),
    (
        forms.FileField.default_error_messages["missing"],
        _("Non è arrivato nessun file: sceglilo di nuovo."),
    ),
    (
        forms.FileField.default_error_messages["empty"],
        _("Il file è vuoto: scegline un altro."),
    ),
    (
        forms.FileField.default_error_messages["max_length"],
        _("Rinomina il file: il nome può avere %(max)s caratteri, e ora sono %(length)s."),
    ),
)
"""
What Django says of any field, and what we say in its place.

What is missing has no general sentence: only a field's own words can say what to write there.
"""

_OURS = {id(theirs): ours for theirs, ours in SENTENCES}


class OwnWords:
    """
    Makes a form of anybody's speak in our words, and keep what was typed.

    `missing` says, by the name of a field, what to write where nothing was: for the fields that
    others made, which have no such words of their own.
    """

    missing: ClassVar[Mapping[str, str | Promise]] = {}

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error as Django does, once its sentences are ours."""
        for each in getattr(error, "error_list", ()):
            if field is not None and each.code == "required" and field in self.missing:
                each.message = self.missing[field]
            each.message = _OURS.get(id(each.message), each.message)
        super().add_error(field, error)  # type: ignore[misc]


class Form(OwnWords, forms.Form):
    """
    The form that a page of ours asks with; `tests/test_forms.py` reads all its sentences.

    `beside` says next to which field a refusal of an action stands, by the refusal's code.
    """

    beside: ClassVar[Mapping[str, str]] = {}

    def refuse(self, refusal: DomainError) -> None:
        """
        Add what an action refused, beside its field if it has one, else above the whole form.

        A refusal that may be about several fields names its own in `figure`.
        """
        field = refusal.params.get("figure") or self.beside.get(refusal.code)
        self.add_error(str(field) if field in self.fields else None, str(refusal))


def small_enough(file: "UploadedFile[Any] | None", most_bytes: int) -> "UploadedFile[Any] | None":
    """
    Return a file that may be read into memory.

    Raises: ValidationError.
    """
    if file is not None and (file.size or 0) > most_bytes:
        raise ValidationError(
            _("Questo file supera %(mb)s MB: salvalo in forma più leggera e riprova."),
            code="file-too-large",
            params={"mb": most_bytes // (1024 * 1024)},
        )
    return file


class KeyField(forms.UUIDField):
    """The hidden number that makes a form sent twice one act; one that is spoilt is made anew."""

    default_error_messages = dict.fromkeys(
        ("required", "invalid"),
        _("Mandala di nuovo: era arrivata a metà, e quello che hai scritto è ancora qui."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": _("Questa pagina"), "widget": forms.HiddenInput, "initial": uuid4, **kwargs}
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the number that came, for the page to send again; a new one if it is none."""
        try:
            return str(UUID(data))
        except (TypeError, ValueError):
            return initial
