"""What the pages of calls and projects ask."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules.budgeting import Utility
from reciproca.ballots.rules.choices import Method
from reciproca.projects.actions import MOST_PHOTOS
from reciproca.projects.forms import CallIn, Cost, PhotoIn, ProjectIn
from reciproca.registry.fields import DayField, EuroField
from reciproca.shared.asking import Form, KeyField, small_enough
from reciproca.shared.calendar import end_of_day
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES
from reciproca.shared.photos import LARGEST_PHOTO_BYTES

Files = MultiValueDict[str, UploadedFile[Any]]

COSTS = 6
"""How many expenses a page asks for at once."""

WAYS: dict[str, tuple[Method, Utility]] = {
    "shares": (Method.MES_ADD1, "cost"),
    "shares-only": (Method.MES, "cost"),
    "greedy": (Method.GREEDY, "cost"),
}
_WAYS = [
    ("shares", _("Parti uguali: ognuno ha la stessa somma da spendere sui progetti che vuole")),
    ("shares-only", _("Parti uguali senza completare: ciò che nessuno riesce a comprare resta")),
    ("greedy", _("I più votati finché ci sono soldi")),
]
_LONG = forms.Textarea(attrs={"rows": 4})


class FundCallForm(Form):
    """A fund's call."""

    beside = {
        "fund-unknown": "fund_id",
        "budget-beyond-fund": "budget_cents",
        "day-past": "proposals_by",
    }

    title = forms.CharField(
        label=_("Titolo"),
        max_length=120,
        error_messages={"required": _("Dai un titolo al bando.")},
    )
    text = forms.CharField(
        label=_("Che cosa si cerca"),
        max_length=4_000,
        widget=_LONG,
        error_messages={"required": _("Scrivi che cosa si cerca, in parole semplici.")},
    )
    fund_id = forms.TypedChoiceField(
        label=_("Da quale fondo"),
        coerce=UUID,
        error_messages={"required": _("Scegli il fondo.")},
    )
    budget_cents = EuroField(label=_("Quanto c’è da spendere"))
    proposals_by = DayField(label=_("Si propone fino al"))
    way = forms.ChoiceField(
        label=_("Come si sceglie"),
        choices=_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli come si conteranno i voti: cambia il risultato.")},
    )

    def __init__(self, data: QueryDict | None = None, *, funds: Sequence[tuple[UUID, str]]) -> None:
        later = timezone.localdate() + timedelta(days=30)
        super().__init__(data, initial={"proposals_by": later})
        self.fields["fund_id"].choices = [(str(fund), name) for fund, name in funds]  # type: ignore[attr-defined]

    def call(self) -> CallIn:
        """Return what was written."""
        told = dict(self.cleaned_data)
        method, utility = WAYS[told.pop("way")]
        return CallIn(**told, method=method, utility=utility)


