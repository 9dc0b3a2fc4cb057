"""What is asked about motions: a new one, and an amendment."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.forms import MotionIn
from reciproca.assemblies.models import (
    MotionKind,
)
from reciproca.assemblies.page_forms.fields import PICK, ShareField
from reciproca.shared.asking import Form

SHOWN_OF_DIGEST = 12


class MotionForm(Form):
    """Something to decide at a point of the agenda."""

    beside = {
        "title-missing": "title",
        "motion-text-missing": "text",
        "motion-text-too-long": "text",
        "candidates-missing": "candidates",
        "person-unknown": "candidates",
        "policy-missing": "policy",
        "majority-out-of-range": "majority",
    }

    kind = forms.ChoiceField(
        label=_("Che cosa si vota"),
        choices=MotionKind.choices,
        error_messages=PICK,
    )
    title = forms.CharField(
        label=_("Domanda"),
        max_length=200,
        error_messages={"required": _("Scrivi che cosa si decide, in una riga.")},
    )
    text = forms.CharField(
        label=_("Testo intero"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("È quello che va nell’avviso e si vota, parola per parola."),
    )
    policy = forms.ChoiceField(
        label=_("Quali criteri"),
        required=False,
        help_text=_("Solo per i criteri: quelli scritti in Politiche e tenuti per il voto."),
    )
    candidates = forms.CharField(
        label=_("Chi si candida"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Solo per un’elezione: una carta, un codice fiscale o un’e-mail per riga."),
    )
    seats = forms.IntegerField(
        label=_("Posti da eleggere"),
        min_value=1,
        max_value=50,
        initial=1,
        error_messages={"required": _("Scrivi quanti posti ci sono; 1 se non è un’elezione.")},
    )
    secrecy = forms.ChoiceField(
        label=_("Voto"),
        choices=[
            ("statute", _("Come dice lo statuto")),
            ("open", _("Palese: il verbale può dire chi ha votato che cosa")),
            ("secret", _("Segreto")),
        ],
        error_messages=PICK,
    )
    majority = ShareField(
        label=_("Maggioranza speciale"),
        required=False,
        help_text=_("Vuoto se basta più della metà; per esempio 2/3."),
    )

    def __init__(self, *args: Any, policies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.fields["policy"]
        assert isinstance(policy, forms.ChoiceField)
        policy.choices = [
            ("", "–"),
            *((digest, f"{title} ({digest[:SHOWN_OF_DIGEST]}…)") for digest, title in policies),
        ]

    def codes(self) -> list[str]:
        """Return the lines that name candidates."""
        return [
            line.strip() for line in self.cleaned_data["candidates"].splitlines() if line.strip()
        ]

    def motion(self, *, candidates: list[UUID]) -> MotionIn:
        """Return what was written."""
        given = self.cleaned_data
        return MotionIn(
            kind=given["kind"],
            title=given["title"],
            text=given["text"],
            policy_digest=given["policy"],
            candidates=candidates,
            seats=given["seats"] if given["kind"] == MotionKind.ELECTION else 1,
            secret={"open": False, "secret": True}.get(given["secrecy"]),
            majority=given["majority"],
        )


class AmendmentForm(Form):
    """Another version of a motion's whole text."""

    beside = {
        "motion-text-missing": "text",
        "motion-text-too-long": "text",
        "nothing-changes": "text",
        "elector-unknown": "proposed_for",
        "elector-unclear": "proposed_for",
    }

    text = forms.CharField(
        label=_("Il testo, come diventerebbe"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Scrivi il testo intero, come diventerebbe.")},
    )
    proposed_for = forms.CharField(
        label=_("Chi lo propone"),
        max_length=200,
        required=False,
        help_text=_("Numero del libro soci, carta o cognome."),
    )
    reason = forms.CharField(label=_("Perché"), max_length=300, required=False)
