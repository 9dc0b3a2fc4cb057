"""
What a policy document of each kind must look like, and how it reads aloud.

This room keeps documents and knows none of them: the room that runs a kind hands in its reader.

    register_schema(kind="value-back", check=ValueBackPolicy.from_document, sentences=sentences)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

Document = Mapping[str, object]


class PolicyKindUnknown(DomainError):
    code = "policy-kind-not-registered"
    message = _("Nessuno qui sa applicare criteri di tipo “%(kind)s”.")
    status = 422


@dataclass(frozen=True, slots=True)
class Schema:
    """
    A kind of policy.

    `check` raises a DomainError for a document it cannot run; `sentences` says in plain words, in
    the language of the moment, what a checked document does.
    """

    kind: str
    title: str | Promise
    check: Callable[[Document], object]
    sentences: Callable[[Document], Sequence[str]]


_schemas: dict[str, Schema] = {}


def register_schema(schema: Schema, /) -> None:
    """Hand in how documents of a kind are checked and read; once per kind."""
    assert schema.kind not in _schemas, f"two schemas are called {schema.kind}"
    _schemas[schema.kind] = schema


def schema_of(kind: object) -> Schema:
    """Return the schema of a kind. Raises: PolicyKindUnknown."""
    if not isinstance(kind, str) or kind not in _schemas:
        raise PolicyKindUnknown(kind=kind)
    return _schemas[kind]
