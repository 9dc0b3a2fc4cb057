"""Alerts as they come, are assigned, resolved, and go with their cause."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.control_room.alerts.causes import causes
from reciproca.control_room.models import Alert, AlertEvent, AlertStep
from reciproca.control_room.telling import tell_alert_assigned
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.locks import wait_for_turn

TURN = "control-room-alerts"
LONGEST_NOTE = 300


class AlertOver(DomainError):
    code = "alert-over"
    message = _("Questo avviso è già chiuso: ricarica la pagina per vedere com’è andata.")


class AlertNotResolved(DomainError):
    code = "alert-not-resolved"
    message = _("Questo avviso non è fra quelli che si riaprono: la sua causa è passata.")


class AssigneeRefused(DomainError):
    code = "assignee-refused"
    message = _("Un avviso si affida a chi lavora nella cabina di regia.")
    status = 422


class NoteMissing(DomainError):
    code = "note-missing"
    message = _("Scrivi in due parole come si è risolto: resta nella storia.")
    status = 422


@transaction.atomic
def refresh_alerts(*, at: datetime) -> None:
    """
    Let alerts begin whose cause is new, and end those whose cause is gone.

    One that a person resolved stays resolved as long as its cause lasts; the cause that comes back
    after that is a new alert.
    """
    wait_for_turn(TURN)
    found = {cause.key: cause for cause in causes(now=at)}
    live = {alert.key: alert for alert in Alert.objects.filter(gone_at=None)}
    Alert.objects.filter(pk__in=[live[key].pk for key in live.keys() - found.keys()]).update(
        gone_at=at
    )
    changed = []
    for key in live.keys() & found.keys():
        if live[key].params != found[key].params:
            live[key].params = dict(found[key].params)
            changed.append(live[key])
    Alert.objects.bulk_update(changed, ["params"])
    Alert.objects.bulk_create(
        Alert(
            key=cause.key,
            kind=cause.kind,
            about_id=cause.about,
            params=dict(cause.params),
            first_seen_at=at,
        )
        for cause in found.values()
        if cause.key not in live
    )


@transaction.atomic
def assign_alert(
    *, alert_id: UUID, person_id: UUID | None, assigned_by: UUID, assigned_at: datetime
) -> None:
    """
    Assign an alert to an officer, who is told; to nobody, take it from whoever has it.

    Raises: AlertOver, AssigneeRefused, Alert.DoesNotExist.
    """
    alert = _open(alert_id)
    if person_id == alert.assigned_to_id:
        return
    if person_id is not None:
        if person_id not in {row.person_id for row in officers(on=localdate(assigned_at))}:
            raise AssigneeRefused
        tell_alert_assigned(alert_id=alert_id, person_id=person_id, told_at=assigned_at)
    alert.assigned_to_id = person_id
    alert.save(update_fields=["assigned_to"])
    step = AlertStep.ASSIGNED if person_id else AlertStep.RELEASED
    _note(alert, step, by=assigned_by, at=assigned_at, person=person_id)


@transaction.atomic
def resolve_alert(*, alert_id: UUID, note: str, resolved_by: UUID, resolved_at: datetime) -> None:
    """
    Resolve an alert with a note; it comes back when its cause, once gone, comes back.

    Raises: AlertOver, NoteMissing, Alert.DoesNotExist.
    """
    alert = _open(alert_id)
    told = " ".join(note.split())[:LONGEST_NOTE]
    if not told:
        raise NoteMissing
    alert.resolved_by, alert.resolved_at, alert.note = resolved_by, resolved_at, told
    alert.save(update_fields=["resolved_by", "resolved_at", "note"])
    _note(alert, AlertStep.RESOLVED, by=resolved_by, at=resolved_at, note=told)


@transaction.atomic
def reopen_alert(*, alert_id: UUID, reopened_by: UUID, reopened_at: datetime) -> None:
    """
    Open again an alert that somebody resolved while its cause lasts.

    Raises: AlertNotResolved, Alert.DoesNotExist.
    """
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.resolved_at is None or alert.gone_at is not None:
        raise AlertNotResolved
    alert.resolved_by, alert.resolved_at, alert.note = None, None, ""
    alert.save(update_fields=["resolved_by", "resolved_at", "note"])
    _note(alert, AlertStep.REOPENED, by=reopened_by, at=reopened_at)


def officers(*, on: date) -> list[registry.MandateRow]:
    """Return the officers of the federation on a day."""
    community = registry.community()
    if community is None:
        return []
    acting = registry.mandates_for(organisation_id=community.federation_id, on=on)
    return [row for row in acting if row.role == "officer" and row.starts_on <= on]


def _open(alert_id: UUID) -> Alert:
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.resolved_at is not None or alert.gone_at is not None:
        raise AlertOver
    return alert


def _note(
    alert: Alert,
    step: AlertStep,
    *,
    by: UUID,
    at: datetime,
    person: UUID | None = None,
    note: str = "",
) -> None:
    AlertEvent.objects.create(
        alert=alert, step=step, person_id=person, note=note, recorded_by=by, recorded_at=at
    )
