"""A member's home: what can be spent, what waits for them, who is near, how the community does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.assemblies.queries import own as assemblies
from reciproca.ballots import queries as ballots
from reciproca.notices import queries as notices
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import CommunityTotal, Period
from reciproca.registry import queries as registry
from reciproca.registry.queries import NearRow, PersonPage
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import Policies, PolicyInForce, Spendable
from reciproca.web.member.branches import BranchPart, branch_parts
from reciproca.web.member.movements import Movement, latest
from reciproca.web.words import count, euro, when

MOST_TASKS = 3
LATEST = 5
NEAR_SHOWN, NEAR_ASKED = 3, 12
"""Of the nearest twelve, three that give something back."""

ENDS_SOON = timedelta(days=60)
WORTH_GIVING_CENTS = 100


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for this person; `leaf` is the colour of its icon."""

    title: str
    note: str
    url: str
    icon: str
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class NearSeller:
    """Somebody near, with what comes back of a purchase: in all, and to the member."""

    row: NearRow
    rate: Fraction
    own_rate: Fraction


@dataclass(frozen=True, slots=True)
class CommunityYear:
    """What the community made of a year; `mine_cents` is the part that this person began."""

    year: int
    is_this_year: bool
    mine_cents: int
    total: CommunityTotal
    branches: Sequence[BranchPart]


@dataclass(frozen=True, slots=True)
class MemberHome:
    """Everything on the page; `community` is None before the community's first purchase."""

    person: PersonPage
    spendable: Spendable
    tasks: Sequence[Task]
    near: Sequence[NearSeller]
    community: CommunityYear | None
    movements: Sequence[Movement]


def member_home(*, person_id: UUID, today: date) -> MemberHome:
    """Return a member's home; as many SQL queries for one purchase as for a thousand."""
    person = registry.person_page(person_id=person_id)
    assert person is not None
    spendable = valueback.spendable(member_id=person_id, on=today)
    policies = valueback.adopted_policies()
    return MemberHome(
        person=person,
        spendable=spendable,
        tasks=list(islice(_tasks(person, spendable, today), MOST_TASKS)),
        near=_near(person, policies.on(today), today),
        community=_community_year(person_id, policies, today),
        movements=latest(member_id=person_id, limit=LATEST),
    )


def _community_year(person_id: UUID, policies: Policies, today: date) -> CommunityYear | None:
    year = purchases.year_to_open(today=today)
    period = Period(year)
    total = purchases.community_total(first_day=period.first_day, next_day=period.next_day)
    if not total.purchase_count:
        return None
    policy = policies.on(min(today, date(year, 12, 31)))
    return CommunityYear(
        year=year,
        is_this_year=year == today.year,
        mine_cents=purchases.value_of(buyer_id=person_id, period=period),
        total=total,
        branches=branch_parts(total, policy),
    )


def _near(person: PersonPage, policy: PolicyInForce | None, today: date) -> list[NearSeller]:
    """Return those near who give something back; others only where there are too few of them."""
    rows = registry.sellers_near(municipality=person.municipality, limit=NEAR_ASKED)
    rates = valueback.general_rates(seller_ids=[row.id for row in rows], on=today)
    own_share = policy.policy.branches[0].share if policy else Fraction()
    sellers = []
    for row in rows:
        rate = Fraction(rates.get(row.id, 0), 10_000)
        sellers.append(NearSeller(row, rate, rate * own_share))
    # Sorting keeps the order of distance among those who give.
    return sorted(sellers, key=lambda seller: seller.rate == 0)[:NEAR_SHOWN]


# --- what waits for this person, the most pressing first ---


def _tasks(person: PersonPage, spendable: Spendable, today: date) -> Iterator[Task]:
    makers: tuple[Callable[[], Task | None], ...] = (
        lambda: _to_vote(person.id),
        lambda: _assembly(person.id, today),
        lambda: _ending(spendable, today),
        lambda: _unread(person.id),
        lambda: _not_yet_a_member(person.id),
        lambda: _unfinished_profile(person),
        lambda: _project(spendable, today),
    )
    for make in makers:
        if task := make():
            yield task


