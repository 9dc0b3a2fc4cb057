"""Bank files: one credit-transfer file for each debtor, in a format that can be exchanged."""

from reciproca.shared.sepa.dialects import DIALECTS, DialectUnknown, write_file
from reciproca.shared.sepa.files import (
    AccountMissing,
    CreditTransferFile,
    Party,
    Payment,
    PaymentRefused,
    Transfer,
    credit_transfer_files,
)
from reciproca.shared.sepa.text import bounded_id, latin

__all__ = [
    "DIALECTS",
    "AccountMissing",
    "CreditTransferFile",
    "DialectUnknown",
    "Party",
    "Payment",
    "PaymentRefused",
    "Transfer",
    "bounded_id",
    "credit_transfer_files",
    "latin",
    "write_file",
]
