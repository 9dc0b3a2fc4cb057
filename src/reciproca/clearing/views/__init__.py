"""Pages of who owes whom."""

from reciproca.clearing.views.netting import (
    asked_of,
    bank_file,
    bank_files,
    obligation,
    obligations,
    overview,
    run,
    runs,
    settlement,
)
from reciproca.clearing.views.set_off import (
    set_off,
    set_off_closing,
    set_off_own,
    set_off_party,
    set_off_withdrawal,
    set_offs,
)

__all__ = [
    "asked_of",
    "bank_file",
    "bank_files",
    "obligation",
    "obligations",
    "overview",
    "run",
    "runs",
    "set_off",
    "set_off_closing",
    "set_off_own",
    "set_off_party",
    "set_off_withdrawal",
    "set_offs",
    "settlement",
]
