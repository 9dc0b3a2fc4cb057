"""What the pages of redistributions ask."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from reciproca.redistribution import errors
from reciproca.redistribution.attesting import MOST_LINES, MOST_POINTS
from reciproca.redistribution.rules import KIND, RedistributionPolicy, ZeroCriterion
from reciproca.redistribution.rules.measures import CENTS, MEASURES
from reciproca.redistribution.rules.policy import MOST_CENTS, share_in_words
from reciproca.registry.fields import DayField, EuroField, ShareField
from reciproca.registry.queries import HeldNode
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError

STEPS = (1, 2, 3, 4)
NOTHING = _("Vuoto se non c’è.")


class PolicyForm(Form):
    """The criteria of a redistribution as a person fills them in: the document that runs."""

    beside = {
        "redistribution-floor-above-cap": "floor_cents",
        "redistribution-categories-missing": "km0_categories",
    }

    title = forms.CharField(
        label=_("Titolo"),
        max_length=200,
        error_messages={"required": _("Scrivi un titolo: è il nome dei criteri per tutti.")},
    )
    pool = forms.ChoiceField(
        label=_("Che cosa si divide"),
        error_messages={"required": _("Scegli il monte da dividere.")},
    )
    common_fund = forms.ChoiceField(
        label=_("Fondo comune"),
        error_messages={"required": _("Scegli il fondo che riceve la quota comune.")},
    )
    common_share = ShareField(
        label=_("Quota al fondo comune"),
        help_text=_("Una frazione o una percentuale: 1/5, 20%. Vuota se tutto va alle persone."),
    )
    zero_criterion = forms.ChoiceField(
        label=_("Se in un criterio nessuno ha niente"),
        choices=[
            (ZeroCriterion.REWEIGHT.value, _("Il suo peso passa agli altri criteri")),
            (ZeroCriterion.TO_COMMON.value, _("La sua parte va al fondo comune")),
        ],
        error_messages={"required": _("Scegli dove va il peso di un criterio senza nessuno.")},
    )
    floor_cents = EuroField(
        label=_("Almeno, a persona"), required=False, help_text=_("Per chi ha diritto a qualcosa.")
    )
    cap_cents = EuroField(label=_("Al massimo, a persona"), required=False, help_text=NOTHING)
    min_payout_cents = EuroField(
        label=_("Non si paga sotto"),
        required=False,
        help_text=_("La somma resta da parte per la volta dopo."),
    )
    registered_days = forms.IntegerField(
        label=_("Giorni nel libro soci"),
        min_value=0,
        max_value=3_660,
        initial=90,
        error_messages={"required": _("Scrivi quanti giorni, zero se basta esserci.")},
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text=_("Da quanti giorni si è soci l’ultimo giorno del periodo."),
    )
    from_age = forms.IntegerField(
        label=_("Età minima"),
        min_value=0,
        max_value=120,
        initial=18,
        error_messages={"required": _("Scrivi gli anni compiuti, zero se l’età non conta.")},
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, held: Sequence[HeldNode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("pool", [node for node in held if node.kind == "pool"])
        self._choose("common_fund", [node for node in held if node.kind == "fund"])
        for measure in MEASURES.values():
            self.fields[f"{measure.id}_weight"] = ShareField(
                label=format_lazy("{} ({})", _("Peso"), measure.title),
                help_text=_("Vuoto se questo criterio non c’è."),
            )
            most = format_lazy("{} ({})", _("Conta al massimo, a persona"), measure.title)
            self.fields[f"{measure.id}_cap"] = (
                EuroField(label=most, required=False, help_text=NOTHING)
                if measure.unit == CENTS
                else forms.IntegerField(
                    label=most,
                    required=False,
                    min_value=1,
                    max_value=MOST_CENTS,
                    help_text=_("In punti. Vuoto se non c’è."),
                    widget=forms.NumberInput(attrs={"class": "short"}),
                )
            )
            if measure.by_category:
                self.fields[f"{measure.id}_categories"] = forms.CharField(
                    label=format_lazy("{} ({})", _("Categorie di beni"), measure.title),
                    required=False,
                    max_length=1_000,
                    help_text=_("Come le scrivono le casse, separate da virgole."),
                )
        for step in STEPS:
            self.fields[f"days_{step}"] = forms.IntegerField(
                label=format_lazy(_("Scalino {}: fino a giorni"), step),
                required=False,
                min_value=0,
                max_value=3_660,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )
            self.fields[f"weight_{step}"] = ShareField(
                label=format_lazy(_("Scalino {}: quanto contano"), step)
            )

    def criteria(self) -> list[tuple[str, list[BoundField]]]:
        """Return the fields of each criterion, under its title."""
        return [
            (
                str(measure.title),
                [
                    self[f"{measure.id}_{part}"]
                    for part in ("weight", "categories", "cap")
                    if f"{measure.id}_{part}" in self.fields
                ],
            )
            for measure in MEASURES.values()
        ]

    def steps(self) -> list[BoundField]:
        """Return the fields of the steps by age, in order."""
        return [self[f"{part}_{step}"] for step in STEPS for part in ("days", "weight")]

    def document(self) -> dict[str, object]:
        """Return the document that was filled in; its schema says whether it can run."""
        given = self.cleaned_data
        return {
            "kind": KIND,
            "v": 1,
            "title": given["title"],
            "pool": given["pool"],
            "common_fund": given["common_fund"],
            "common_share": given["common_share"] or "0",
            "criteria": [self._criterion(name) for name in MEASURES if given.get(f"{name}_weight")],
            "zero_criterion": given["zero_criterion"],
            "floor_cents": given["floor_cents"] or 0,
            "cap_cents": given["cap_cents"],
            "min_payout_cents": given["min_payout_cents"] or 0,
            "eligibility": {
                "registered_days": given["registered_days"],
                "from_age": given["from_age"],
            },
            "recency": [
                {"up_to_days": given[f"days_{step}"], "weight": given[f"weight_{step}"] or "1"}
                for step in STEPS
                if given.get(f"days_{step}") is not None
            ],
        }

    def _criterion(self, name: str) -> dict[str, object]:
        given = self.cleaned_data
        written = given.get(f"{name}_categories") or ""
        categories = {each.strip() for each in written.split(",") if each.strip()}
        return {
            "id": name,
            "weight": given[f"{name}_weight"],
            "cap": given[f"{name}_cap"],
            "categories": sorted(categories),
        }

    def _choose(self, name: str, nodes: Sequence[HeldNode]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Scegli")), *((str(node.id), node.name) for node in nodes)]


def initial_of(policy: RedistributionPolicy | None, held: Sequence[HeldNode]) -> dict[str, Any]:
    """Return what the form begins with: a policy to be changed, or the only pool and fund."""
    if policy is None:
        pools = [str(node.id) for node in held if node.kind == "pool"]
        funds = [str(node.id) for node in held if node.kind == "fund"]
        return {
            "patronage_weight": "100%",
            "pool": pools[0] if len(pools) == 1 else "",
            "common_fund": funds[0] if len(funds) == 1 else "",
        }
    initial: dict[str, Any] = {
        "title": policy.title,
        "pool": str(policy.pool_id),
        "common_fund": str(policy.common_id),
        "common_share": share_in_words(policy.common_share) if policy.common_share else "",
        "zero_criterion": policy.zero_criterion.value,
        "floor_cents": policy.floor_cents or None,
        "cap_cents": policy.cap_cents,
        "min_payout_cents": policy.min_payout_cents or None,
        "registered_days": policy.eligibility.registered_days,
        "from_age": policy.eligibility.from_age,
    }
    for each in policy.criteria:
        initial |= {
            f"{each.id}_weight": share_in_words(each.weight),
            f"{each.id}_cap": each.cap,
            f"{each.id}_categories": ", ".join(each.categories),
        }
    for number, step in zip(STEPS, policy.recency, strict=False):
        initial |= {
            f"days_{number}": step.up_to_days,
            f"weight_{number}": share_in_words(step.weight),
        }
    return initial


class PeriodForm(Form):
    """The period of a run."""

    beside = {
        "redistribution-period-backwards": "starts_on",
        "redistribution-period-not-over": "ends_on",
        "redistribution-period-taken": "starts_on",
    }

    starts_on = DayField(
        label=_("Primo giorno"), error_messages={"required": _("Scegli il primo giorno.")}
    )
    ends_on = DayField(
        label=_("Ultimo giorno"), error_messages={"required": _("Scegli l’ultimo giorno.")}
    )


class SimulationForm(PeriodForm):
    """The period whose figures are tried, and how much is divided."""

    beside = {**PeriodForm.beside, "redistribution-nothing": "pool_cents"}

    pool_cents = EuroField(
        label=_("Quanto si divide"),
        error_messages={"required": _("Scrivi quanto si divide, per esempio 5.000,00.")},
        help_text=_("Quanto il monte ha raccolto, o la somma che vi interessa provare."),
    )


class PointsForm(Form):
    """How many points people have, as whoever attests them writes it: a person a line."""

    beside = {
        "redistribution-points-person": "points",
        "redistribution-points-twice": "points",
        "redistribution-period-backwards": "starts_on",
    }

    criterion = forms.ChoiceField(
        label=_("Che cosa si attesta"),
        choices=[(each.id, each.title) for each in MEASURES.values() if each.handed_in],
        error_messages={"required": _("Scegli che cosa si attesta.")},
    )
    attested_by = forms.CharField(
        label=_("Chi lo attesta"),
        max_length=200,
        help_text=_("L’ufficio e il numero dell’elenco, mai i motivi."),
        error_messages={"required": _("Scrivi chi lo attesta, e con quale elenco.")},
    )
    starts_on = DayField(
        label=_("Vale dal"), error_messages={"required": _("Scegli da quale giorno vale.")}
    )
    ends_on = DayField(
        label=_("Vale fino al"), error_messages={"required": _("Scegli fino a quale giorno vale.")}
    )
    points = forms.CharField(
        label=_("Persone e punti"),
        max_length=120_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
        help_text=_("Una persona per riga: carta, codice fiscale o e-mail; punti. Mai altro."),
        error_messages={"required": _("Scrivi almeno una persona con i suoi punti.")},
    )

    def clean_points(self) -> list[tuple[str, int]]:
        """Return the code of each person with their points."""
        lines = [
            (number, line.strip())
            for number, line in enumerate(self.cleaned_data["points"].splitlines(), start=1)
            if line.strip()
        ]
        if len(lines) > MOST_LINES:
            raise self._refused(errors.PointsTooMany(most=MOST_LINES))
        return [self._line(number, line) for number, line in lines]

    def _line(self, number: int, line: str) -> tuple[str, int]:
        code, _semicolon, points = (part.strip() for part in line.rpartition(";"))
        if not (code and points.isascii() and points.isdigit() and int(points) <= MOST_POINTS):
            refusal = errors.PointsUnreadable(line=number, text=line[:40], most=MOST_POINTS)
            raise self._refused(refusal)
        return code, int(points)

    @staticmethod
    def _refused(refusal: DomainError) -> ValidationError:
        return ValidationError(str(refusal), code=refusal.code)


class ReasonForm(Form):
    """Why a run is corrected."""

    beside = {"redistribution-reason-missing": "reason"}

    reason = forms.CharField(
        label=_("Perché si corregge"),
        max_length=300,
        error_messages={"required": _("Scrivi perché: lo leggono tutti quelli a cui cambia.")},
    )


class ObjectionForm(Form):
    """What a person finds wrong."""

    beside = {"redistribution-text-missing": "text"}

    text = forms.CharField(
        label=_("Che cosa non torna"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Scrivi che cosa non torna.")},
    )


class AnswerForm(Form):
    """The answer to an objection."""

    beside = {"redistribution-text-missing": "answer"}

    upheld = forms.ChoiceField(
        label=_("Ha ragione?"),
        choices=[("", _("Scegli")), ("yes", _("Sì, si corregge")), ("no", _("No"))],
        error_messages={"required": _("Scegli se l’obiezione è giusta.")},
    )
    answer = forms.CharField(
        label=_("Risposta"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Scrivi la risposta.")},
    )


def proposed_period(first: date | None, today: date) -> dict[str, date]:
    """
    Return the period that a form begins with: from `first`, the day after the last divided one,
    to the end of the last quarter that is over, or to yesterday where that is divided already.
    """
    quarter_begins = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    ends_on = quarter_begins - timedelta(days=1)
    if first is None:
        return {"starts_on": date(ends_on.year, 1, 1), "ends_on": ends_on}
    if first > ends_on:
        ends_on = max(first, today - timedelta(days=1))
    return {"starts_on": first, "ends_on": ends_on}
