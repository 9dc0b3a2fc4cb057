"""What the registry's pages ask."""

from reciproca.registry.page_forms.mandates import (
    AnswerForm,
    ClaimForm,
    InviteForm,
    KeyForm,
    MandateForm,
    WelcomeForm,
)
from reciproca.registry.page_forms.organisations import (
    FundForm,
    OpeningForm,
    OpeningPageForm,
    OrganisationForm,
)
from reciproca.registry.page_forms.people import ApplicantForm, DetailsForm, NewcomerForm
from reciproca.registry.page_forms.register import CapitalForm, StepForm, TransferForm

__all__ = [
    "AnswerForm",
    "ApplicantForm",
    "CapitalForm",
    "ClaimForm",
    "DetailsForm",
    "FundForm",
    "InviteForm",
    "KeyForm",
    "MandateForm",
    "NewcomerForm",
    "OpeningForm",
    "OpeningPageForm",
    "OrganisationForm",
    "StepForm",
    "TransferForm",
    "WelcomeForm",
]
