"""What the pages of netting and settlement ask."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.clearing.actions import Confirmation, ReferenceUsed
from reciproca.clearing.models import Payment
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError

DAYS_TO_ANSWER = 14


class RunForm(Form):
    """The name of a period, and its last day."""

    beside = {"label-missing": "label", "label-taken": "label", "period-not-over": "until"}

    label = forms.CharField(
        label=_("Nome del periodo"),
        max_length=40,
        error_messages={"required": _("Dai un nome al periodo.")},
        help_text=_("Per esempio “3º trimestre 2026”: resta scritto sui bonifici."),
    )
    until = DayField(label=_("Fino al giorno"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"until": timezone.localdate()})


class ProposalForm(Form):
    """The name of a proposal, the last day of its debts, and the last day to answer it."""

    beside = {
        "label-missing": "label",
        "label-taken": "label",
        "period-not-over": "until",
        "answers-by-past": "answers_by",
    }

    label = forms.CharField(
        label=_("Nome della proposta"),
        max_length=40,
        error_messages={"required": _("Dai un nome alla proposta.")},
        help_text=_("Per esempio “Cerchi di marzo 2026”."),
    )
    until = DayField(label=_("Debiti fino al giorno"))
    answers_by = DayField(
        label=_("Si risponde entro il"),
        help_text=_("Dopo quel giorno chi non ha risposto resta fuori."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        today = timezone.localdate()
        days = {"until": today, "answers_by": today + timedelta(days=DAYS_TO_ANSWER)}
        super().__init__(data, initial=days)


class AnswerForm(Form):
    """Whether a node takes part."""

    accepted = forms.ChoiceField(
        label=_("La risposta"),
        choices=[("yes", _("Accetto")), ("no", _("Non accetto"))],
        error_messages={"required": _("Scegli se accettare o no.")},
    )


class SettlementForm(Form):
    """The day on which the bank paid, and its reference of each payment."""

    beside = {"settled-in-future": "settled_on"}

    settled_on = DayField(label=_("Giorno del pagamento"))

    def __init__(self, data: QueryDict | None, *, payments: Sequence[Payment]) -> None:
        super().__init__(data, initial={"settled_on": timezone.localdate()})
        self.payments = payments
        for payment in payments:
            self.fields[_name(payment.id)] = forms.CharField(
                label=_("Riferimento della banca, da %(debtor)s a %(creditor)s")
                % {"debtor": payment.debtor.name, "creditor": payment.creditor.name},
                max_length=60,
                error_messages={"required": _("Scrivi il riferimento della banca.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def rows(self) -> list[tuple[Payment, BoundField]]:
        """Return each payment with the field for its reference."""
        return [(payment, self[_name(payment.id)]) for payment in self.payments]

    def confirmations(self) -> list[Confirmation]:
        """Return what was written."""
        return [
            Confirmation(payment.id, self.cleaned_data[_name(payment.id)])
            for payment in self.payments
        ]

    def refuse(self, refusal: DomainError) -> None:
        """Add what an action refused; a reference that was used stands where it was written."""
        used = refusal.params.get("reference") if isinstance(refusal, ReferenceUsed) else None
        places = [name for name, told in self.cleaned_data.items() if told == used]
        if used and places:
            self.add_error(places[-1], str(refusal))
        else:
            super().refuse(refusal)


def _name(payment_id: UUID) -> str:
    return f"reference-{payment_id}"
