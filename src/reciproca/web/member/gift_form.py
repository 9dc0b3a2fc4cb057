"""What somebody types to give credit to a project."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import EuroField
from reciproca.registry.queries import HeldNode
from reciproca.shared.asking import Form
from reciproca.web.words import euro

FEW = 8
"""As many projects as one reads through without looking for one."""

_SWAPPED = str.maketrans(",.", ".,")
_POINT_FOR_DECIMALS = re.compile(r"[\d,]*\.\d{1,2}(?!\d)", re.ASCII)


class AnyMarkEuroField(EuroField):
    """An amount of euro with a comma or a point before the cents; cleans to whole cents."""

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        if _POINT_FOR_DECIMALS.search(text):
            text = text.translate(_SWAPPED)
        return super().clean(text)


class GiftForm(Form):
    """
    A project, an amount, and the key that makes a second sending the same gift.

    Cleans to `project` (its id), `amount` in whole cents and `key`. With `most_cents` more than
    that is refused here already; the action refuses it in any case.
    """

    project = forms.TypedChoiceField(
        label=_("A quale progetto"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Scegli un progetto."),
            "invalid_choice": _("Questo progetto non c’è più: scegline un altro."),
        },
    )
    amount = AnyMarkEuroField(
        label=_("Quanto doni"),
        error_messages={"required": _("Scrivi quanto vuoi donare, per esempio 5,00.")},
    )
    key = forms.CharField(
        label=_("Questa pagina"),
        max_length=100,
        widget=forms.HiddenInput,
        required=False,
        initial=uuid4,
    )

    def __init__(
        self, *args: Any, projects: Sequence[HeldNode], most_cents: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.most_cents = most_cents
        chosen = self.fields["project"]
        assert isinstance(chosen, forms.TypedChoiceField)
        chosen.choices = [(str(project.id), project.name) for project in projects]
        if most_cents is not None:
            most = {"most": euro(most_cents)}
            self.fields["amount"].help_text = _("Puoi donare fino a %(most)s.") % most

    def clean_amount(self) -> int:
        cents: int = self.cleaned_data["amount"]
        if cents <= 0:
            raise ValidationError(_("Scrivi un importo sopra lo zero."))
        if self.most_cents is not None and cents > self.most_cents:
            raise ValidationError(
                _("Hai da spendere %(most)s: scrivi un importo più piccolo.")
                % {"most": euro(self.most_cents)}
            )
        return cents

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or str(uuid4())


def offered(
    projects: Sequence[HeldNode], *, text: str = "", chosen: str = ""
) -> Sequence[HeldNode]:
    """
    Return the projects to choose from: all of a few, else those that have every word of `text`.

    The one that is `chosen` comes first and is never left out.
    """
    if len(projects) <= FEW:
        return projects
    words = text.casefold().split()
    found = [each for each in projects if all(word in _words_of(each) for word in words)]
    first = [each for each in projects if str(each.id) == chosen]
    return [*first, *(each for each in found if each not in first)][:FEW]


def _words_of(project: HeldNode) -> str:
    return f"{project.name} {project.description}".casefold()
