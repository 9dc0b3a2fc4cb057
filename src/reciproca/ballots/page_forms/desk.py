"""What the desk types: a vote that it helps with, and what papers say."""

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reciproca.ballots.actions import ProofNeeded
from reciproca.ballots.page_forms.paper import WORDS, BallotPaperForm
from reciproca.ballots.queries import BallotPaper
from reciproca.ballots.rules.choices import ABSTAIN, SCORES, Choice, Method, written
from reciproca.ballots.rules.papers import counted, said_by
from reciproca.registry.fields import ProofField
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError

MOST_PAPERS = 1_000_000
LONGEST_LIST = 100_000


class AssistedForm(BallotPaperForm):
    """The paper of whoever stands at the desk, with what proves that they do."""

    beside = {
        **BallotPaperForm.beside,
        **dict.fromkeys(
            (
                "vote-proof-missing",
                "vote-proof-needed",
                "proof-of-another",
                "no-live-card",
                "pin-missing",
                "pin-wrong",
                "pin-locked",
                "pin-waiting",
            ),
            "proof",
        ),
    }

    proof = ProofField(label=_("PIN della carta, o codice del telefono"), required=False)
    paper = forms.CharField(
        label=_("Numero del modulo firmato"),
        max_length=40,
        required=False,
        help_text=_(
            "Se la persona non ha né PIN né telefono: firma un modulo, e il voto conta quando lo"
            " conferma un’altra persona dello sportello."
        ),
    )

    def __init__(self, *args: Any, page: BallotPaper, **kwargs: Any) -> None:
        super().__init__(*args, page=page, **kwargs)
        if page.ballot.secret:
            del self.fields["paper"]
            proof = self.fields["proof"]
            proof.help_text = _("Lo scrivi tu: prova che sei qui, e che voti tu.")
            proof.required, proof.error_messages["required"] = True, ProofNeeded.message
        else:
            self.fields["proof"].help_text = _("Lo scrive la persona: il voto conta subito.")
            if "choice" in self.fields:
                self.fields["choice"].label = _("Il suo voto")


class _PaperForm(Form):
    """What papers of this ballot say, in the order of its options."""

    def __init__(self, *args: Any, page: BallotPaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        titles = {each.key: each.title for each in page.options}
        self.named = {key: titles.get(key) or WORDS[key] for key in page.keys}

    def written(self, choice: Choice) -> str:
        """Return a choice as it is kept."""
        return written(
            choice,
            method=self.page.method,
            options=self.page.keys,
            most=self.page.ballot.most_choices,
        )

    def said(self, key: str) -> Choice:
        """Return what a paper says on which one option is chosen."""
        return key if key == ABSTAIN or self.page.method is Method.MOTION else [key]


class PaperNamesForm(_PaperForm):
    """Papers of an open ballot on which one thing is chosen: who chose it, a name on each line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {
            f"option_{place}": key for place, key in enumerate([*self.page.keys, ABSTAIN])
        }
        for name, key in self.asked.items():
            self.fields[name] = _who(self.named.get(key) or WORDS[ABSTAIN])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.papers():
            raise ValidationError(_("Scrivi almeno una scheda."))
        return given

    def papers(self) -> list[tuple[str, Choice]]:
        """Return for each paper the words that name its elector, and what it says."""
        return [
            (line.strip(), self.said(key))
            for name, key in self.asked.items()
            for line in self.cleaned_data[name].splitlines()
            if line.strip()
        ]


class PaperLinesForm(_PaperForm):
    """Papers of an open ballot on which several things are chosen: `who: what` on each line."""

    lines = forms.CharField(
        label=_("Le schede, una per riga"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
        error_messages={"required": _("Scrivi almeno una scheda.")},
    )

    def clean_lines(self) -> list[tuple[str, Choice]]:
        return [
            self._paper(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()
        ]

    def papers(self) -> list[tuple[str, Choice]]:
        """Return for each paper the words that name its elector, and what it says."""
        found: list[tuple[str, Choice]] = self.cleaned_data["lines"]
        return found

    def _paper(self, line: str) -> tuple[str, Choice]:
        who, _colon, said = line.partition(":")
        page = self.page
        try:
            choice = said_by(
                said,
                line=line.strip(),
                method=page.method,
                options=page.keys,
                most=page.ballot.most_choices,
            )
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        return who.strip(), choice


class UrnHeapsForm(_PaperForm):
    """An urn whose papers say one thing each: how many lie in each heap."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {
            f"option_{place}": key for place, key in enumerate([*self.page.keys, ABSTAIN])
        }
        for name, key in self.asked.items():
            self.fields[name] = forms.IntegerField(
                label=self.named.get(key) or _("Bianche o nulle"),
                required=False,
                min_value=0,
                max_value=MOST_PAPERS,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.papers():
            raise ValidationError(_("Scrivi almeno una scheda."))
        return given

    def papers(self) -> Counter[str]:
        """Return how many papers say what."""
        heaps = {self.written(self.said(key)): name for name, key in self.asked.items()}
        return +Counter({said: self.cleaned_data[name] or 0 for said, name in heaps.items()})


class UrnLinesForm(_PaperForm):
    """An urn whose papers say several things: a line for each paper, or for so many alike."""

    lines = forms.CharField(
        label=_("Le schede, una per riga"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "class": "code"}),
        error_messages={"required": _("Scrivi almeno una scheda.")},
    )

    def clean_lines(self) -> Counter[str]:
        page = self.page
        try:
            return counted(
                self.cleaned_data["lines"],
                method=page.method,
                options=page.keys,
                most=page.ballot.most_choices,
            )
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def papers(self) -> Counter[str]:
        """Return how many papers say what."""
        found: Counter[str] = self.cleaned_data["lines"]
        return found


def examples_of(method: Method, /) -> list[tuple[str, object]]:
    """Return how one types papers of a method: what is typed, and what it says."""
    blank = ("-", _("bianca o nulla"))
    if method in SCORES:
        return [("1:5 3:2", _("la prima proposta 5 punti, la terza 2")), blank]
    if method is Method.SCHULZE:
        return [("2 > 1 = 3", _("prima la 2, poi alla pari la 1 e la 3")), blank]
    return [("1 3", _("sono segnate la 1 e la 3")), blank]


def _who(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("Uno per riga: numero del libro soci, carta o cognome."),
    )