class ProjectForm(Form):
    """A project, with what it needs money for."""

    beside = {"costs-missing": "what_1", "cost-beyond-budget": "amount_1"}

    key = KeyField()
    title = forms.CharField(
        label=_("Nome del progetto"),
        max_length=120,
        error_messages={"required": _("Dai un nome al progetto.")},
    )
    text = forms.CharField(
        label=_("Che cosa farete, e per chi"),
        max_length=8_000,
        widget=_LONG,
        error_messages={"required": _("Racconta che cosa farete: lo legge chi vota.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for number in range(1, COSTS + 1):
            self.fields[f"what_{number}"] = forms.CharField(
                label=_("Spesa %(n)s") % {"n": number}, max_length=120, required=False
            )
            self.fields[f"amount_{number}"] = EuroField(label=_("Quanto"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse an expense with half of what it takes."""
        for what, amount, number in self._pairs():
            if bool(what) != bool(amount):
                name = f"amount_{number}" if what else f"what_{number}"
                if name not in self.errors:
                    self.add_error(name, _("Scrivi sia la spesa sia l’importo."))
        return self.cleaned_data

    def cost_fields(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each expense."""
        return [(self[f"what_{n}"], self[f"amount_{n}"]) for n in range(1, COSTS + 1)]

    def project(self, *, call_id: UUID, proposer_id: UUID) -> ProjectIn:
        """Return what was written."""
        return ProjectIn(
            key=self.cleaned_data["key"],
            call_id=call_id,
            proposer_id=proposer_id,
            title=self.cleaned_data["title"],
            text=self.cleaned_data["text"],
            costs=[Cost(what, amount) for what, amount, _number in self._pairs() if what],
        )

    def _pairs(self) -> Iterator[tuple[str, int, int]]:
        for n in range(1, COSTS + 1):
            told = self.cleaned_data
            yield told.get(f"what_{n}") or "", told.get(f"amount_{n}") or 0, n


class AssessmentForm(Form):
    """Whether a project may be voted on."""

    beside = {"reason-missing": "reason", "cost-beyond-budget": "cost_cents"}

    cost_cents = EuroField(label=_("Costo verificato"))
    reason = forms.CharField(
        label=_("Osservazioni, o il motivo del rifiuto"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer = forms.ChoiceField(
        label=_("La decisione"),
        choices=[("yes", _("Ammetti al voto")), ("no", _("Non ammettere"))],
        error_messages={"required": _("Scegli se ammetterlo o no.")},
    )


class VotingForm(Form):
    """Until when the community votes."""

    beside = {"day-past": "closes_on"}

    closes_on = DayField(label=_("Si vota fino a tutto il"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"closes_on": timezone.localdate() + timedelta(days=14)})

    def closes_at(self) -> datetime:
        """Return the end of that day."""
        return end_of_day(self.cleaned_data["closes_on"])


class ReceiptForm(Form):
    """An expense and its document."""

    beside = {
        "beyond-grant": "amount_cents",
        "document-empty": "document",
        "document-too-large": "document",
        "document-not-pdf": "document",
    }

    key = KeyField()
    what = forms.CharField(
        label=_("Per che cosa"),
        max_length=120,
        error_messages={"required": _("Scrivi per che cosa è la spesa.")},
    )
    amount_cents = EuroField(label=_("Importo"))
    document = forms.FileField(
        label=_("Fattura o ricevuta"),
        max_length=200,
        error_messages={"required": _("Scegli il PDF della fattura o della ricevuta.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, data: QueryDict | None = None, files: Files | None = None) -> None:
        super().__init__(data, files, auto_id="receipt_%s")

    def clean_document(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is too large before it is read into memory."""
        return small_enough(self.cleaned_data["document"], LARGEST_DOCUMENT_BYTES)


class DecisionForm(Form):
    """Whether a receipt is paid; a page asks it of several, each by its own names."""

    beside = {"reason-missing": "reason"}

    reason = forms.CharField(label=_("Il motivo, se non si paga"), max_length=500, required=False)
    answer = forms.ChoiceField(
        label=_("La decisione"),
        choices=[("yes", _("Paga")), ("no", _("Non pagare"))],
        error_messages={"required": _("Scegli se pagarla o no.")},
    )

    def __init__(self, data: QueryDict | None = None, *, receipt_id: UUID) -> None:
        super().__init__(data, auto_id=f"receipt-{receipt_id}_%s")


class ReportForm(Form):
    """What became of a project, with photos."""

    beside = {"photo-unreadable": "photo_1", "photo-too-large": "photo_1"}

    key = KeyField()
    text = forms.CharField(
        label=_("A che punto siete"),
        max_length=4_000,
        widget=_LONG,
        error_messages={"required": _("Racconta a che punto siete.")},
    )

    def __init__(self, data: QueryDict | None = None, files: Files | None = None) -> None:
        super().__init__(data, files, auto_id="report_%s")
        accept = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        for n in range(1, MOST_PHOTOS + 1):
            self.fields[f"photo_{n}"] = forms.FileField(
                label=_("Foto %(n)s") % {"n": n}, required=False, max_length=200, widget=accept
            )
            self.fields[f"alt_{n}"] = forms.CharField(
                label=_("Che cosa si vede"), max_length=200, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a photo that is too large, or that one who cannot see it would not know."""
        for n in range(1, MOST_PHOTOS + 1):
            file = self.cleaned_data.get(f"photo_{n}")
            try:
                small_enough(file, LARGEST_PHOTO_BYTES)
            except forms.ValidationError as refusal:
                self.add_error(f"photo_{n}", refusal)
            if file and not self.cleaned_data.get(f"alt_{n}"):
                self.add_error(
                    f"alt_{n}", _("Scrivi che cosa si vede, per chi la foto non la può vedere.")
                )
        return self.cleaned_data

    def photo_fields(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each photo."""
        return [(self[f"photo_{n}"], self[f"alt_{n}"]) for n in range(1, MOST_PHOTOS + 1)]

    def photos(self) -> list[PhotoIn]:
        """Return the photos that were chosen."""
        told = self.cleaned_data
        return [
            PhotoIn(told[f"photo_{n}"].read(), told[f"alt_{n}"])
            for n in range(1, MOST_PHOTOS + 1)
            if told.get(f"photo_{n}")
        ]
