"""What an officer should look at: each thing with its figures; the page has the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from reciproca.clearing import queries as clearing
from reciproca.clearing.queries import PaymentSums
from reciproca.control_room import rules
from reciproca.control_room.models import EndingCredit, YearClose
from reciproca.imports.models import Import
from reciproca.imports.models import State as ImportState
from reciproca.purchases import queries as purchases
from reciproca.refunds import queries as refunds
from reciproca.registry.queries.network import cooperative_rows
from reciproca.shared.models import Job, JobState

ENDS_SOON = timedelta(days=100)
QUIET = timedelta(days=30)
LOOKED_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Cooperatives that sold nothing while the others did: how many, and the longest quiet one."""

    count: int
    node_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files of the last days: how many wait to be confirmed, were stopped, had rows refused."""

    waiting: int
    stopped: int
    with_refusals: int


@dataclass(frozen=True, slots=True)
class Attention:
    """
    Everything worth a look; what is nothing is None, empty or zero.

    `missing_accounts` counts cooperatives without accounts or resolution of `accounts_year`.
    """

    payments: PaymentSums
    accounts_year: int
    missing_accounts: int
    year_is_closed: bool
    ending: EndingCredit | None
    quiet: Quiet | None
    files: FileCounts
    failed_jobs: Sequence[Job]

    @property
    def ending_holders(self) -> int | None:
        """Return how many hold the credit that ends, None where they are too few to be told."""
        return rules.shown(self.ending.holder_count) if self.ending else None

    @property
    def is_empty(self) -> bool:
        return not (
            self.payments.open_count
            or self.missing_accounts
            or self.ending
            or self.quiet
            or self.files.waiting
            or self.files.stopped
            or self.files.with_refusals
            or self.failed_jobs
        )


def attention(*, today: date) -> Attention:
    """Return what to look at; as many SQL queries for three cooperatives as for sixty."""
    last_year = today.year - 1
    rows = refunds.year_rows(year=last_year)
    closed = YearClose.objects.filter(year=last_year, finished_at__isnull=False).exists()
    sold_ever = purchases.community_years()
    lived = bool(sold_ever) and sold_ever[-1] <= last_year
    missing = sum(not (row.has_accounts and row.has_resolution) for row in rows)
    ending = EndingCredit.objects.filter(
        expires_on__gte=today, expires_on__lte=today + ENDS_SOON, amount_cents__gt=0
    )
    return Attention(
        payments=clearing.payment_sums(),
        accounts_year=last_year,
        missing_accounts=missing if lived else 0,
        year_is_closed=closed,
        ending=ending.order_by("expires_on").first(),
        quiet=_quiet(),
        files=_files(timezone.now()),
        failed_jobs=_failed(timezone.now()),
    )


def _quiet() -> Quiet | None:
    """Return who fell silent, measured by the network's own last purchase."""
    names = {row.id: row.name for row in cooperative_rows()}
    last = purchases.last_sold(names)
    if not last:
        return None
    silent = [(at, node) for node, at in last.items() if max(last.values()) - at > QUIET]
    if not silent:
        return None
    since, node = min(silent)
    return Quiet(len(silent), node, names[node], since)


def _files(now: datetime) -> FileCounts:
    recent = Import.objects.filter(started_at__gte=now - LOOKED_BACK)
    counted = recent.aggregate(
        waiting=Count("id", filter=Q(state=ImportState.PREVIEWED)),
        stopped=Count("id", filter=Q(state=ImportState.FAILED)),
        with_refusals=Count("id", filter=Q(state=ImportState.DONE, refused_count__gt=0)),
    )
    return FileCounts(**counted)


def _failed(now: datetime) -> list[Job]:
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=now - LOOKED_BACK)
    return list(failed.order_by("-finished_at", "id")[:3])
