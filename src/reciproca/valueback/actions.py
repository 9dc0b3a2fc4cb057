"""
What people do with value back outside a purchase: commit a rate, set a limit, give, let expire.
"""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import actions as ledger
from reciproca.ledger import queries as ledger_queries
from reciproca.ledger.errors import FloorReached
from reciproca.ledger.rules import Posting
from reciproca.registry import queries as registry
from reciproca.shared.calendar import last_instant
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.money import format_euro
from reciproca.valueback.models import AcceptanceLimit, CommittedRate, ExpiredLot, Gift
from reciproca.valueback.queries import adopted_policies, spendable
from reciproca.valueback.rules import Lot, NotSpendable, expiry_moves, lots_to_spend, spending_moves

ALL_BP = 10_000
LOTS_AT_ONCE = 5_000
TRIES = 5


class ShareRefused(DomainError):
    code = "share-refused"
    message = _("Scrivi una percentuale fra 0 e 100: adesso è %(percent)s.")
    status = 422


class AlreadyCommitted(DomainError):
    code = "already-committed"
    message = _("Per questo giorno una percentuale c’è già. Scegli un giorno successivo.")


class GiftRefused(DomainError):
    code = "gift-refused"
    message = _("Scegli un progetto aperto e un importo sopra lo zero.")
    status = 422


class GiftKeyReused(DomainError):
    code = "key-reused"
    message = _("Questo dono è già stato registrato con un altro contenuto.")


class NoPolicy(DomainError):
    code = "no-policy"
    message = _(
        "Nessuna politica di ritorno è in vigore: non si sa a quale fondo vada il credito scaduto."
    )


def commit_rate(
    *, seller_id: UUID, rate_bp: int, valid_from: date, category: str = "", recorded_by: UUID | None
) -> CommittedRate:
    """
    Commit a seller to give back a share of its sales from a day on; `category` empty: of all that
    has no own rate.

    Raises: ShareRefused, AlreadyCommitted (a commitment is kept, a later day changes it).
    """
    _check_share(rate_bp)
    try:
        with transaction.atomic():
            return CommittedRate.objects.create(
                seller_id=seller_id,
                category=category,
                rate_bp=rate_bp,
                valid_from=valid_from,
                recorded_by=recorded_by,
            )
    except IntegrityError as error:
        raise AlreadyCommitted from error


def set_acceptance_limit(
    *, seller_id: UUID, share_bp: int, valid_from: date, recorded_by: UUID | None
) -> AcceptanceLimit:
    """
    Limit the share of a sale that a seller takes in credits, from a day on. Raises: ShareRefused,
    AlreadyCommitted.
    """
    _check_share(share_bp)
    try:
        with transaction.atomic():
            return AcceptanceLimit.objects.create(
                seller_id=seller_id,
                share_bp=share_bp,
                valid_from=valid_from,
                recorded_by=recorded_by,
            )
    except IntegrityError as error:
        raise AlreadyCommitted from error


