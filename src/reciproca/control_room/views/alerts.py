"""Alerts on an officer's pages: the list, one of them, and what an officer does about it."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reciproca.control_room import actions
from reciproca.control_room.alerts import reading
from reciproca.control_room.alerts.keeping import LONGEST_NOTE, NoteMissing, officers
from reciproca.control_room.alerts.reading import STATES, AlertPage, AlertRow, alert_row
from reciproca.control_room.models import AlertKind
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")
ON_A_PAGE = 50
Chip = dict[str, object]


class NoteForm(Form):
    """How it went, for whoever finds the alert again."""

    note = forms.CharField(
        label=gettext_lazy("Com’è andata"),
        max_length=LONGEST_NOTE,
        error_messages={"required": NoteMissing.message},
        help_text=gettext_lazy(
            "Due parole per chi lo ritroverà. Torna se la causa passa e poi torna."
        ),
    )


@require_safe
@officer_required
def alert_list(request: MemberRequest) -> HttpResponse:
    """List alerts: the open ones, an officer's own, those that are over; of all kinds or one."""
    person_id = request.actor.person_id
    state, kind = asked_of(request.GET)
    found = reading.alerts(state=state, kind=kind, person_id=person_id)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    counts = reading.counts_by_kind(state=state, person_id=person_id)
    context = {
        "page": page,
        "rows": [alert_row(each) for each in page],
        "state": state,
        "chips": _state_chips(state),
        "kind_chips": _kind_chips(state, kind, counts),
    }
    return render(request, "control_room/alerts.html", context)


def asked_of(query: QueryDict) -> tuple[str, str]:
    """Return which state and kind of alerts an address asks for."""
    state, kind = query.get("state", ""), query.get("kind", "")
    return (state if state in STATES else "open"), (kind if kind in AlertKind.values else "")


@require_safe
@officer_required
def alert(request: MemberRequest, alert_id: UUID) -> HttpResponse:
    """Show one alert, where its rows are, and what was done about it."""
    return _show(request, _page(alert_id))


@require_POST
@officer_required
def assignment(request: MemberRequest, alert_id: UUID) -> HttpResponse:
    """Assign an alert to an officer, or to nobody."""
    person_id = _uuid(request.POST.get("person", ""))

    def assign(by: UUID) -> str:
        actions.assign_alert(
            alert_id=alert_id, person_id=person_id, assigned_by=by, assigned_at=timezone.now()
        )
        return _("Affidato: chi lo ha trova un avviso.") if person_id else _("Non è di nessuno.")

    return _do(request, alert_id, assign)


@require_POST
@officer_required
def resolution(request: MemberRequest, alert_id: UUID) -> HttpResponse:
    """Resolve an alert with a note."""

    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, _page(alert_id), form=form)

    def resolve(by: UUID) -> str:
        actions.resolve_alert(
            alert_id=alert_id,
            note=form.cleaned_data["note"],
            resolved_by=by,
            resolved_at=timezone.now(),
        )
        return _("Risolto. Torna solo se la causa torna.")

    return _do(request, alert_id, resolve)


@require_POST
@officer_required
def reopening(request: MemberRequest, alert_id: UUID) -> HttpResponse:
    """Open a resolved alert again."""

    def reopen(by: UUID) -> str:
        actions.reopen_alert(alert_id=alert_id, reopened_by=by, reopened_at=timezone.now())
        return _("L’avviso è di nuovo aperto.")

    return _do(request, alert_id, reopen)


def _do(request: MemberRequest, alert_id: UUID, act: Callable[[UUID], str]) -> HttpResponse:
    page = _page(alert_id)
    assert request.actor.user_id is not None
    try:
        told = act(request.actor.user_id)
    except DomainError as refusal:
        return _show(request, page, refusal)
    messages.success(request, told)
    return redirect("control_room:alert", alert_id)


def _page(alert_id: UUID) -> AlertPage:
    page = reading.alert_page(alert_id=alert_id)
    if page is None:
        raise Http404
    return page


def _show(
    request: MemberRequest,
    page: AlertPage,
    refusal: DomainError | None = None,
    form: NoteForm | None = None,
) -> HttpResponse:
    context = {
        "alert": page.alert,
        "steps": page.steps,
        "earlier": page.earlier,
        "where": _where(page.alert),
        "officers": officers(on=timezone.localdate()),
        "refusal": refusal,
        "form": form or NoteForm(),
    }
    status = refusal.status if refusal else 422 if form else 200
    return render(request, "control_room/alert.html", context, status=status)


def _where(alert: AlertRow) -> str:
    """Return the page with the rows behind an alert."""
    told, own = alert.params, alert.about_id is None
    match alert.kind:
        case AlertKind.WRONG:
            return reverse("control_room:verify")
        case AlertKind.JOB_FAILED:
            return reverse("control_room:job", args=[told["job"]])
        case AlertKind.PAYMENTS:
            return reverse("clearing:run", args=[told["run"]])
        case AlertKind.ENDING:
            return reverse("control_room:year")
        case AlertKind.ACCOUNTS:
            return reverse("control_room:year_of", args=[told["year"]])
        case AlertKind.FILE_STOPPED | AlertKind.FILES_WAITING | AlertKind.FILES_REFUSED if own:
            return reverse("imports:list")
    # What a cooperative brought in is its own: an officer knows whom to ask.
    return reverse("registry:mandates_of", args=[alert.about_id]) if alert.about_id else ""


def _state_chips(current: str) -> list[Chip]:
    titles = {
        "open": _("Aperti"),
        "mine": _("Affidati a te"),
        "resolved": _("Risolti"),
        "gone": _("Passati da soli"),
    }
    return [
        {"label": title, "url": f"?{urlencode({'state': state})}", "current": state == current}
        for state, title in titles.items()
    ]


def _kind_chips(state: str, current: str, counts: dict[str, int]) -> list[Chip]:
    """Return the kinds that there are, with how many; none where all are of one kind."""
    if len(counts) < 2 and not current:
        return []
    every = {"label": _("Tutti"), "url": f"?{urlencode({'state': state})}", "current": not current}
    return [
        every,
        *(
            {
                "label": kind.label,
                "url": f"?{urlencode({'state': state, 'kind': kind.value})}",
                "current": kind.value == current,
                "count": counts[kind.value],
            }
            for kind in AlertKind
            if kind.value in counts
        ),
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
