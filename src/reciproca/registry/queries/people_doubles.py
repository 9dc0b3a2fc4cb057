"""Entries that may be one person: what is alike of them, for who may merge them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from reciproca.ledger.queries import nodes_with_accounts
from reciproca.registry.models import LIVE_STATES, Card, Membership, Merge, Node, NodeKind, User
from reciproca.registry.queries.nodes import names_of_users
from reciproca.registry.rules import likeness_of_people

# The same words in any order: a file writes "Rossi Mario", a person "Mario Rossi".
ALIKE = """
WITH known AS MATERIALIZED (
  SELECT n.id, n.name, n.municipality_id AS place, p.born_on, p.tax_code, lower(p.email) AS email,
    regexp_replace(p.phone, '\\D', '', 'g') AS phone,
    array_to_string(ARRAY(
      SELECT word FROM regexp_split_to_table(n.name_key, '[^a-z0-9]+') AS word
      WHERE word <> '' ORDER BY word), ' ') AS words
  FROM registry_node n JOIN registry_person p ON p.node_id = n.id
  WHERE n.kind = 'person' AND n.closed_at IS NULL AND (%(own)s::uuid IS NULL OR EXISTS (
    SELECT FROM registry_membership m WHERE m.member_id = n.id AND m.cooperative_id = %(own)s))
)
SELECT a.id, a.name, b.id, b.name,
  coalesce(a.born_on = b.born_on, false), a.email <> '' AND a.email = b.email,
  a.phone <> '' AND a.phone = b.phone, coalesce(a.place = b.place, false)
FROM known a JOIN known b ON a.words = b.words AND a.id < b.id
WHERE NOT (a.tax_code <> '' AND b.tax_code <> '')
  AND (a.born_on IS NULL OR b.born_on IS NULL OR a.born_on = b.born_on)
  AND NOT EXISTS (SELECT FROM registry_notthesame t WHERE t.one_id = a.id AND t.other_id = b.id)
"""


@dataclass(frozen=True, slots=True)
class LikePeople:
    """Two entries of one name, and what else is alike; `likeness` in hundredths."""

    one_id: UUID
    one_name: str
    other_id: UUID
    other_name: str
    same_birth: bool
    same_email: bool
    same_phone: bool
    same_place: bool

    @property
    def likeness(self) -> int:
        return likeness_of_people(
            same_birth=self.same_birth,
            same_email=self.same_email,
            same_phone=self.same_phone,
            same_place=self.same_place,
        )


@dataclass(frozen=True, slots=True)
class PersonSide:
    """One of two entries: who it says it is, and how much hangs on it, in counts."""

    id: UUID
    name: str
    born_on: date | None
    tax_code: str
    place: str
    opened_at: datetime
    membership_count: int
    card_count: int
    signs_in: bool
    has_value: bool


@dataclass(frozen=True, slots=True)
class PeoplePair:
    """Two people side by side."""

    one: PersonSide
    other: PersonSide


@dataclass(frozen=True, slots=True)
class PeopleMergeRow:
    """A merge of two people as the list shows it."""

    id: UUID
    name: str
    by: str
    merged_at: datetime
    undone_at: datetime | None


def like_people(*, cooperative_id: UUID | None) -> list[LikePeople]:
    """
    Return the entries that may be one person, the likeliest first, in one SQL query.

    Of a cooperative those that are both in its register; of None all. Two tax codes or two birth
    days are two people.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, {"own": cooperative_id})
        found = [LikePeople(*row) for row in cursor.fetchall()]
    alike = [pair for pair in found if pair.likeness]
    return sorted(alike, key=lambda pair: (-pair.likeness, pair.one_name, pair.one_id))


def people_pair(*, one_id: UUID, other_id: UUID, cooperative_id: UUID | None) -> PeoplePair | None:
    """Return two open entries of people, None where one is not there for who asks."""
    nodes = Node.objects.filter(
        pk__in=[one_id, other_id], kind=NodeKind.PERSON, closed_at=None
    ).select_related("person", "municipality")
    if cooperative_id is not None:
        lines = Membership.objects.filter(cooperative=cooperative_id)
        nodes = nodes.filter(pk__in=lines.values("member"))
    found = {node.id: node for node in nodes}
    if one_id == other_id or len(found) < 2:
        return None
    valued = nodes_with_accounts([one_id, other_id])
    one, other = (_side(found[node], node in valued) for node in (one_id, other_id))
    return PeoplePair(one, other)


def people_merges(*, cooperative_id: UUID | None) -> list[PeopleMergeRow]:
    """Return the merges of people, the latest first, in two SQL queries."""
    merges = Merge.objects.filter(merged__kind=NodeKind.PERSON).select_related("heir")
    if cooperative_id is not None:
        lines = Membership.objects.filter(cooperative=cooperative_id)
        merges = merges.filter(heir__in=lines.values("member"))
    done = list(merges.order_by("-merged_at", "id"))
    names = names_of_users({each.merged_by for each in done if each.merged_by})
    return [
        PeopleMergeRow(
            id=each.id,
            name=each.heir.name,
            by=names.get(each.merged_by, "") if each.merged_by else "",
            merged_at=each.merged_at,
            undone_at=each.undone_at,
        )
        for each in done
    ]


def _side(node: Node, has_value: bool) -> PersonSide:
    lines = Membership.objects.filter(member=node, state__in=LIVE_STATES)
    return PersonSide(
        id=node.id,
        name=node.name,
        born_on=node.person.born_on,
        tax_code=node.person.tax_code,
        place=str(node.municipality or ""),
        opened_at=node.opened_at,
        membership_count=lines.count(),
        card_count=Card.objects.filter(person=node).count(),
        signs_in=User.objects.filter(person=node).exists(),
        has_value=has_value,
    )
