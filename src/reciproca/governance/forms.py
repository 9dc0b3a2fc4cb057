"""The shapes in which decisions come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResolutionIn:
    """A decision that a body took outside this software; the minutes as the bytes of a PDF."""

    body_id: UUID
    title: str
    adopted_on: date
    protocol_number: str
    document_name: str = ""
    document: bytes = b""


@dataclass(frozen=True, slots=True)
class VotedResolution:
    """A decision that was voted here."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AdoptionIn:
    """
    A policy that a body adopted, and the ground on which it may lawfully run.

    `legal_basis` says why the scheme is lawful, `legal_basis_confirmed_by` who confirmed it.
    """

    document: Mapping[str, object]
    in_force_on: date
    resolution: ResolutionIn | VotedResolution
    legal_basis: str
    legal_basis_confirmed_by: str
