"""The front door: what a manager, and then the year's close, does with a refund."""

from reciproca.refunds.accounts import attach_resolution, enter_accounts, enter_claims
from reciproca.refunds.paying import BankFile, cash_file, confirm_cash_payments
from reciproca.refunds.running import run_key, run_refund

__all__ = [
    "BankFile",
    "attach_resolution",
    "cash_file",
    "confirm_cash_payments",
    "enter_accounts",
    "enter_claims",
    "run_key",
    "run_refund",
]
