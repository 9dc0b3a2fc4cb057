"""The ballot paper, as its method asks: nothing is chosen at first."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.ballots.queries import BallotPaper
from reciproca.ballots.rules.choices import ABSTAIN, NO, SCORES, YES, Choice, Method
from reciproca.ballots.rules.scores import TOP
from reciproca.shared.asking import Form

MOST_CODES = 400
RELOAD = _("Ricarica la pagina e vota di nuovo.")
WORDS = {YES: _("Sì"), NO: _("No"), ABSTAIN: _("Mi astengo")}


class BallotPaperForm(Form):
    """
    One elector's paper. `codes` are those of the votes, which the browser makes.

    Options are numbered, because their keys are of others' making.
    """

    beside = {"choice-unreadable": "choice", "too-many-chosen": "choice"}

    member = forms.UUIDField(
        label=_("Avente diritto"),
        widget=forms.HiddenInput,
        error_messages={"required": RELOAD, "invalid": RELOAD},
    )
    codes = forms.CharField(
        label=_("Codici del voto"),
        widget=forms.HiddenInput,
        max_length=37 * MOST_CODES,
        error_messages={"required": RELOAD},
    )

    def __init__(self, *args: Any, page: BallotPaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        titles = {each.key: each.title for each in page.options}
        named = [(key, titles.get(key) or WORDS[key]) for key in page.keys]
        if page.method is Method.MOTION or page.ballot.most_choices == 1:
            self.fields["choice"] = forms.ChoiceField(
                label=_("Il tuo voto"),
                choices=[*named, (ABSTAIN, WORDS[ABSTAIN])],
                widget=forms.RadioSelect,
                error_messages={"required": _("Scegli una risposta: astenersi è una di queste.")},
            )
        elif page.method in SCORES or page.method is Method.SCHULZE:
            self._ask_each(named)
        else:
            self.fields["choice"] = forms.MultipleChoiceField(
                label=_("Il tuo voto"),
                choices=[*named, (ABSTAIN, WORDS[ABSTAIN])],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Scegli almeno una risposta, anche “mi astengo”.")},
            )

    def _ask_each(self, named: Sequence[tuple[str, Any]]) -> None:
        scores = self.page.method in SCORES
        steps = range(TOP + 1) if scores else range(1, len(named) + 1)
        empty = _("non do punti") if scores else _("non la metto in ordine")
        for number, (_key, title) in enumerate(named):
            self.fields[f"option_{number}"] = forms.ChoiceField(
                label=title,
                required=False,
                choices=[("", empty), *((str(step), str(step)) for step in steps)],
            )
        self.fields["abstain"] = forms.BooleanField(label=WORDS[ABSTAIN], required=False)

    @property
    def each(self) -> list[forms.BoundField]:
        """Return the fields of options that are scored or ranked one by one."""
        return [self[name] for name in self.fields if name.startswith("option_")]

    def clean_codes(self) -> list[UUID]:
        try:
            return [UUID(code) for code in self.cleaned_data["codes"].split(",")]
        except ValueError:
            raise forms.ValidationError(RELOAD) from None

    def clean(self) -> dict[str, Any]:
        """Refuse a paper that says two things: abstaining is a choice of its own."""
        answers = super().clean() or self.cleaned_data
        several = answers.get("choice")
        if isinstance(several, list) and ABSTAIN in several and len(several) > 1:
            self.add_error("choice", _("Chi si astiene non sceglie altro: togli una delle due."))
        if "abstain" in self.fields and bool(answers.get("abstain")) == bool(self._stated()):
            self.add_error(
                None,
                _("Rispondi almeno a una proposta, oppure astieniti: non tutte e due le cose."),
            )
        return answers

    def choice(self) -> Choice:
        """Return what a valid paper says."""
        if "abstain" in self.fields:
            stated = self._stated()
            if not stated:
                return ABSTAIN
            return stated if self.page.method in SCORES else _levels(stated)
        chosen = self.cleaned_data["choice"]
        if chosen in (ABSTAIN, [ABSTAIN]):
            return ABSTAIN
        if self.page.method is not Method.MOTION and isinstance(chosen, str):
            return [chosen]
        answer: Choice = chosen
        return answer

    def _stated(self) -> dict[str, int]:
        """Return the number that each option was given."""
        return {
            key: int(answer)
            for number, key in enumerate(self.page.keys)
            if (answer := self.cleaned_data.get(f"option_{number}"))
        }


def _levels(places: dict[str, int]) -> list[list[str]]:
    """Return options by the place that they were given, equal ones together."""
    levels = defaultdict(list)
    for key, place in places.items():
        levels[place].append(key)
    return [levels[place] for place in sorted(levels)]
