"""Files handed in as evidence: an assembly's minutes, a bank's receipt."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.models import LARGEST_DOCUMENT_BYTES, Document

PDF = "application/pdf"


class DocumentEmpty(DomainError):
    code = "document-empty"
    message = _("Il documento è vuoto: scegli il file giusto e riprova.")
    status = 422


class DocumentTooLarge(DomainError):
    code = "document-too-large"
    message = _("Il documento supera i 10 MB: salvalo in forma più leggera e riprova.")
    status = 413


class DocumentNotPdf(DomainError):
    code = "document-not-pdf"
    message = _("Questo file non è un PDF: salva il documento come PDF e riprova.")
    status = 422


def keep_pdf(*, name: str, content: bytes, added_by: UUID | None) -> Document:
    """
    Keep a PDF whole, for good, and return it; what the file is, its first bytes say.

    Raises: DocumentEmpty, DocumentTooLarge, DocumentNotPdf.
    """
    if not content:
        raise DocumentEmpty
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise DocumentTooLarge
    if not content.startswith(b"%PDF-"):
        raise DocumentNotPdf
    return Document.objects.create(
        name=name[:200],
        content_type=PDF,
        digest=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content=content,
        added_by=added_by,
    )
