"""What the pages of this room ask: a ballot paper, and votes that come in by other hands."""

from reciproca.ballots.page_forms.desk import (
    AssistedForm,
    PaperLinesForm,
    PaperNamesForm,
    UrnHeapsForm,
    UrnLinesForm,
)
from reciproca.ballots.page_forms.paper import BallotPaperForm

__all__ = [
    "AssistedForm",
    "BallotPaperForm",
    "PaperLinesForm",
    "PaperNamesForm",
    "UrnHeapsForm",
    "UrnLinesForm",
]
