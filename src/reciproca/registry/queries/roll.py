"""Who is on a roll of electors: the members of a register on a day, or every person of any."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from reciproca.shared.arrays import array_of_uuids


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member on a day; `number` is None where the roll is of no one register."""

    member_id: UUID
    number: int | None
    is_person: bool
    financing: bool


# Suspended is whoever's last step by that day says so; who left that very day is gone.
MEMBERS = """
SELECT m.member_id, m.number, n.kind = 'person' AS is_person,
  m.kind = 'financing_member' AS financing
FROM registry_membership m JOIN registry_node n ON n.id = m.member_id
WHERE m.number IS NOT NULL AND m.registered_on <= LEAST(%(on)s, %(entered_by)s)
  AND (m.left_on IS NULL OR m.left_on > %(on)s)
  AND (%(cooperative)s::uuid IS NULL OR m.cooperative_id = %(cooperative)s)
  AND (%(members)s::uuid[] IS NULL OR m.member_id = ANY(%(members)s::uuid[]))
  AND 'suspended' IS DISTINCT FROM (
    SELECT e.state FROM registry_membershipevent e
    WHERE e.membership_id = m.id AND e.happened_on <= %(on)s
    ORDER BY e.happened_on DESC, e.id DESC LIMIT 1)
"""


def roll_lines(
    *,
    cooperative_id: UUID,
    on: date,
    entered_by: date | None = None,
    members: Collection[UUID] | None = None,
) -> list[RollLine]:
    """
    Return who of a register is a member at the end of a day and not suspended, by number.

    With `entered_by` only those whom the register has since that day. One SQL query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            MEMBERS + " ORDER BY m.number, m.id",
            {
                "on": on,
                "entered_by": entered_by or on,
                "cooperative": cooperative_id,
                "members": None if members is None else array_of_uuids(members),
            },
        )
        return [RollLine(*row) for row in cursor.fetchall()]


def people_on_roll(*, on: date, entered_by: date | None = None) -> list[RollLine]:
    """
    Return every person who is in any register, each once however many they are in; one SQL query.

    Two entries of one person are one since they were merged: an entry stands for an identity.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT member_id FROM ({MEMBERS}) AS lines WHERE is_person"  # noqa: S608
            " ORDER BY member_id",
            {"on": on, "entered_by": entered_by or on, "cooperative": None, "members": None},
        )
        return [RollLine(member, None, True, False) for (member,) in cursor.fetchall()]
