"""What the pages of bodies and assemblies ask, by what they are about."""

from reciproca.assemblies.page_forms.bodies import BodyForm, PluralVotesForm, SeatForm, StatuteForm
from reciproca.assemblies.page_forms.day import (
    DoorForm,
    FloorForm,
    MinutesForm,
    OwnProxyForm,
    ProxyForm,
    SessionForm,
)
from reciproca.assemblies.page_forms.fields import pdf_of
from reciproca.assemblies.page_forms.motions import AmendmentForm, MotionForm
from reciproca.assemblies.page_forms.preparing import (
    AssemblyForm,
    AttachmentForm,
    CallForm,
    ItemForm,
    SendingForm,
)

__all__ = [
    "AmendmentForm",
    "AssemblyForm",
    "AttachmentForm",
    "BodyForm",
    "CallForm",
    "DoorForm",
    "FloorForm",
    "ItemForm",
    "MinutesForm",
    "MotionForm",
    "OwnProxyForm",
    "PluralVotesForm",
    "ProxyForm",
    "SeatForm",
    "SendingForm",
    "SessionForm",
    "StatuteForm",
    "pdf_of",
]