def give_credit(
    *,
    key: str,
    giver_id: UUID,
    project_id: UUID,
    amount_cents: int,
    happened_at: datetime,
    recorded_by: UUID | None,
) -> Gift:
    """
    Give credit to a project; the lots that end first go first. The same `key` again returns the
    first gift.

    Raises: GiftRefused, NotSpendable, GiftKeyReused. Source: docs/rules/spending-and-refunds.md
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _give(key, giver_id, project_id, amount_cents, happened_at, recorded_by)
        except (FloorReached, IntegrityError):
            # Somebody spent the same lot, or sent the same key, meanwhile: read again.
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def expire_lots(*, on: date, recorded_at: datetime) -> int:
    """
    End every lot whose last day is before `on`: the credit dies and its issuer owes it to the
    policy's fund.

    Returns the cents that ended. Commits batch by batch: stopped halfway it goes on where it was,
    run twice it finds nothing. Raises: NoPolicy. Source: docs/rules/expiry.md
    """
    ended_cents, last = 0, 0
    while True:
        batch, cents = _expire_batch(on, last, recorded_at)
        if not batch:
            return ended_cents
        ended_cents += cents
        last = batch[-1].account_id


@transaction.atomic
def let_credit_go(*, member_id: UUID, let_go_at: datetime) -> int:
    """
    End all the credit that somebody holds, because they want none of it; return the cents.

    It goes where credit goes that nobody spends: its issuer owes it to the policy's fund.

    Raises: NoPolicy, ledger.FloorReached (it is being spent at this moment).
    """
    return _expire(ledger_queries.lots(members=[member_id]), let_go_at, ends_by=let_go_at)


def _expire_batch(
    on: date, after: int, recorded_at: datetime
) -> tuple[Sequence[ledger_queries.Lot], int]:
    for attempt in range(TRIES):
        batch = ledger_queries.lots_expired(on=on, after_account_id=after, limit=LOTS_AT_ONCE)
        if not batch:
            return [], 0
        try:
            with transaction.atomic():
                return batch, _expire(batch, recorded_at)
        except FloorReached:
            # A sale recorded late spent one of these lots meanwhile: read what is left.
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _expire(
    batch: Sequence[ledger_queries.Lot], recorded_at: datetime, ends_by: datetime | None = None
) -> int:
    policies = adopted_policies()
    facts, postings = [], []
    for lot in batch:
        force = policies.on(lot.expires_on)
        if force is None:
            raise NoPolicy
        fund_id, reference = force.policy.expired_to_id, fact_id()
        facts.append(
            ExpiredLot(
                id=reference,
                member_id=lot.member,
                issuer_id=lot.issuer,
                fund_id=fund_id,
                expires_on=lot.expires_on,
                amount_cents=lot.cents,
                recorded_at=recorded_at,
            )
        )
        ended = Lot(lot.issuer, lot.expires_on, lot.cents)
        moves = expiry_moves(member_id=lot.member, expired=ended, fund_id=fund_id)
        # The credit ended with its last day, whenever we get to write it down.
        ended_at = last_instant(lot.expires_on)
        if ends_by is not None:
            ended_at = min(ended_at, ends_by)
        postings.append(Posting(reference=reference, happened_at=ended_at, moves=moves))
    ExpiredLot.objects.bulk_create(facts)
    ledger.post(postings)
    return sum(lot.cents for lot in batch)


def _give(
    key: str,
    giver_id: UUID,
    project_id: UUID,
    amount_cents: int,
    happened_at: datetime,
    recorded_by: UUID | None,
) -> Gift:
    earlier = Gift.objects.filter(giver=giver_id, key=key).first()
    if earlier is not None:
        if (earlier.project_id, earlier.amount_cents) != (project_id, amount_cents):
            raise GiftKeyReused
        return earlier
    if amount_cents <= 0 or not registry.open_node_ids([project_id], kind="project"):
        raise GiftRefused
    on = localtime(happened_at).date()
    held = spendable(member_id=giver_id, on=on)
    if held.cents < amount_cents:
        raise NotSpendable(spendable=format_euro(held.cents))
    lots = [Lot(lot.issuer, lot.expires_on, lot.cents) for lot in held.lots]
    spent = lots_to_spend(lots=lots, amount_cents=amount_cents, on=on)
    gift = Gift.objects.create(
        id=fact_id(),
        key=key,
        giver_id=giver_id,
        project_id=project_id,
        amount_cents=amount_cents,
        happened_at=happened_at,
        recorded_by=recorded_by,
    )
    moves = spending_moves(member_id=giver_id, acceptor_id=project_id, spent=spent, why="gift")
    ledger.post([Posting(reference=gift.id, happened_at=happened_at, moves=moves)])
    return gift


def _check_share(share_bp: int) -> None:
    if not 0 <= share_bp <= ALL_BP:
        raise ShareRefused(percent=Fraction(share_bp, 100))