def _assembly(person_id: UUID, today: date) -> Task | None:
    """Return the next assembly to which somebody is called, or one that is going on."""
    rows = assemblies.own_assemblies(person_id=person_id, on=today)
    waiting = [
        row
        for row in rows
        if row.state == "open" or (row.state == "called" and localdate(row.meets_at) >= today)
    ]
    if not waiting:
        return None
    row = min(waiting, key=lambda each: (each.state != "open", each.meets_at))
    told = {"title": row.title, "at": when(row.meets_at)}
    title = _("%(title)s, adesso") if row.state == "open" else _("%(title)s, %(at)s")
    return Task(
        title=title % told,
        note=row.node_name,
        url=reverse("assemblies:own_assembly", args=[row.id]),
        icon="vote",
        leaf="gold" if row.state == "open" else "",
    )


def _to_vote(person_id: UUID) -> Task | None:
    waiting = ballots.ballots_to_vote_on(person_id=person_id, now=timezone.now())
    if not waiting:
        return None
    several, told = len(waiting) > 1, {"count": count(len(waiting))}
    title = ngettext("C’è una votazione aperta", "Ci sono %(count)s votazioni aperte", len(waiting))
    return Task(
        title=title % told,
        note=waiting[0].question,
        url=reverse("ballots:list") if several else reverse("ballots:ballot", args=[waiting[0].id]),
        icon="vote",
        leaf="gold",
    )


def _ending(spendable: Spendable, today: date) -> Task | None:
    ends_on = spendable.ends_first_on
    if ends_on is None or ends_on > today + ENDS_SOON:
        return None
    told = {"amount": euro(spendable.ends_first_cents), "day": when(ends_on)}
    return Task(
        title=_("%(amount)s scadono %(day)s") % told,
        note=_("Spendili in una cooperativa, oppure donali a un progetto"),
        url=reverse("web:gift"),
        icon="clock",
        leaf="gold",
    )


def _unread(person_id: UUID) -> Task | None:
    new = notices.unread_count(person_id=person_id)
    latest = notices.notices_of(person_id=person_id, limit=1)
    if not new or not latest:
        return None
    told = {"count": count(new)}
    return Task(
        title=ngettext("Hai un avviso nuovo", "Hai %(count)s avvisi nuovi", new) % told,
        note=latest[0].sentence,
        url=reverse("notices:list"),
        icon="bell",
    )


def _not_yet_a_member(person_id: UUID) -> Task | None:
    if registry.live_cooperatives_of(member_id=person_id):
        return None
    return Task(
        title=_("Entra in una cooperativa"),
        note=_("Chi ne fa parte decide: scegline una e chiedi di entrare"),
        url=reverse("web:directory") + "?kind=cooperative",
        icon="handshake",
    )


def _unfinished_profile(person: PersonPage) -> Task | None:
    missing = [
        name
        for name, value in ((_("il comune"), person.municipality), (_("l’e-mail"), person.email))
        if not value
    ]
    if not missing:
        return None
    told = {"what": _(" e ").join(missing)}
    return Task(
        title=_("Completa il tuo profilo"),
        note=ngettext("Manca %(what)s", "Mancano %(what)s", len(missing)) % told,
        url=reverse("web:profile_details"),
        icon="user-round",
    )


def _project(spendable: Spendable, today: date) -> Task | None:
    """Return one open project to give to: another one every day."""
    if spendable.cents < WORTH_GIVING_CENTS:
        return None
    projects = [node for node in registry.held_nodes() if node.kind == "project"]
    if not projects:
        return None
    project = projects[today.toordinal() % len(projects)]
    return Task(
        title=_("Sostieni “%(project)s”") % {"project": project.name},
        note=_("Puoi donare una parte dei tuoi crediti"),
        url=f"{reverse('web:gift')}?project={project.id}",
        icon="sprout",
    )
