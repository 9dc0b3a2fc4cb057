"""
What is worth an alert now. Each rule reads facts and names causes; it writes nothing.

To add one: a kind in `models.AlertKind`, a rule here and in RULES, its sentence in
`templates/control_room/alert_title.html` and `alert_note.html`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max
from django.utils.timezone import localdate

from reciproca.clearing import queries as clearing
from reciproca.control_room import rules
from reciproca.control_room.models import AlertKind, EndingCredit, YearClose
from reciproca.imports.models import Import
from reciproca.imports.models import State as ImportState
from reciproca.purchases import queries as purchases
from reciproca.refunds import queries as refunds
from reciproca.registry.queries.network import cooperative_rows
from reciproca.shared.models import Job, JobState
from reciproca.tills import queries as tills
from reciproca.transparency import queries as log

VERIFY = "control_room.verify"
"""The kind of job that counts everything again."""

LOOKED_BACK = timedelta(days=14)
"""A file or a job older than this is history."""


@dataclass(frozen=True, slots=True)
class Cause:
    """
    Something worth an alert: of what `kind`, and of which `subject` of its kind.

    `about` is the organisation it concerns. `params` are JSON: counts, sums, names of things, ISO
    days; never a person, and no count that `rules.shown` would not tell.
    """

    kind: AlertKind
    subject: str
    about: UUID | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}"


def causes(*, now: datetime) -> list[Cause]:
    """Return all that is worth an alert; as many SQL queries for three cooperatives as for sixty"""
    return [cause for rule in RULES for cause in rule(now)]


def stopped_log(now: datetime) -> Iterator[Cause]:
    """The transparency log signs nothing any more: somebody has to bring back what it lacks."""
    info = log.info()
    if info and info.stopped:
        yield Cause(AlertKind.LOG_STOPPED, "log")


def unwitnessed_log(now: datetime) -> Iterator[Cause]:
    """For a day fewer witnesses than the quorum have cosigned the transparency log."""
    lacking = log.lacking_witnesses(now=now)
    if lacking:
        yield Cause(
            AlertKind.LOG_UNWITNESSED, "log", params={"answered": lacking[0], "quorum": lacking[1]}
        )


def wrong_figures(_now: datetime) -> Iterator[Cause]:
    """What the last verification found wrong, until one finds all right."""
    last = (
        Job.objects.filter(kind=VERIFY, state=JobState.DONE).order_by("-created_at", "id").first()
    )
    if last and not last.result["ok"]:
        wrong = sum(not found["ok"] for found in last.result["checks"].values())
        yield Cause(AlertKind.WRONG, "", params={"count": wrong})


def failed_jobs(now: datetime) -> Iterator[Cause]:
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=now - LOOKED_BACK)
    for job_id, title, message in failed.values_list("id", "title", "message"):
        told = {"job": str(job_id), "title": title, "message": message}
        yield Cause(AlertKind.JOB_FAILED, str(job_id), params=told)


def stopped_files(now: datetime) -> Iterator[Cause]:
    """Each file that stopped half-way: somebody has to send it again."""
    stopped = Import.objects.filter(
        started_at__gte=now - LOOKED_BACK, state__in=[ImportState.FAILED, ImportState.STOPPED]
    )
    for import_id, organisation in stopped.values_list("id", "organisation_id"):
        yield Cause(AlertKind.FILE_STOPPED, str(import_id), about=organisation)


def waiting_files(now: datetime) -> Iterator[Cause]:
    """Files that were read and that nobody confirmed, together for each organisation."""
    waiting = Import.objects.filter(started_at__gte=now - LOOKED_BACK, state=ImportState.PREVIEWED)
    for organisation, count in waiting.values_list("organisation_id").annotate(n=Count("id")):
        subject = str(organisation or "federation")
        yield Cause(AlertKind.FILES_WAITING, subject, organisation, {"count": count})


def refused_rows(now: datetime) -> Iterator[Cause]:
    """
    Files of which rows were refused, together for each organisation.

    The last file is part of the subject: whoever resolved the earlier ones hears of a new one.
    """
    refused = Import.objects.filter(
        started_at__gte=now - LOOKED_BACK, state=ImportState.DONE, refused_count__gt=0
    )
    counted = refused.values_list("organisation_id").annotate(n=Count("id"), last=Max("started_at"))
    for organisation, count, last in counted:
        subject = f"{organisation or 'federation'}:{last:%Y%m%d%H%M%S}"
        yield Cause(AlertKind.FILES_REFUSED, subject, organisation, {"count": count})


def quiet_cooperatives(_now: datetime) -> Iterator[Cause]:
    sellers = [row.id for row in cooperative_rows()]
    for node_id, at in rules.fell_silent(purchases.last_sold(sellers)).items():
        since = localdate(at).isoformat()
        yield Cause(AlertKind.QUIET, str(node_id), node_id, {"on": since})


def tills_left_open(now: datetime) -> Iterator[Cause]:
    """Tills whose day was begun and not closed for too long: its sums were never counted."""
    for till in tills.days_left_open(begun_before=now - rules.TILL_LEFT_OPEN):
        told = {"till": till.name, "on": localdate(till.begun_at).isoformat()}
        yield Cause(AlertKind.TILL_OPEN, f"{till.id}:{till.day_number}", till.organisation_id, told)


def open_payments(_now: datetime) -> Iterator[Cause]:
    """Payments of each netting that the bank has not confirmed."""
    for run in clearing.open_payments_by_run():
        told = {"run": str(run.run_id), "count": run.count, "cents": run.cents}
        yield Cause(AlertKind.PAYMENTS, str(run.run_id), params=told)


def ending_credit(now: datetime) -> Iterator[Cause]:
    today = localdate(now)
    for ending in EndingCredit.objects.filter(expires_on__gte=today, amount_cents__gt=0):
        if rules.ends_soon(expires_on=ending.expires_on, today=today):
            day, holders = ending.expires_on.isoformat(), rules.shown(ending.holder_count)
            told = {"on": day, "cents": ending.amount_cents, "holders": holders}
            yield Cause(AlertKind.ENDING, day, params=told)


def missing_accounts(now: datetime) -> Iterator[Cause]:
    """Cooperatives without accounts or resolution of the last year that anybody bought in."""
    year, sold = localdate(now).year - 1, purchases.community_years()
    if not sold or sold[-1] > year:
        return
    rows = refunds.year_rows(year=year)
    missing = sum(not (row.has_accounts and row.has_resolution) for row in rows)
    if missing:
        closed = YearClose.objects.filter(year=year, finished_at__isnull=False).exists()
        told = {"year": year, "count": missing, "closed": closed}
        yield Cause(AlertKind.ACCOUNTS, str(year), params=told)


# A rule of another room's facts stands here too, in one line.
RULES: tuple[Callable[[datetime], Iterator[Cause]], ...] = (
    stopped_log,
    unwitnessed_log,
    wrong_figures,
    failed_jobs,
    stopped_files,
    quiet_cooperatives,
    tills_left_open,
    open_payments,
    ending_credit,
    waiting_files,
    refused_rows,
    missing_accounts,
)
