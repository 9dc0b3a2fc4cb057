"""Reads of what was decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.governance.rules import canonical
from reciproca.governance.rules import digest as digest_of
from reciproca.governance.schemas import Document, schema_of
from reciproca.shared import models as shared
from reciproca.shared.prepared import fetch

MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy, as its canonical text, and the day from which it runs."""

    digest: str
    in_force_on: date
    document: str


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """
    One adoption as a page shows it; `ends_on` is None for the one without a successor.

    `ballot_id` is None for one by a resolution that was taken outside.
    """

    digest: str
    kind: str
    kind_title: str
    title: str
    in_force_on: date
    ends_on: date | None
    adopted_on: date
    body: str
    protocol_number: str
    resolution_id: UUID
    ballot_id: UUID | None
    minutes_id: UUID | None
    legal_basis: str
    legal_basis_confirmed_by: str

    @property
    def is_voted(self) -> bool:
        return self.ballot_id is not None

    def is_in_force(self, on: date) -> bool:
        return self.in_force_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, slots=True)
class ResolutionRow:
    """
    A resolution of a body; `adopted` are the policies that run because of it.

    `ballot_id` is None for one that was taken outside; `policy_document` is the text of the policy
    that it adopts, empty for any other.
    """

    id: UUID
    body_id: UUID
    title: str
    text: str
    adopted_on: date
    protocol_number: str
    ballot_id: UUID | None
    policy_digest: str
    policy_document: str
    adopted: Sequence[AdoptionRow]


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy nobody has adopted yet, as it reads."""

    title: str
    kind_title: str
    digest: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """
    A policy for everybody to read: what it does in words, its text, who adopted it and when.

    There are no `sentences` where the text is not the one that its hash names: nobody reads out any
    other.
    """

    digest: str
    title: str
    kind_title: str
    sentences: Sequence[str]
    document: str
    adoptions: Sequence[AdoptionRow]


def adopted_policies(*, kind: str) -> list[Adopted]:
    """Return the adopted policies of a kind by the day they came into force, in one SQL query."""
    rows = fetch(
        "SELECT a.policy_id, a.in_force_on, p.document FROM governance_adoption a"
        " JOIN governance_policy p ON p.digest = a.policy_id WHERE a.kind = %s"
        " ORDER BY a.in_force_on, a.id",
        [kind],
    )
    return [Adopted(*row) for row in rows]


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
    intact = digest_of(policy.document) == policy.digest
    return PolicyPage(
        digest=policy.digest,
        title=policy.title,
        kind_title=str(schema.title),
        sentences=schema.sentences(json.loads(policy.document)) if intact else (),
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


def resolution(*, resolution_id: UUID) -> ResolutionRow | None:
    """Return a resolution and what it adopted, None for an id that names none; two SQL queries."""
    row = Resolution.objects.select_related("policy").filter(pk=resolution_id).first()
    if row is None:
        return None
    return ResolutionRow(
        id=row.id,
        body_id=row.body_id,
        title=row.title,
        text=row.text,
        adopted_on=row.adopted_on,
        protocol_number=row.protocol_number,
        ballot_id=row.ballot,
        policy_digest=row.policy_id or "",
        policy_document=row.policy.document if row.policy else "",
        adopted=[each for each in adoptions() if each.resolution_id == row.id],
    )


def voted_and_not_adopted(*, body_id: UUID) -> list[ResolutionRow]:
    """Return the voted resolutions of a body whose policy does not run yet; one SQL query more."""
    waiting = Resolution.objects.select_related("policy").filter(
        body_id=body_id, policy__isnull=False, adoptions=None
    )
    return [
        ResolutionRow(
            id=row.id,
            body_id=row.body_id,
            title=row.title,
            text=row.text,
            adopted_on=row.adopted_on,
            protocol_number=row.protocol_number,
            ballot_id=row.ballot,
            policy_digest=row.policy_id or "",
            policy_document=row.policy.document if row.policy else "",
            adopted=(),
        )
        for row in waiting.order_by("adopted_on", "id")
    ]


def is_kept(*, digest: str) -> bool:
    """Tell whether this hash names a policy that is kept, adopted or not."""
    return Policy.objects.filter(pk=digest).exists()


def never_adopted() -> list[tuple[str, str]]:
    """Return (hash, title) of the kept policies that nobody adopted, latest first; one query."""
    waiting = Policy.objects.filter(adoptions=None).order_by("-recorded_at", "digest")
    return list(waiting.values_list("digest", "title")[:MOST_WAITING])


def minutes(*, document_id: UUID) -> shared.Document | None:
    """Return the minutes of a recorded resolution, None for any other document."""
    return shared.Document.objects.filter(
        pk=document_id, pk__in=Adoption.objects.values("resolution__document")
    ).first()


def _row(row: Adoption, *, ends_on: date | None) -> AdoptionRow:
    return AdoptionRow(
        digest=row.policy_id,
        kind=row.kind,
        kind_title=str(schema_of(row.kind).title),
        title=row.policy.title,
        in_force_on=row.in_force_on,
        ends_on=ends_on,
        adopted_on=row.resolution.adopted_on,
        body=row.resolution.body.name,
        protocol_number=row.resolution.protocol_number,
        resolution_id=row.resolution_id,
        ballot_id=row.resolution.ballot,
        minutes_id=row.resolution.document_id,
        legal_basis=row.legal_basis,
        legal_basis_confirmed_by=row.legal_basis_confirmed_by,
    )
