"""Finding a member who has no card with them."""

from dataclasses import dataclass
from uuid import UUID

from reciproca.registry import queries as registry
from reciproca.tills.access import DeviceHere

MOST_FOUND = 8
SHORTEST_TEXT = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Who belongs to the cooperative, by name and number in its register; None before that."""

    membership: UUID
    name: str
    number: int | None


def search_members(*, device: DeviceHere, text: str) -> list[Found]:
    """Return a few people that a text may mean, who belong here or asked to, in three queries."""
    if len(text.strip()) < SHORTEST_TEXT and not text.strip().isdigit():
        return []
    page = registry.members_page(
        cooperative_id=device.organisation_id, text=text, state="live", number=1
    )
    return [Found(row.id, row.name, row.number) for row in page][:MOST_FOUND]
