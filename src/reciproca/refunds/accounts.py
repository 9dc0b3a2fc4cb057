"""What a manager hands in for a year: accounts, the assembly's resolution, members' exchanges."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from reciproca.governance import actions as governance
from reciproca.refunds import errors
from reciproca.refunds.forms import AccountsIn, ClaimIn, ResolutionIn
from reciproca.refunds.models import Accounting, AnnualAccounts, ExchangeClaim
from reciproca.refunds.queries import exchange_kind
from reciproca.refunds.rules import ExchangeKind
from reciproca.registry import queries as registry
from reciproca.shared.documents import keep_pdf
from reciproca.shared.money import format_euro

ALL_BP = 10_000
LARGEST_CENTS = 10_000_000_000_000
LEAST_SHARE_CENTS = 2_500
# The law sets a most for `azioni` alone, not for `quote`: this is against a slip of the fingers.
MOST_SHARE_CENTS = 10_000_000


@transaction.atomic
def enter_accounts(
    *,
    cooperative_id: UUID,
    year: int,
    figures: AccountsIn,
    entered_by: UUID | None,
    entered_at: datetime,
) -> AnnualAccounts:
    """
    Enter a cooperative's accounts of a year that is over, or correct them until the refund is run.

    Raises: NotACooperative, YearNotOver, AccountsFinal, AmountNegative, AmountTooLarge,
    SharesAboveAll, RateRefused, ShareValueRefused.
    """
    if not registry.open_node_ids([cooperative_id], kind="cooperative"):
        raise errors.NotACooperative
    if year >= localtime(entered_at).year:
        raise errors.YearNotOver(year=year)
    _check(figures)
    earlier = _open_accounts(cooperative_id, year)
    values = asdict(figures) | {"entered_by": entered_by, "entered_at": entered_at}
    if earlier is None:
        return AnnualAccounts.objects.create(cooperative_id=cooperative_id, year=year, **values)
    for name, value in values.items():
        setattr(earlier, name, value)
    earlier.save(update_fields=list(values))
    return earlier


@transaction.atomic
def attach_resolution(
    *,
    cooperative_id: UUID,
    year: int,
    resolution: ResolutionIn,
    title: str,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> AnnualAccounts:
    """
    Record the resolution of the cooperative's own assembly that approved accounts and refund.

    Raises: AccountsMissing, AccountsFinal, ResolutionTooEarly, what `keep_pdf` raises, and of
    governance: ProtocolMissing, ResolutionInFuture, ResolutionAlreadyRecorded.
    """
    accounts = _open_accounts(cooperative_id, year)
    if accounts is None:
        raise errors.AccountsMissing(year=year)
    if resolution.adopted_on.year <= year:
        raise errors.ResolutionTooEarly(until=date(year, 12, 31).strftime("%d/%m/%Y"))
    if _is_recorded(accounts, resolution):
        return accounts
    document = None
    if resolution.document_name:
        document = keep_pdf(
            name=resolution.document_name, content=resolution.document, added_by=recorded_by
        )
    accounts.resolution = governance.record_resolution(
        body_id=cooperative_id,
        title=title,
        adopted_on=resolution.adopted_on,
        protocol_number=resolution.protocol_number,
        document=document,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    accounts.save(update_fields=["resolution"])
    return accounts


@transaction.atomic
def enter_claims(*, cooperative_id: UUID, year: int, claims: Sequence[ClaimIn]) -> int:
    """
    Replace what workers or contributors exchanged in the year; return how many members there are.

    Raises: AccountsMissing, AccountsFinal, ClaimUnknownMember, ClaimWithoutPay.
    """
    accounts = _open_accounts(cooperative_id, year)
    if accounts is None:
        raise errors.AccountsMissing(year=year)
    members = {claim.member_id for claim in claims}
    known = registry.register_numbers(cooperative_id=cooperative_id, members=members)
    if len(known) != len(claims):
        raise errors.ClaimUnknownMember
    if exchange_kind(cooperative_id=cooperative_id) is ExchangeKind.WORK and any(
        claim.pay_cents is None for claim in claims
    ):
        raise errors.ClaimWithoutPay
    accounts.claims.all().delete()
    ExchangeClaim.objects.bulk_create(
        [ExchangeClaim(accounts=accounts, **asdict(claim)) for claim in claims], batch_size=5_000
    )
    return len(claims)


def _open_accounts(cooperative_id: UUID, year: int) -> AnnualAccounts | None:
    """Return the accounts, locked, unless their refund was run: then nothing may change."""
    accounts = (
        AnnualAccounts.objects.select_for_update()
        .filter(cooperative=cooperative_id, year=year)
        .first()
    )
    if accounts is not None and hasattr(accounts, "run"):
        raise errors.AccountsFinal(year=year)
    return accounts


def _is_recorded(accounts: AnnualAccounts, sent: ResolutionIn) -> bool:
    """Tell whether a form sent again, maybe without its file, says what is already there."""
    known = accounts.resolution
    if known is None or (known.adopted_on, known.protocol_number) != (
        sent.adopted_on,
        sent.protocol_number.strip(),
    ):
        return False
    if not sent.document:
        return True
    return known.document is not None and known.document.digest == sha256(sent.document).hexdigest()


NEVER_NEGATIVE = frozenset(
    {
        "member_surplus_cents",
        "refund_proposed_cents",
        "paid_up_capital_cents",
        "dividend_proposed_cents",
        "total_debt_cents",
        "cash_share_bp",
        "capital_share_bp",
    }
)


def _check(figures: AccountsIn) -> None:
    for name, value in asdict(figures).items():
        if name in NEVER_NEGATIVE and value < 0:
            raise errors.AmountNegative(figure=name)
        if name.endswith("_cents") and abs(value) > LARGEST_CENTS:
            raise errors.AmountTooLarge(figure=name)
    if figures.cash_share_bp + figures.capital_share_bp > ALL_BP:
        raise errors.SharesAboveAll
    if not 0 <= figures.postal_bond_rate_bp <= ALL_BP:
        raise errors.RateRefused
    if not LEAST_SHARE_CENTS <= figures.share_value_cents <= MOST_SHARE_CENTS:
        raise errors.ShareValueRefused(
            least=format_euro(LEAST_SHARE_CENTS), most=format_euro(MOST_SHARE_CENTS)
        )
    assert figures.refund_accounting in Accounting.values
