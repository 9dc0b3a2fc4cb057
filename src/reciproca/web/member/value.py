"""Where a member's value came from in a period, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reciproca.governance import queries as governance
from reciproca.governance.queries import AdoptionRow
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import Period, SellerValue
from reciproca.registry import queries as registry
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import Policies, PolicyInForce, Spendable
from reciproca.web.member.branches import BranchPart, branch_parts, cents_by_key
from reciproca.web.words import whole_euro

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period that the page can show; `indented` for the quarters under their year."""

    key: str
    title: str
    current: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """All of a member's purchases in a period, in whole cents."""

    purchase_count: int
    base_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


@dataclass(frozen=True, slots=True)
class BranchCard:
    """One branch: what this member began, what everybody did, the fund that holds it."""

    part: BranchPart
    all_cents: int
    holder: str
    url: str


@dataclass(frozen=True, slots=True)
class MemberValue:
    """
    The page of one period. `periods` is empty and `period` this year before the first purchase.

    `policy` is None where none or more than one was followed; `adoptions` are those followed, or
    before the first purchase the one that will be.
    """

    periods: Sequence[PeriodChoice]
    period: Period
    title: str
    sellers: Sequence[SellerValue]
    sums: Sums
    cards: Sequence[BranchCard]
    policy: PolicyInForce | None
    adoptions: Sequence[AdoptionRow]
    spendable: Spendable

    @property
    def parts(self) -> Sequence[BranchPart]:
        return [card.part for card in self.cards]


def member_value(*, person_id: UUID, asked: Period | None, today: date) -> MemberValue:
    """Return what was born from a member in a period; unasked, in the year that pages open on."""
    periods = purchases.periods_of(buyer_id=person_id)
    period = asked or Period(purchases.buyers_year_to_open(buyer_id=person_id, today=today))
    sellers = purchases.value_by_seller(buyer_id=person_id, period=period)
    followed = purchases.policies_applied(buyer_id=person_id, period=period)
    policies = valueback.adopted_policies()
    if not followed and (force := policies.on(today)):
        followed = [force.digest]
    policy = policies.named(followed[0]) if len(followed) == 1 else None
    sums = _sums(sellers)
    shown = {*periods, period}
    return MemberValue(
        periods=_choices(shown, period) if periods else (),
        period=period,
        title=period_title(period),
        sellers=sellers,
        sums=sums,
        cards=_cards(sums, policy, period, _last_policy(policies, period)),
        policy=policy,
        adoptions=[row for row in governance.adoptions() if row.digest in followed],
        spendable=valueback.spendable(member_id=person_id, on=today),
    )


def period_title(period: Period) -> str:
    """Return a period in words: `2025`, `luglio–settembre 2025`."""
    quarters = {
        1: _("gennaio–marzo %(year)s"),
        2: _("aprile–giugno %(year)s"),
        3: _("luglio–settembre %(year)s"),
        4: _("ottobre–dicembre %(year)s"),
        None: pgettext("un anno intero", "tutto il %(year)s"),
    }
    return quarters[period.quarter] % {"year": period.year}


def _choices(periods: Collection[Period], chosen: Period) -> list[PeriodChoice]:
    """Return the periods, each year before its quarters, latest first."""
    ordered = sorted(periods, key=lambda each: (-each.year, -(each.quarter or 5)))
    return [
        PeriodChoice(each.key, capitalised(period_title(each)), each == chosen) for each in ordered
    ]


def capitalised(text: str) -> str:
    """Return a sentence's first words with their capital letter."""
    return text[:1].upper() + text[1:]


def _sums(sellers: Sequence[SellerValue]) -> Sums:
    return Sums(
        purchase_count=sum(each.purchase_count for each in sellers),
        base_cents=sum(each.base_cents for each in sellers),
        value_cents=sum(each.cents for each in sellers),
        member_cents=sum(each.member_cents for each in sellers),
        common_cents=sum(each.common_cents for each in sellers),
        territory_cents=sum(each.territory_cents for each in sellers),
        solidarity_cents=sum(each.solidarity_cents for each in sellers),
    )


def _last_policy(policies: Policies, period: Period) -> PolicyInForce | None:
    """Return the policy that names the branches: the last one of the period."""
    return policies.on(period.next_day - _DAY)


def _cards(
    sums: Sums, policy: PolicyInForce | None, period: Period, naming: PolicyInForce | None
) -> list[BranchCard]:
    everybody = cents_by_key(
        purchases.community_total(first_day=period.first_day, next_day=period.next_day)
    )
    parts = [
        # Shares of one policy would not explain figures of several.
        replace(part, share=part.share if policy else None, note=_note(part, everybody[part.key]))
        for part in branch_parts(sums, policy or naming)
    ]
    names = registry.names_of([part.fund_id for part in parts if part.fund_id])
    return [
        BranchCard(
            part=part,
            all_cents=everybody[part.key],
            holder=names[part.fund_id] if part.fund_id else "",
            url=reverse("web:organisation", args=[part.fund_id]) if part.fund_id else "",
        )
        for part in parts
    ]


def _note(part: BranchPart, all_cents: int) -> str:
    """Return what stands beside the branch in the flow."""
    if part.key == "member":
        return _("in arrivo") if part.fund_id else _("crediti da spendere")
    return _("con %(amount)s di tutti") % {"amount": whole_euro(all_cents)}
