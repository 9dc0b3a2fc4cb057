"""What the registry's pages ask."""

from reciproca.registry.page_forms.mandates import AnswerForm, ClaimForm, KeyForm, MandateForm
from reciproca.registry.page_forms.organisations import FundForm, OpeningForm, OrganisationForm
from reciproca.registry.page_forms.people import ApplicantForm, DetailsForm, NewcomerForm
from reciproca.registry.page_forms.register import CapitalForm, StepForm, TransferForm

__all__ = [
    "AnswerForm",
    "ApplicantForm",
    "CapitalForm",
    "ClaimForm",
    "DetailsForm",
    "FundForm",
    "KeyForm",
    "MandateForm",
    "NewcomerForm",
    "OpeningForm",
    "OrganisationForm",
    "StepForm",
    "TransferForm",
]
