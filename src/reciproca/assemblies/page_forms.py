"""What the pages of bodies and assemblies ask."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.forms import AssemblyIn, MotionIn, PdfIn
from reciproca.assemblies.models import (
    Assembly,
    BodyKind,
    ElectorateChoice,
    MotionKind,
    SendingWay,
    Statute,
    Where,
)
from reciproca.assemblies.rules import Electorate, StatuteIn
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form, small_enough
from reciproca.shared.errors import DomainError
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES
from reciproca.shared.money import parse_fraction

EVENING = time(18)
SHOWN_OF_DIGEST = 12
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


class AssemblyForm(Form):
    """When and where an assembly meets."""

    beside = {
        "title-missing": "title",
        "nowhere-to-meet": "place",
        "link-unreadable": "link",
    }

    title = forms.CharField(
        label=_("Titolo"),
        max_length=200,
        error_messages={"required": _("Scrivi un titolo, per esempio Assemblea di bilancio 2026.")},
    )
    place = forms.CharField(label=_("Luogo"), max_length=200, required=False)
    link = forms.CharField(
        label=_("Collegamento per chi partecipa a distanza"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Comincia con https://."),
    )
    first_on = DayField(label=_("Prima convocazione, giorno"))
    first_hour = HourField(label=_("Prima convocazione, ora"))
    second_on = DayField(label=_("Seconda convocazione, giorno"), required=False)
    second_hour = HourField(label=_("Seconda convocazione, ora"), required=False)

    @classmethod
    def of(cls, assembly: Assembly | None) -> dict[str, Any]:
        """Return what the form begins with."""
        if assembly is None:
            return {"first_hour": EVENING, "second_hour": EVENING}
        first, second = localtime(assembly.first_call_at), assembly.second_call_at
        second = localtime(second) if second else None
        return {
            "title": assembly.title,
            "place": assembly.place,
            "link": assembly.link,
            "first_on": first.date(),
            "first_hour": first.time(),
            "second_on": second and second.date(),
            "second_hour": second.time() if second else EVENING,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, second = given.get("first_on"), given.get("second_on")
        if first and first < localdate():
            self.add_error("first_on", _("Questo giorno è già passato: scegline uno che viene."))
        if first and second and second <= first:
            self.add_error("second_on", _("La seconda convocazione è un altro giorno, dopo."))
        if second and not given.get("second_hour"):
            self.add_error("second_hour", _("Scrivi anche l’ora della seconda convocazione."))
        return given

    def assembly(self) -> AssemblyIn:
        """Return what was written."""
        given = self.cleaned_data
        second = given["second_on"]
        return AssemblyIn(
            title=given["title"],
            place=given["place"],
            link=given["link"],
            first_call_at=_instant(given["first_on"], given["first_hour"]),
            second_call_at=_instant(second, given["second_hour"]) if second else None,
        )


def _instant(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class ItemForm(Form):
    """A point of the agenda."""

    beside = {"title-missing": "title"}

    title = forms.CharField(
        label=_("Punto all’ordine del giorno"),
        max_length=200,
        error_messages={"required": _("Scrivi di che cosa si parla.")},
    )
    text = forms.CharField(
        label=_("In breve"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AttachmentForm(Form):
    """A PDF that members read before the assembly."""

    beside = dict.fromkeys(
        ("document-empty", "document-not-pdf", "document-too-large", "agenda-too-long"), "pdf"
    )

    pdf = PdfField(label=_("Documento, in PDF"))


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


class CallForm(Form):
    """The last step before everybody is told."""

    beside = {"reference-in-future": "reference_on"}

    reference_on = DayField(
        label=_("L’elenco degli aventi diritto si ferma al giorno"),
        help_text=_("Chi entra o esce dopo non cambia più chi può votare."),
    )


class SendingForm(Form):
    """Electors who were told otherwise."""

    beside = {"sent-in-future": "sent_on"}

    electors = forms.MultipleChoiceField(
        label=_("A chi"),
        error_messages={
            "required": _("Spunta almeno una persona."),
            "invalid_choice": _("Ricarica la pagina: l’elenco è cambiato."),
            "invalid_list": _("Ricarica la pagina: l’elenco è cambiato."),
        },
    )
    way = forms.ChoiceField(
        label=_("Come"),
        choices=[each for each in SendingWay.choices if each[0] != SendingWay.NOTICE],
        error_messages=PICK,
    )
    reference = forms.CharField(
        label=_("Numero della raccomandata, o della ricevuta"), max_length=100, required=False
    )
    sent_on = DayField(label=_("Partito il giorno"))

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["electors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each, each) for each in ids]


class DoorForm(Form):
    """An elector comes in, or goes."""

    elector = forms.UUIDField(
        label=_("Chi"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Cerca di nuovo la persona.")),
    )
    where = forms.ChoiceField(label=_("Dove"), choices=Where.choices, required=False)


class ProxyForm(Form):
    """A proxy on paper, entered by whoever runs the assembly."""

    beside = {
        "no-proxies": "giver",
        "proxy-given-already": "giver",
        "giver-present": "giver",
        "proxy-to-oneself": "holder",
        "proxy-limit": "holder",
        "proxy-chain": "holder",
        "document-empty": "signed",
        "document-not-pdf": "signed",
        "document-too-large": "signed",
    }

    giver = forms.CharField(
        label=_("Chi delega"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
        help_text=_("Numero del libro soci, carta, codice fiscale o cognome."),
    )
    holder = forms.CharField(
        label=_("Chi riceve la delega"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
    )
    signed = PdfField(label=_("Delega firmata, in PDF"))


class OwnProxyForm(Form):
    """A proxy that a member gives with their own login."""

    beside = {
        "proxy-to-oneself": "holder",
        "proxy-limit": "holder",
        "proxy-chain": "holder",
        "elector-unknown": "holder",
        "elector-unclear": "holder",
    }

    holder = forms.CharField(
        label=_("A chi"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Scrivi il cognome, la carta o il numero del libro soci.")},
        help_text=_("Un altro socio: cognome, carta o numero del libro soci."),
    )
    understood = forms.BooleanField(
        label=_("Vota al mio posto in questa assemblea; posso ritirare la delega quando voglio"),
        error_messages={"required": _("Spunta la casella, se vuoi dare la delega.")},
    )


class SessionForm(Form):
    """Who chairs, who writes, and in which call the assembly meets."""

    beside = dict.fromkeys(("no-second-call", "not-yet-the-day", "quorum-missing"), "call")

    call = forms.ChoiceField(
        label=_("In quale convocazione"),
        choices=[("1", _("Prima")), ("2", _("Seconda"))],
        error_messages=PICK,
    )
    chair = forms.ChoiceField(
        label=_("Chi presiede"), error_messages={"required": _("Scegli chi presiede.")}
    )
    secretary = forms.ChoiceField(
        label=_("Chi scrive il verbale"),
        error_messages={"required": _("Scegli chi scrive il verbale.")},
    )

    def __init__(self, *args: Any, people: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(person), text) for person, text in people]


class FloorForm(Form):
    """An elector who wants to speak."""

    beside = dict.fromkeys(
        ("elector-unknown", "elector-unclear", "not-present", "asks-already"), "who"
    )

    who = forms.CharField(
        label=_("Chi chiede la parola"),
        max_length=200,
        error_messages={"required": _("Scrivi il numero del libro soci, la carta o il cognome.")},
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


NAMED_ON_PAPER = {"rows": 4, "autocomplete": "off"}


class PapersForm(Form):
    """
    Papers as one person read them: on an open vote who chose what, on a secret one who handed a
    paper in and how many say what.
    """

    choices = ((YES, _("Sì")), (NO, _("No")), (ABSTAIN, _("Astenuti")))

    def __init__(self, *args: Any, secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        if secret:
            self.fields["who"] = _who(_("Chi ha dato una scheda"))
        for key, label in self.choices:
            self.fields[key] = _how_many(label) if secret else _who(label)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.texts():
            raise ValidationError(_("Scrivi almeno una scheda."))
        return given

    def texts(self) -> list[str]:
        """Return the words that name each elector."""
        names = ["who"] if self.secret else [key for key, _label in self.choices]
        return [text for name in names for text in self._lines(name)]

    def chosen(self) -> list[str]:
        """Return what papers say: on an open vote in the order of `texts`."""
        return [
            key
            for key, _label in self.choices
            for _paper in (range(self.cleaned_data[key] or 0) if self.secret else self._lines(key))
        ]

    def _lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]


def _who(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs=NAMED_ON_PAPER),
        help_text=_("Uno per riga: numero del libro soci, carta o cognome."),
    )


def _how_many(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "short"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=5_000, widget=widget
    )


class MinutesForm(Form):
    """The number under which the minutes enter the book."""

    beside = {"minutes-protocol-missing": "protocol_number"}

    protocol_number = forms.CharField(
        label=_("Numero del verbale"),
        max_length=60,
        error_messages={"required": _("Scrivi il numero con cui il verbale entra nel libro.")},
        widget=forms.TextInput(attrs={"class": "short"}),
    )
