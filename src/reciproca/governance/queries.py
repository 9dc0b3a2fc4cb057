"""Reads of what was decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from reciproca.governance.models import Adoption, Policy
from reciproca.governance.rules import canonical
from reciproca.governance.rules import digest as digest_of
from reciproca.governance.schemas import Document, schema_of
from reciproca.shared import models as shared


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy, as its canonical text, and the day from which it runs."""

    digest: str
    in_force_on: date
    document: str


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """One adoption as a page shows it; `ends_on` is None for the one without a successor."""

    digest: str
    kind_title: str
    title: str
    in_force_on: date
    ends_on: date | None
    adopted_on: date
    body: str
    protocol_number: str
    minutes_id: UUID | None
    legal_basis: str
    legal_basis_confirmed_by: str

    def is_in_force(self, on: date) -> bool:
        return self.in_force_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy nobody has adopted yet, as it reads."""

    title: str
    kind_title: str
    digest: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy for everybody to read: what it does in words, its text, who adopted it and when."""

    digest: str
    title: str
    kind_title: str
    sentences: Sequence[str]
    document: str
    adoptions: Sequence[AdoptionRow]


def adopted_policies(*, kind: str) -> list[Adopted]:
    """Return the adopted policies of a kind by the day they came into force, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.policy_id, a.in_force_on, p.document FROM governance_adoption a"
            " JOIN governance_policy p ON p.digest = a.policy_id WHERE a.kind = %s"
            " ORDER BY a.in_force_on, a.id",
            [kind],
        )
        return [Adopted(*row) for row in cursor.fetchall()]


def adoptions() -> list[AdoptionRow]:
    """Return every adoption, the latest to come into force first, in one SQL query."""
    rows = Adoption.objects.select_related("policy", "resolution__body")
    begins_next: dict[str, date] = {}
    found = []
    for row in rows.order_by("-in_force_on", "-id"):
        found.append(_row(row, ends_on=begins_next.get(row.kind)))
        begins_next[row.kind] = row.in_force_on
    return found


def policy_page(*, digest: str) -> PolicyPage | None:
    """Return what is published of a policy, None for a hash that names none."""
    policy = Policy.objects.filter(pk=digest).first()
    if policy is None:
        return None
    schema = schema_of(policy.kind)
    return PolicyPage(
        digest=policy.digest,
        title=policy.title,
        kind_title=str(schema.title),
        sentences=schema.sentences(json.loads(policy.document)),
        document=policy.document,
        adoptions=[row for row in adoptions() if row.digest == digest],
    )


def read_aloud(*, document: Document) -> PolicyDraft:
    """
    Return what a policy would do, with the hash that would name it; nothing is kept.

    Raises: PolicyKindUnknown, what the kind's own check raises, what `rules.canonical` raises.
    """
    schema = schema_of(document.get("kind"))
    schema.check(document)
    text = canonical(document)
    return PolicyDraft(
        title=str(document.get("title", "")),
        kind_title=str(schema.title),
        digest=digest_of(text),
        sentences=schema.sentences(document),
    )


def minutes(*, document_id: UUID) -> shared.Document | None:
    """Return the minutes of a recorded resolution, None for any other document."""
    return shared.Document.objects.filter(
        pk=document_id, pk__in=Adoption.objects.values("resolution__document")
    ).first()


def _row(row: Adoption, *, ends_on: date | None) -> AdoptionRow:
    return AdoptionRow(
        digest=row.policy_id,
        kind_title=str(schema_of(row.kind).title),
        title=row.policy.title,
        in_force_on=row.in_force_on,
        ends_on=ends_on,
        adopted_on=row.resolution.adopted_on,
        body=row.resolution.body.name,
        protocol_number=row.resolution.protocol_number,
        minutes_id=row.resolution.document_id,
        legal_basis=row.legal_basis,
        legal_basis_confirmed_by=row.legal_basis_confirmed_by,
    )
