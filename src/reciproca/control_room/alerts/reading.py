"""Alerts as the pages show them: the open ones, a person's own, those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from reciproca.control_room.models import Alert, AlertKind
from reciproca.registry import queries as registry

PREVIEWED = 6
LOOKS = {
    AlertKind.LOG_STOPPED: ("shield-check", "bad"),
    AlertKind.LOG_UNWITNESSED: ("shield-check", "bad"),
    AlertKind.WRONG: ("triangle-alert", "bad"),
    AlertKind.JOB_FAILED: ("triangle-alert", "bad"),
    AlertKind.FILE_STOPPED: ("triangle-alert", "bad"),
    AlertKind.QUIET: ("clock", "bad"),
    AlertKind.TILL_OPEN: ("calculator", "bad"),
    AlertKind.PAYMENTS: ("landmark", "gold"),
    AlertKind.ENDING: ("clock", "gold"),
    AlertKind.FILES_WAITING: ("upload", ""),
    AlertKind.FILES_REFUSED: ("file-spreadsheet", ""),
    AlertKind.ACCOUNTS: ("calendar-range", ""),
}

_WEIGHT = Case(
    *(When(kind=kind, then=Value(weight)) for weight, kind in enumerate(AlertKind)),
    output_field=IntegerField(),
)
_OPEN = Q(gone_at=None, resolved_at=None)
STATES: dict[str, Q] = {
    "open": _OPEN,
    "mine": _OPEN,
    "resolved": Q(resolved_at__isnull=False),
    "gone": Q(gone_at__isnull=False, resolved_at=None),
}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert; its sentence is in `control_room/alert_title.html`, made of `kind` and `params`."""

    id: UUID
    key: str
    kind: str
    params: dict[str, Any]
    about_id: UUID | None
    about_name: str
    first_seen_at: datetime
    gone_at: datetime | None
    assigned_to_id: UUID | None
    assigned_name: str
    resolved_at: datetime | None
    note: str

    @property
    def day(self) -> date | None:
        """Return the day that the sentence names."""
        return date.fromisoformat(self.params["on"]) if "on" in self.params else None

    @property
    def icon(self) -> str:
        return LOOKS[AlertKind(self.kind)][0]

    @property
    def leaf(self) -> str:
        return LOOKS[AlertKind(self.kind)][1]

    @property
    def is_open(self) -> bool:
        return self.gone_at is None and self.resolved_at is None

    @property
    def may_reopen(self) -> bool:
        return self.gone_at is None and self.resolved_at is not None


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did about an alert."""

    title: str
    person_name: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert, what was done about it, and its earlier times."""

    alert: AlertRow
    steps: Sequence[Step]
    earlier: Sequence[AlertRow]


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """The alerts that weigh most, and how many are open in all."""

    first: Sequence[AlertRow]
    count: int

    @property
    def more_count(self) -> int:
        return self.count - len(self.first)


def open_alerts() -> OpenAlerts:
    """Return what to look at first, in two SQL queries."""
    found = _alerts("open").order_by(_WEIGHT, "first_seen_at", "id")
    return OpenAlerts([alert_row(each) for each in found[:PREVIEWED]], found.count())


def alerts(*, state: str, kind: str, person_id: UUID | None) -> QuerySet[Alert]:
    """Return alerts in a state of STATES (`mine`: of this person) and, if named, of one kind."""
    found = _alerts(state)
    if state == "mine":
        found = found.filter(assigned_to=person_id)
    if kind:
        found = found.filter(kind=kind)
    if state in ("open", "mine"):
        return found.order_by(_WEIGHT, "first_seen_at", "id")
    return found.order_by("-first_seen_at", "id")


def counts_by_kind(*, state: str, person_id: UUID | None) -> dict[str, int]:
    """Return how many alerts there are of each kind in a state."""
    counts: dict[str, int] = {}
    found = alerts(state=state, kind="", person_id=person_id).order_by()
    for kind in found.values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def alert_page(*, alert_id: UUID) -> AlertPage | None:
    """Return one alert with its history, None where there is none."""
    alert = Alert.objects.select_related("about", "assigned_to").filter(pk=alert_id).first()
    if alert is None:
        return None
    events = list(alert.events.select_related("person").order_by("-recorded_at", "-id"))
    names = registry.names_of_users({each.recorded_by for each in events if each.recorded_by})
    steps = [
        Step(
            title=each.get_step_display(),
            person_name=each.person.name if each.person else "",
            note=each.note,
            by=names.get(each.recorded_by, "") if each.recorded_by else "",
            at=each.recorded_at,
        )
        for each in events
    ]
    same = Alert.objects.select_related("about", "assigned_to").filter(key=alert.key)
    earlier = same.exclude(pk=alert.pk).order_by("-first_seen_at", "id")
    return AlertPage(alert_row(alert), steps, [alert_row(each) for each in earlier])


def alert_row(alert: Alert) -> AlertRow:
    return AlertRow(
        id=alert.id,
        key=alert.key,
        kind=alert.kind,
        params=alert.params,
        about_id=alert.about_id,
        about_name=alert.about.name if alert.about else "",
        first_seen_at=alert.first_seen_at,
        gone_at=alert.gone_at,
        assigned_to_id=alert.assigned_to_id,
        assigned_name=alert.assigned_to.name if alert.assigned_to else "",
        resolved_at=alert.resolved_at,
        note=alert.note,
    )


def _alerts(state: str) -> QuerySet[Alert]:
    return Alert.objects.select_related("about", "assigned_to").filter(STATES[state])
