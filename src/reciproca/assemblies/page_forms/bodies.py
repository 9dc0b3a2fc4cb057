"""What the pages of a body ask: its statute, who sits in it, who has more than one vote."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import (
    BodyKind,
    ElectorateChoice,
    Statute,
)
from reciproca.assemblies.page_forms.fields import PICK, ShareField
from reciproca.assemblies.rules import Electorate, StatuteIn
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form


class BodyForm(Form):
    """A new body."""

    beside = {"body-name-missing": "name", "body-named-already": "name"}

    kind = forms.ChoiceField(
        label=_("Che organo è"),
        choices=BodyKind.choices,
        error_messages=PICK,
    )
    name = forms.CharField(
        label=_("Come si chiama"),
        max_length=120,
        error_messages={"required": _("Scrivi come si chiama, per esempio Assemblea dei soci.")},
    )


class StatuteForm(Form):
    """What a body's statute says of its meetings."""

    beside = {
        "statute-source-missing": "source",
        "quorum-out-of-range": "first_quorum",
        "second-quorum-above": "second_quorum",
        "notice-below-law": "notice_days",
        "mandates-above-law": "most_mandates",
        "votes-above-law": "most_votes",
        "one-head-one-vote": "most_votes",
        "remote-ground-missing": "remote_ground",
        "electorate-not-here": "electorate",
    }

    source = forms.CharField(
        label=_("Dove sta scritto"),
        max_length=300,
        error_messages={"required": _("Scrivi l’articolo dello statuto o del regolamento.")},
        help_text=_("Per esempio: statuto del 12 maggio 2020, articoli 20-24."),
    )
    in_force_on = DayField(label=_("Vale dal giorno"))
    electorate = forms.ChoiceField(
        label=_("Chi vota"),
        choices=ElectorateChoice.choices,
        error_messages=PICK,
    )
    joint_stock = forms.ChoiceField(
        label=_("Regole di società"),
        choices=[("yes", _("Società per azioni")), ("no", _("Società a responsabilità limitata"))],
        help_text=_("Decide quante deleghe la legge permette."),
        error_messages=PICK,
    )
    first_quorum = ShareField(
        label=_("Quorum in prima convocazione"),
        help_text=_("Serve più di questa parte dei voti: 1/2 vuol dire più della metà."),
    )
    second_quorum = ShareField(
        label=_("Quorum in seconda convocazione"),
        help_text=_("Basta questa parte dei voti; 0 se basta chi c’è."),
    )
    majority_of_present = forms.ChoiceField(
        label=_("Una proposta passa con più della metà"),
        choices=[
            ("cast", _("dei voti favorevoli e contrari: chi si astiene non conta")),
            ("present", _("dei voti presenti: chi si astiene conta contro")),
        ],
        error_messages=PICK,
    )
    notice_days = forms.IntegerField(
        label=_("Giorni di preavviso"),
        min_value=0,
        max_value=90,
        error_messages={"required": _("Scrivi quanti giorni prima parte l’avviso.")},
    )
    most_mandates = forms.IntegerField(
        label=_("Deleghe al massimo per persona"),
        min_value=0,
        max_value=100,
        error_messages={
            "required": _("Scrivi quante deleghe può avere una persona; 0 se nessuna.")
        },
    )
    most_votes = forms.IntegerField(
        label=_("Voti al massimo per un ente o un sovventore"),
        min_value=1,
        max_value=5,
        error_messages={"required": _("Scrivi 1 se ognuno ha un voto.")},
        help_text=_("1: una testa, un voto. Lo statuto può arrivare a 5 per enti e sovventori."),
    )
    remote = forms.BooleanField(label=_("Si può partecipare a distanza"), required=False)
    remote_ground = forms.CharField(
        label=_("Clausola che lo permette"), max_length=300, required=False
    )
    advance_votes = forms.BooleanField(
        label=_("Si può votare prima dell’assemblea"), required=False
    )
    secret_for_persons = forms.BooleanField(
        label=_("Le persone si eleggono a voto segreto"), required=False
    )

    @classmethod
    def of(cls, statute: Statute | None, *, electorates: list[Electorate]) -> dict[str, Any]:
        """Return what a new statute begins with: the one before, or what most statutes say."""
        if statute is None:
            return {
                "in_force_on": localdate(),
                "electorate": electorates[0].value,
                "joint_stock": "yes",
                "first_quorum": "1/2",
                "second_quorum": "0",
                "majority_of_present": "cast",
                "notice_days": 8,
                "most_mandates": 2,
                "most_votes": 1,
                "secret_for_persons": True,
            }
        known = {name: getattr(statute, name) for name in cls.base_fields}
        return known | {
            "joint_stock": "yes" if statute.joint_stock else "no",
            "majority_of_present": "present" if statute.majority_of_present else "cast",
        }

    def __init__(self, *args: Any, electorates: list[Electorate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["electorate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.value, ElectorateChoice(each.value).label) for each in electorates]

    def statute(self) -> StatuteIn:
        """Return what was written."""
        given = self.cleaned_data
        return StatuteIn(
            electorate=Electorate(given["electorate"]),
            in_force_on=given["in_force_on"],
            source=given["source"],
            joint_stock=given["joint_stock"] == "yes",
            first_quorum=given["first_quorum"],
            second_quorum=given["second_quorum"],
            majority_of_present=given["majority_of_present"] == "present",
            notice_days=given["notice_days"],
            most_mandates=given["most_mandates"],
            most_votes=given["most_votes"],
            remote=given["remote"],
            remote_ground=given["remote_ground"],
            advance_votes=given["advance_votes"],
            secret_for_persons=given["secret_for_persons"],
        )


class SeatForm(Form):
    """Somebody who begins to sit in a body."""

    beside = {"already-seated": "code", "person-unknown": "code"}

    code = forms.CharField(
        label=_("Carta, codice fiscale o e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Scrivi la carta, il codice fiscale o l’e-mail.")},
    )
    starts_on = DayField(label=_("Dal giorno"))


class PluralVotesForm(Form):
    """How many votes an organisation or a financing member has."""

    beside = {
        "not-a-member": "number",
        "one-person-one-vote": "number",
        "plural-votes-above-statute": "votes",
    }

    number = forms.IntegerField(
        label=_("Numero del libro soci"),
        min_value=1,
        max_value=999_999_999,
        error_messages={"required": _("Scrivi il numero del libro soci.")},
    )
    votes = forms.IntegerField(
        label=_("Voti"),
        min_value=1,
        max_value=5,
        error_messages={"required": _("Scrivi quanti voti ha.")},
    )
    in_force_on = DayField(label=_("Dal giorno"))
    ground = forms.CharField(
        label=_("Perché"),
        max_length=300,
        error_messages={"required": _("Scrivi l’articolo dello statuto o la delibera.")},
    )
