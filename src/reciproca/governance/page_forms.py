"""What the pages of this room ask."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from reciproca.governance.forms import AdoptionIn, ResolutionIn, VotedResolution
from reciproca.governance.rules import read_document
from reciproca.registry.fields import DayField
from reciproca.shared.asking import Form, small_enough
from reciproca.shared.errors import DomainError
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES


class ProposalForm(Form):
    """A policy that is kept, for an assembly to vote on."""

    document = forms.CharField(
        label=_("Criteri"),
        widget=forms.HiddenInput,
        error_messages={"required": _("Torna al passo prima e scrivi i criteri.")},
    )

    def clean_document(self) -> dict[str, object]:
        """Read the document that the step before wrote."""
        try:
            return read_document(self.cleaned_data["document"])
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class GroundForm(ProposalForm):
    """From when a policy that was voted here holds, and the ground on which it may run."""

    beside = {
        "in-force-day-taken": "in_force_on",
        "in-force-too-early": "in_force_on",
        "resolution-already-adopted": "in_force_on",
        "legal-basis-missing": "legal_basis",
    }

    in_force_on = DayField(
        label=_("I criteri valgono dal giorno"),
        error_messages={"required": _("Scegli il primo giorno in cui i criteri valgono.")},
        help_text=_("Gli acquisti di prima seguono i criteri di prima."),
    )
    legal_basis = forms.CharField(
        label=_("Base giuridica"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Scrivi su quale norma, parere o regolamento si fonda.")},
        help_text=_("Perché questo schema è lecito: norma, parere, regolamento."),
    )
    legal_basis_confirmed_by = forms.CharField(
        label=_("Chi l’ha confermata"),
        max_length=200,
        error_messages={"required": _("Scrivi chi ha confermato la base giuridica.")},
        help_text=_("Nome e titolo della persona che se ne assume la responsabilità."),
    )

    def adoption_by(self, resolution: ResolutionIn | VotedResolution) -> AdoptionIn:
        """Return what was written, as the decision of a resolution."""
        given = self.cleaned_data
        return AdoptionIn(
            document=given["document"],
            in_force_on=given["in_force_on"],
            resolution=resolution,
            legal_basis=given["legal_basis"],
            legal_basis_confirmed_by=given["legal_basis_confirmed_by"],
        )


class AdoptionForm(GroundForm):
    """The resolution, taken outside, that adopted a policy, and the ground on which it may run."""

    beside = {
        "document-empty": "minutes",
        "document-not-pdf": "minutes",
        "document-too-large": "minutes",
        "in-force-day-taken": "in_force_on",
        "in-force-too-early": "in_force_on",
        "resolution-already-adopted": "in_force_on",
        "legal-basis-missing": "legal_basis",
        "protocol-missing": "protocol_number",
        "resolution-already-recorded": "protocol_number",
        "resolution-in-future": "adopted_on",
        "title-missing": "title",
    }

    title = forms.CharField(
        label=_("Che cosa è stato deliberato"),
        max_length=200,
        error_messages={"required": _("Scrivi che cosa è stato deliberato.")},
        help_text=_("In una riga, come nel verbale."),
    )
    adopted_on = DayField(
        label=_("Giorno della delibera"),
        error_messages={"required": _("Scegli il giorno in cui l’organo ha deliberato.")},
    )
    protocol_number = forms.CharField(
        label=_("Numero di protocollo"),
        max_length=60,
        error_messages={"required": _("Scrivi il numero con cui la delibera è protocollata.")},
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    minutes = forms.FileField(
        label=_("Verbale, in PDF"),
        error_messages={"required": _("Allega il verbale della delibera, in PDF.")},
    )

    def clean_minutes(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is too large before it is read into memory."""
        return small_enough(self.cleaned_data["minutes"], LARGEST_DOCUMENT_BYTES)

    def adoption(self, *, body_id: UUID) -> AdoptionIn:
        """Return what was written, as the decision of one body."""
        given = self.cleaned_data
        return self.adoption_by(
            ResolutionIn(
                body_id=body_id,
                title=given["title"],
                adopted_on=given["adopted_on"],
                protocol_number=given["protocol_number"],
                document_name=given["minutes"].name,
                document=given["minutes"].read(),
            )
        )
