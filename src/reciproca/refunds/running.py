"""Dividing one cooperative's refund: computed once from frozen inputs, posted once."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import (
    Move,
    Posting,
    bank,
    capital,
    credit,
    issued,
    payable,
    shares,
)
from reciproca.refunds import errors
from reciproca.refunds.claims import MemberClaim, claims_of
from reciproca.refunds.models import AnnualAccounts, RefundLine, RefundRun
from reciproca.refunds.queries import exchange_kind
from reciproca.refunds.rules import (
    ExchangeKind,
    PatronageRefund,
    patronage_refund,
    split_payment,
)
from reciproca.refunds.telling import tell_members
from reciproca.refunds.waterfall import Law, as_stored, inputs_digest, pot_cents, surplus_of
from reciproca.registry import queries as registry
from reciproca.shared.ids import fact_id
from reciproca.shared.progress import Progress, silent
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf
from reciproca.valueback.queries import policy_in_force

ALL_BP = 10_000
LINES_AT_ONCE = 5_000


def run_key(*, cooperative_id: UUID, year: int) -> str:
    """Return what names a run and seeds its ties: fixed before any figure is known."""
    return f"ristorno-{year}-{cooperative_id}"


@transaction.atomic
def run_refund(
    *,
    accounts_id: UUID,
    recorded_by: UUID | None,
    recorded_at: datetime,
    progress: Progress = silent,
) -> RefundRun:
    """
    Divide a year's refund among the members, to the cent, and give each one theirs.

    As credit, cash to be paid by bank, or share capital, as the accounts say. Run again it returns
    the first run and moves nothing.

    Raises: ResolutionMissing, ExchangeUnknown, ClaimsMissing, NoClaims,
    NothingToRefund, NoPolicyForCredit, LossForYear.
    Source: docs/rules/patronage-refund.md, docs/year.md
    """
    # Two who divide the same refund meet here: the second finds it done.
    accounts = AnnualAccounts.objects.select_for_update().get(id=accounts_id)
    earlier = RefundRun.objects.filter(accounts=accounts).first()
    if earlier is not None:
        return earlier
    if accounts.resolution_id is None:
        raise errors.ResolutionMissing
    return _run(accounts, recorded_by, recorded_at, progress)


def _run(
    accounts: AnnualAccounts,
    recorded_by: UUID | None,
    recorded_at: datetime,
    progress: Progress,
) -> RefundRun:
    kind = exchange_kind(cooperative_id=accounts.cooperative_id)
    law = Law.of_year(accounts.year)
    prevails = registry.mutuality_prevails(cooperative_id=accounts.cooperative_id)
    surplus = surplus_of(accounts=accounts, law=law, prevails=prevails)
    pot = pot_cents(surplus)
    if not pot:
        raise errors.NothingToRefund
    progress("claims")
    claims = _claims(accounts, kind)
    key = run_key(cooperative_id=accounts.cooperative_id, year=accounts.year)
    divided = patronage_refund(
        run_id=key,
        kind=kind,
        pot_cents=pot,
        members=[claim.exchange for claim in claims],
        worker_cap=law.worker_cap,
    )
    run = RefundRun(
        id=fact_id(),
        accounts=accounts,
        run_key=key,
        inputs_digest=inputs_digest(
            run_key=key,
            accounts=accounts,
            law=law,
            kind=kind,
            prevails=prevails,
            claims=[
                (claim.member_id, claim.weight, ceiling)
                for claim, ceiling in zip(claims, divided.ceilings_cents, strict=True)
            ],
        ),
        waterfall=as_stored(surplus=surplus, law=law, kind=kind, prevails=prevails),
        pot_cents=pot,
        undistributed_cents=divided.allocation.undistributed_cents,
        member_count=sum(1 for cents in divided.allocation.cents if cents),
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    run.save(force_insert=True)
    transparency.record(
        [
            leaf(
                kind="R",
                id=run.id,
                content={
                    "run": "patronage-refund",
                    "run_key": key,
                    "cooperative": str(accounts.cooperative_id),
                    "year": accounts.year,
                    "pot_cents": pot,
                    "undistributed_cents": run.undistributed_cents,
                    "members": run.member_count,
                    "inputs_digest": run.inputs_digest,
                },
            )
        ]
    )
    lines = _lines(run, accounts, claims, divided, _expiry(accounts, recorded_at))
    _write(accounts.cooperative_id, lines, recorded_at, progress)
    tell_members(run=run, lines=lines, told_at=recorded_at)
    return run


def _claims(accounts: AnnualAccounts, kind: ExchangeKind) -> list[MemberClaim]:
    claims = claims_of(accounts=accounts, kind=kind)
    if claims:
        return claims
    if kind is ExchangeKind.CONSUMER:
        raise errors.NoClaims(year=accounts.year)
    raise errors.ClaimsMissing


def _expiry(accounts: AnnualAccounts, recorded_at: datetime) -> date | None:
    """Return the last day of the credit, None where the refund makes none."""
    if accounts.cash_share_bp + accounts.capital_share_bp == ALL_BP:
        return None
    today = localtime(recorded_at).date()
    force = policy_in_force(on=today)
    if force is None:
        raise errors.NoPolicyForCredit
    return force.policy.expires_on(today)


def _lines(
    run: RefundRun,
    accounts: AnnualAccounts,
    claims: Sequence[MemberClaim],
    divided: PatronageRefund,
    expires_on: date | None,
) -> list[RefundLine]:
    allocation = divided.allocation
    lines = []
    for claim, ceiling, cents, exact in zip(
        claims, divided.ceilings_cents, allocation.cents, allocation.exact_cents, strict=True
    ):
        paid = split_payment(
            amount_cents=cents,
            cash=Fraction(accounts.cash_share_bp, ALL_BP),
            capital=Fraction(accounts.capital_share_bp, ALL_BP),
            share_value_cents=accounts.share_value_cents,
        )
        lines.append(
            RefundLine(
                id=fact_id(),
                run=run,
                member_id=claim.member_id,
                claim=claim.weight,
                ceiling_cents=ceiling,
                amount_cents=cents,
                rounded_up=cents > exact,
                credit_cents=paid.credit_cents,
                cash_cents=paid.cash_cents,
                capital_cents=paid.share_capital_cents,
                expires_on=expires_on if paid.credit_cents else None,
            )
        )
    return lines


def _write(
    cooperative_id: UUID, lines: Sequence[RefundLine], at: datetime, progress: Progress
) -> None:
    for begin in range(0, len(lines), LINES_AT_ONCE):
        progress("lines", begin, len(lines))
        batch = lines[begin : begin + LINES_AT_ONCE]
        RefundLine.objects.bulk_create(batch)
        ledger.post([Posting(line.id, at, line_moves(cooperative_id, line)) for line in batch])
    progress("lines", len(lines), len(lines))


def line_moves(cooperative_id: UUID, line: RefundLine) -> list[Move]:
    """Return the moves that pay one member's refund; parts of zero move nothing."""
    member = line.member_id
    moves = []
    if line.credit_cents:
        assert line.expires_on is not None
        lot = credit(member=member, issuer=cooperative_id, expires_on=line.expires_on)
        issuer = issued(issuer=cooperative_id)
        moves.append(Move(issuer, lot, line.credit_cents, "patronage-credit"))
    if line.cash_cents:
        due = payable(member=member, cooperative=cooperative_id)
        moves.append(Move(bank(node=cooperative_id), due, line.cash_cents, "patronage-cash"))
    if line.capital_cents:
        held = shares(member=member, cooperative=cooperative_id)
        source = capital(cooperative=cooperative_id)
        moves.append(Move(source, held, line.capital_cents, "patronage-capital"))
    return moves
