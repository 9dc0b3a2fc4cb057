"""Entries of organisations that may be one and the same, and who says that one is theirs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID

from django.db.models import Q, QuerySet

from reciproca.ledger.queries import nodes_with_accounts
from reciproca.registry.models import (
    LIVE_STATES,
    ApiKey,
    Claim,
    ClaimState,
    ExternalId,
    Mandate,
    Membership,
    Merge,
    Node,
    NodeKind,
    NotTheSame,
)
from reciproca.registry.names import core_name, likeness_percent
from reciproca.registry.places import plain_words
from reciproca.registry.queries.nodes import names_of_users

KINDS = [NodeKind.COOPERATIVE, NodeKind.COMPANY, NodeKind.PURCHASING_GROUP]


@dataclass(frozen=True, slots=True)
class LikePair:
    """Two entries with nearly the same name in the same municipality; `likeness` in hundredths."""

    one_id: UUID
    one_name: str
    one_tax_code: str
    other_id: UUID
    other_name: str
    other_tax_code: str
    place: str
    likeness: int


@dataclass(frozen=True, slots=True)
class EntrySide:
    """One of two entries, and how much hangs on it: counts only."""

    id: UUID
    name: str
    legal_name: str
    kind_title: str
    tax_code: str
    vat_number: str
    certified_email: str
    address: str
    place: str
    opened_at: datetime
    member_count: int
    mandate_count: int
    key_count: int
    code_count: int
    has_value: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries side by side, and how alike their names are (None: not so that one would ask)."""

    one: EntrySide
    other: EntrySide
    likeness: int | None


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge as the list shows it."""

    id: UUID
    merged_name: str
    heir_id: UUID
    heir_name: str
    by: str
    merged_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Somebody says that they manage an organisation."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    person_name: str
    words: str
    state: str
    state_title: str
    claimed_at: datetime
    answer: str


def like_pairs(*, text: str = "") -> list[LikePair]:
    """
    Return the pairs of open organisations that may be one, the likeliest first; two SQL queries.

    Those that somebody said are two are left out. Every two of a municipality are compared: quick
    for some hundreds in each, which is as many as a town has. `text` is a part of one of the names
    or of the place.
    """
    nodes = Node.objects.filter(kind__in=KINDS, closed_at=None, municipality__isnull=False)
    columns = ("id", "organisation__legal_name", "organisation__tax_code")
    placed: dict[str, list[tuple[UUID, str, str, str]]] = defaultdict(list)
    rows = nodes.select_related("municipality").order_by("id")
    for node_id, name, code, place, sigla in rows.values_list(
        *columns, "municipality__name", "municipality__province_sigla"
    ):
        placed[f"{place} ({sigla})"].append((node_id, name, code, core_name(name)))
    apart = set(NotTheSame.objects.values_list("one", "other"))
    found = [
        LikePair(*one[:3], *other[:3], place=place, likeness=alike)
        for place, listed in placed.items()
        for one, other in combinations(listed, 2)
        if (one[0], other[0]) not in apart
        and (alike := likeness_percent(one=one[3], other=other[3])) is not None
    ]
    sought = plain_words(text)
    kept = [pair for pair in found if not sought or _is_named(pair, sought)]
    return sorted(kept, key=lambda pair: (-pair.likeness, pair.one_name, pair.one_id))


def _is_named(pair: LikePair, words: Sequence[str]) -> bool:
    said = " ".join(plain_words(f"{pair.one_name} {pair.other_name} {pair.place}"))
    return all(word in said for word in words)


def pair_named(*, one_id: UUID, other_id: UUID, on: date) -> Pair | None:
    """Return two open organisations side by side, None where one of them is not there."""
    nodes = Node.objects.filter(pk__in=[one_id, other_id], kind__in=KINDS, closed_at=None)
    found = {node.id: node for node in nodes.select_related("organisation", "municipality")}
    if one_id == other_id or len(found) < 2:
        return None
    valued = nodes_with_accounts([one_id, other_id])
    one, other = (_side(found[node], on, node in valued) for node in (one_id, other_id))
    alike = likeness_percent(one=core_name(one.legal_name), other=core_name(other.legal_name))
    return Pair(one, other, alike)


def merge_rows() -> list[MergeRow]:
    """Return the merges, the latest first, in two SQL queries."""
    done = Merge.objects.filter(merged__kind__in=KINDS).select_related("merged", "heir")
    merges = list(done.order_by("-merged_at", "id"))
    names = names_of_users({each.merged_by for each in merges if each.merged_by})
    return [
        MergeRow(
            id=each.id,
            merged_name=each.merged.name,
            heir_id=each.heir_id,
            heir_name=each.heir.name,
            by=names.get(each.merged_by, "") if each.merged_by else "",
            merged_at=each.merged_at,
            undone_at=each.undone_at,
        )
        for each in merges
    ]


def claims(*, decided: bool, text: str = "") -> list[ClaimRow]:
    """
    Return the claims that wait, the oldest first; or those decided, the latest first.

    `text` is a part of the organisation's or the person's name.
    """
    found = Claim.objects.select_related("organisation", "person")
    for word in plain_words(text):
        named = Q(organisation__name_key__contains=word) | Q(person__name_key__contains=word)
        found = found.filter(named)
    ordered: QuerySet[Claim] = (
        found.exclude(state=ClaimState.OPEN).order_by("-decided_at", "id")
        if decided
        else found.filter(state=ClaimState.OPEN).order_by("claimed_at", "id")
    )
    return _claim_rows(list(ordered))


def open_claim(*, person_id: UUID, organisation_id: UUID) -> bool:
    """Return whether a person's claim to an organisation waits for an answer."""
    waiting = Claim.objects.filter(state=ClaimState.OPEN, organisation=organisation_id)
    return waiting.filter(person=person_id).exists()


def has_manager(*, organisation_id: UUID, on: date) -> bool:
    """Return whether anybody manages an organisation on a day, or will."""
    acting = Mandate.objects.not_over(on=on).filter(organisation=organisation_id)
    return acting.filter(role="manager").exists()


def _claim_rows(found: Sequence[Claim]) -> list[ClaimRow]:
    return [
        ClaimRow(
            id=each.id,
            organisation_id=each.organisation_id,
            organisation_name=each.organisation.name,
            person_name=each.person.name,
            words=each.words,
            state=each.state,
            state_title=each.get_state_display(),
            claimed_at=each.claimed_at,
            answer=each.answer,
        )
        for each in found
    ]


def _side(node: Node, on: date, has_value: bool) -> EntrySide:
    own = node.organisation
    return EntrySide(
        id=node.id,
        name=node.name,
        legal_name=own.legal_name,
        kind_title=node.get_kind_display(),
        tax_code=own.tax_code,
        vat_number=own.vat_number,
        certified_email=own.certified_email,
        address=node.address,
        place=str(node.municipality or ""),
        opened_at=node.opened_at,
        member_count=Membership.objects.filter(cooperative=node, state__in=LIVE_STATES).count(),
        mandate_count=Mandate.objects.not_over(on=on).filter(organisation=node).count(),
        key_count=ApiKey.objects.filter(organisation=node, revoked_at=None).count(),
        code_count=ExternalId.objects.filter(node=node).count(),
        has_value=has_value,
    )
