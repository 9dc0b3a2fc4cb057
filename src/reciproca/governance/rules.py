"""
A policy is its canonical text: the same document always has the same name. No database.

Source: docs/rules/policies.md
"""

import hashlib
import json
from collections.abc import Mapping

import rfc8785
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

LONGEST_DOCUMENT = 100_000


class DocumentUnreadable(DomainError):
    code = "document-unreadable"
    message = _("Il testo non è un documento JSON valido: controlla virgole e parentesi.")
    status = 422


class DocumentTooLong(DomainError):
    code = "document-too-long"
    message = _("Il documento è troppo lungo: controlla di aver scelto il testo giusto.")
    status = 422


class NumberNotExact(DomainError):
    code = "number-not-exact"
    message = _(
        "Un numero con la virgola non è esatto: scrivi le quote come frazioni, per esempio “2/5”."
    )
    status = 422


def canonical(document: Mapping[str, object]) -> str:
    """
    Return a document as RFC 8785 writes it: keys in order, no spaces, one way for every value.

    Raises: NumberNotExact (a number with decimals has no one exact way), DocumentUnreadable.
    """
    if _holds_float(document):
        raise NumberNotExact
    try:
        text = rfc8785.dumps(json.loads(json.dumps(document))).decode()
    except (rfc8785.CanonicalizationError, TypeError) as mistake:
        raise DocumentUnreadable from mistake
    if len(text) > LONGEST_DOCUMENT:
        raise DocumentTooLong
    return text


def digest(text: str) -> str:
    """Return the name of a canonical text: its SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_document(text: str) -> dict[str, object]:
    """Return the document written in a text. Raises: DocumentUnreadable, DocumentTooLong."""
    if len(text) > LONGEST_DOCUMENT:
        raise DocumentTooLong
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as mistake:
        raise DocumentUnreadable from mistake
    if not isinstance(document, dict):
        raise DocumentUnreadable
    return document


def _holds_float(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_float, value))
    return isinstance(value, float)
