"""The formats a bank file may be written in. A bank's own variant is one more entry here."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.sepa.files import CreditTransferFile
from reciproca.shared.sepa.iso20022 import pain_001_001_09

Dialect = Callable[[CreditTransferFile, datetime], bytes]

DEFAULT = "pain.001.001.09"
DIALECTS: dict[str, Dialect] = {DEFAULT: pain_001_001_09}


class DialectUnknown(DomainError):
    code = "bank-format-unknown"
    message = _("Il formato “%(dialect)s” non c'è: si può scegliere fra %(known)s.")
    status = 422


def write_file(*, file: CreditTransferFile, created_at: datetime, dialect: str = DEFAULT) -> bytes:
    """
    Return the bytes of a file; the same file of the same instant gives the same bytes.

    Raises: DialectUnknown.
    """
    write = DIALECTS.get(dialect)
    if write is None:
        raise DialectUnknown(dialect=dialect, known=", ".join(sorted(DIALECTS)))
    return write(file, created_at)
