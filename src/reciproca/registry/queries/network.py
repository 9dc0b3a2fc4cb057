"""What the control room asks of the registry: counts of cooperatives and members, never a name."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from reciproca.registry.models import (
    Invitation,
    Mandate,
    Membership,
    Node,
    NodeKind,
    Organisation,
    Sector,
)
from reciproca.registry.queries.directory import SELLERS


@dataclass(frozen=True, slots=True)
class SectorCount:
    """A sector and how many cooperatives of it take part: a cluster of the network's drawing."""

    key: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class MemberGrowth:
    """How many people were in any register at the beginning and at the end of some time."""

    before: int
    after: int

    @property
    def more(self) -> int:
        return self.after - self.before

    @property
    def fewer(self) -> int:
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A cooperative that takes part, with its sector."""

    id: UUID
    name: str
    sector: str
    sector_title: str


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """An organisation that sells and that nobody manages yet."""

    id: UUID
    name: str


def has_sellers() -> bool:
    """Return whether any organisation that may sell takes part, in one SQL query."""
    return _sellers().exists()


def unmanaged_seller(*, on: date) -> Unmanaged | None:
    """Return the latest organisation that nobody manages or is invited to, in one SQL query."""
    managed = Mandate.objects.not_over(on=on).filter(role="manager")
    invited = Invitation.objects.filter(
        role="manager", accepted_at=None, withdrawn_at=None, ends_at__date__gte=on
    )
    waiting = _sellers().exclude(pk__in=managed.values("organisation"))
    waiting = waiting.exclude(pk__in=invited.values("organisation"))
    found = waiting.order_by("-opened_at", "id").values_list("id", "name").first()
    return found and Unmanaged(*found)


def sector_counts() -> list[SectorCount]:
    """Return the sectors that have cooperatives, in the order of the list, in one SQL query."""
    rows = _cooperatives().values_list("sector").annotate(size=Count("node"))
    sizes = dict(rows.order_by("sector"))
    return [SectorCount(s.value, str(s.label), sizes[s.value]) for s in Sector if s.value in sizes]


def cooperative_rows() -> list[SellerRow]:
    """Return the cooperatives that take part today, by name, in one SQL query."""
    rows = _cooperatives().order_by("node__name_key", "node_id")
    titles = {sector.value: str(sector.label) for sector in Sector}
    # Thousands are read for one page: as plain values, not as rows of two wide tables.
    return [
        SellerRow(pk, name, sector, titles[sector])
        for pk, name, sector in rows.values_list("node_id", "node__name", "sector")
    ]


def member_growth(*, first_day: date, last_day: date) -> MemberGrowth:
    """Return how many people were in any register before a day and on another, in one query."""
    people = Membership.objects.filter(member__kind=NodeKind.PERSON)
    counted = people.aggregate(
        before=Count("member", distinct=True, filter=_in_register_before(first_day)),
        after=Count(
            "member",
            distinct=True,
            filter=_in_register_on(last_day),
        ),
    )
    return MemberGrowth(**counted)


def members_by_cooperative(*, on: date) -> dict[UUID, int]:
    """Return how many people were in each register on a day, in one SQL query."""
    people = Membership.objects.filter(_in_register_on(on), member__kind=NodeKind.PERSON)
    counted = people.values_list("cooperative").annotate(people=Count("member", distinct=True))
    return dict(counted.order_by())


def _in_register_on(day: date) -> Q:
    return Q(registered_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


def _in_register_before(day: date) -> Q:
    return Q(registered_on__lt=day) & (Q(left_on=None) | Q(left_on__gte=day))


def _cooperatives() -> QuerySet[Organisation]:
    return Organisation.objects.filter(node__kind=NodeKind.COOPERATIVE, node__closed_at=None)


def _sellers() -> QuerySet[Node]:
    return Node.objects.filter(kind__in=SELLERS, closed_at=None)
