"""Reads of a cooperative's year: its accounts, the waterfall as it would run, what was divided."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from reciproca.refunds import errors
from reciproca.refunds.claims import KINDS, bought_in_all, claims_of
from reciproca.refunds.models import AnnualAccounts, CashPayment, RefundLine, RefundRun
from reciproca.refunds.rules import ExchangeKind, Step, patronage_refund
from reciproca.refunds.waterfall import Law, pot_cents, stored_steps, surplus_of
from reciproca.registry import queries as registry
from reciproca.shared.money import half_up
from reciproca.shared.timeline import ANYTHING, Moment, Sought


def exchange_kind(*, cooperative_id: UUID) -> ExchangeKind:
    """
    Return what members exchange with their cooperative, which decides the refund's ceiling.

    Raises: ExchangeUnknown.
    """
    exchange = registry.mutual_exchange_of(cooperative_id=cooperative_id)
    if exchange not in KINDS:
        raise errors.ExchangeUnknown
    return KINDS[exchange]


def accounts_of(*, cooperative_id: UUID, year: int) -> AnnualAccounts | None:
    """Return a cooperative's accounts of a year with resolution and run, in one SQL query."""
    return (
        AnnualAccounts.objects.select_related("resolution", "run", "cooperative")
        .filter(cooperative=cooperative_id, year=year)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What would come out if the refund ran now.

    `claimed` is the sum of the claims (cents bought, or what `ExchangeClaim` counts);
    `at_ceiling` how many members the law's ceiling holds back.
    """

    steps: tuple[Step, ...]
    pot_cents: int
    kind: ExchangeKind
    member_count: int
    claimed: int
    undistributed_cents: int
    at_ceiling: int

    @property
    def cents_per_hundred_euro(self) -> int:
        """Return what comes back of every 100 euro bought, to the nearest cent."""
        shared = self.pot_cents - self.undistributed_cents
        return half_up(Fraction(10_000 * shared, self.claimed)) if self.claimed else 0


def preview(*, accounts: AnnualAccounts) -> Preview:
    """
    Return the year's waterfall and how its refund would divide.

    Raises: LossForYear, ExchangeUnknown.
    """
    kind = exchange_kind(cooperative_id=accounts.cooperative_id)
    law = Law.of_year(accounts.year)
    prevails = registry.mutuality_prevails(cooperative_id=accounts.cooperative_id)
    surplus = surplus_of(accounts=accounts, law=law, prevails=prevails)
    pot = pot_cents(surplus)
    if kind is ExchangeKind.CONSUMER:
        # Nobody gets back more than was spent: in proportion to the same spending, either nobody
        # or everybody is at the ceiling, and no member needs to be looked at.
        members, claimed = bought_in_all(cooperative_id=accounts.cooperative_id, year=accounts.year)
        left = max(0, pot - claimed)
        held = members if left else 0
        return Preview(surplus.steps, pot, kind, members, claimed, left, held)
    claims = claims_of(accounts=accounts, kind=kind)
    divided = patronage_refund(
        run_id="",
        kind=kind,
        pot_cents=pot,
        members=[claim.exchange for claim in claims],
        worker_cap=law.worker_cap,
    ).allocation
    return Preview(
        steps=surplus.steps,
        pot_cents=pot,
        kind=kind,
        member_count=len(claims),
        claimed=sum(claim.weight for claim in claims),
        undistributed_cents=divided.undistributed_cents,
        at_ceiling=divided.bound.count("upper"),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a run divided, and how far the cash part of it is paid."""

    run: RefundRun
    steps: list[Step]
    credit_cents: int
    cash_cents: int
    capital_cents: int
    cash_paid_cents: int
    cash_waiting: int
    cash_without_iban: int

    @property
    def amount_cents(self) -> int:
        return self.credit_cents + self.cash_cents + self.capital_cents

    @property
    def cash_in_file(self) -> int:
        """Return how many refunds the bank file holds: those not yet paid, with an IBAN."""
        return self.cash_waiting - self.cash_without_iban


def result_of(*, run: RefundRun) -> Result:
    """Return the sums of a run, in one SQL query."""
    unpaid = Q(cash_cents__gt=0, cash_payment=None)
    sums = RefundLine.objects.filter(run=run).aggregate(
        credit=Sum("credit_cents", default=0),
        cash=Sum("cash_cents", default=0),
        capital=Sum("capital_cents", default=0),
        paid=Sum("cash_cents", filter=Q(cash_payment__isnull=False), default=0),
        waiting=Count("id", filter=unpaid),
        without_iban=Count("id", filter=unpaid & Q(member__iban="")),
    )
    return Result(
        run=run,
        steps=stored_steps(run.waterfall),
        credit_cents=sums["credit"],
        cash_cents=sums["cash"],
        capital_cents=sums["capital"],
        cash_paid_cents=sums["paid"],
        cash_waiting=sums["waiting"],
        cash_without_iban=sums["without_iban"],
    )


def lines_of(*, run: RefundRun, search: str = "") -> QuerySet[RefundLine]:
    """
    Return the lines of a run by member's name, to be read a page at a time.

    `search` is a part of the name, or a number of the members' register.
    """
    lines = (
        RefundLine.objects.filter(run=run)
        .select_related("member", "cash_payment")
        .order_by("member__name", "id")
    )
    text = search.strip()
    if text.isdecimal():
        found = registry.members_with_numbers(
            cooperative_id=run.accounts.cooperative_id, numbers=[int(text)]
        )
        return lines.filter(member__in=found.values())
    return lines.filter(member__name__icontains=text) if text else lines


def unpaid_lines(*, run: RefundRun) -> list[RefundLine]:
    """Return the lines whose cash the bank has not confirmed, by member's name."""
    return list(
        RefundLine.objects.filter(run=run, cash_cents__gt=0, cash_payment=None)
        .select_related("member")
        .order_by("member__name", "id")
    )


@dataclass(frozen=True, slots=True)
class YearRow:
    """One cooperative's year as the federation sees it: how far it is, and sums."""

    cooperative_id: UUID
    name: str
    has_accounts: bool
    has_resolution: bool
    proposed_cents: int
    refunded_cents: int | None
    member_count: int

    @property
    def ready(self) -> bool:
        """Tell whether the refund can be divided when the year is closed."""
        return self.has_accounts and self.has_resolution and self.refunded_cents is None


def year_rows(*, year: int) -> list[YearRow]:
    """Return every cooperative's year, by name, in two SQL queries."""
    entered = {
        accounts.cooperative_id: accounts
        for accounts in AnnualAccounts.objects.filter(year=year).select_related("run")
    }
    return [
        _year_row(cooperative, entered.get(cooperative.id))
        for cooperative in registry.cooperatives()
    ]


def _year_row(cooperative: registry.CooperativeRow, accounts: AnnualAccounts | None) -> YearRow:
    run: RefundRun | None = getattr(accounts, "run", None)
    return YearRow(
        cooperative_id=cooperative.id,
        name=cooperative.name,
        has_accounts=accounts is not None,
        has_resolution=accounts is not None and accounts.resolution_id is not None,
        proposed_cents=accounts.refund_proposed_cents if accounts else 0,
        refunded_cents=run.pot_cents - run.undistributed_cents if run else None,
        member_count=run.member_count if run else 0,
    )


def accounts_to_run(*, year: int) -> list[AnnualAccounts]:
    """Return the accounts whose refund is decided and not yet divided, by cooperative."""
    return list(
        AnnualAccounts.objects.filter(
            year=year, resolution__isnull=False, run=None, refund_proposed_cents__gt=0
        )
        .select_related("cooperative")
        .order_by("cooperative__name", "id")
    )


@dataclass(frozen=True, slots=True)
class YearTotals:
    """What the year's runs gave back in all; `member_count` counts a person once."""

    refunds_cents: int
    member_count: int
    run_count: int


def totals_of_year(*, year: int) -> YearTotals:
    """Return the sums of a year's runs, in one SQL query."""
    sums = RefundLine.objects.filter(run__accounts__year=year, amount_cents__gt=0).aggregate(
        cents=Sum("amount_cents", default=0),
        members=Count("member", distinct=True),
        runs=Count("run", distinct=True),
    )
    return YearTotals(sums["cents"], sums["members"], sums["runs"])


@dataclass(frozen=True, slots=True)
class MemberRefund:
    """One refund as the member reads it."""

    cooperative_id: UUID
    cooperative: str
    year: int
    claim: int
    amount_cents: int
    credit_cents: int
    cash_cents: int
    capital_cents: int
    cash_is_paid: bool


def refunds_of_member(*, member_id: UUID, year: int) -> list[MemberRefund]:
    """Return what a member was refunded for a year, largest first, in one SQL query."""
    lines = (
        RefundLine.objects.filter(member=member_id, run__accounts__year=year, amount_cents__gt=0)
        .select_related("run__accounts__cooperative")
        .annotate(is_paid=Exists(CashPayment.objects.filter(line=OuterRef("id"))))
        .order_by("-amount_cents", "id")
    )
    return [
        MemberRefund(
            cooperative_id=line.run.accounts.cooperative_id,
            cooperative=line.run.accounts.cooperative.name,
            year=year,
            claim=line.claim,
            amount_cents=line.amount_cents,
            credit_cents=line.credit_cents,
            cash_cents=line.cash_cents,
            capital_cents=line.capital_cents,
            cash_is_paid=line.is_paid,
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class RefundedRow:
    """One refund in the list of everything that moved for a member."""

    id: UUID
    cooperative_id: UUID
    cooperative_name: str
    year: int
    recorded_at: datetime
    amount_cents: int
    credit_cents: int
    cash_cents: int
    capital_cents: int

    @property
    def moment(self) -> Moment:
        return Moment(self.recorded_at, self.id)


def latest_refunds_of(
    *, member_id: UUID, before: Moment | None = None, sought: Sought = ANYTHING, limit: int = 50
) -> list[RefundedRow]:
    """Return what a member was refunded in all years, latest first, in one SQL query."""
    wanted = sought.condition(
        node="run__accounts__cooperative", amount="amount_cents", at="run__recorded_at"
    )
    lines = RefundLine.objects.filter(wanted, member=member_id, amount_cents__gt=0)
    if before is not None:
        lines = lines.filter(before.earlier(at="run__recorded_at"))
    ordered = lines.select_related("run__accounts__cooperative").order_by(
        "-run__recorded_at", "-id"
    )
    return [
        RefundedRow(
            id=line.id,
            cooperative_id=line.run.accounts.cooperative_id,
            cooperative_name=line.run.accounts.cooperative.name,
            year=line.run.accounts.year,
            recorded_at=line.run.recorded_at,
            amount_cents=line.amount_cents,
            credit_cents=line.credit_cents,
            cash_cents=line.cash_cents,
            capital_cents=line.capital_cents,
        )
        for line in ordered[:limit]
    ]


def members_refunded(*, run: RefundRun, search: str = "") -> list[UUID]:
    """Return who is on the lines that `lines_of` returns, in as many SQL queries."""
    lines = lines_of(run=run, search=search)
    return list(lines.order_by().values_list("member_id", flat=True))
