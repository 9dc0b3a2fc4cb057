"""Alerts: they come and go with their cause, are assigned, resolved, and come back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import Cast, adopt_policy, client_of, make_cast, make_organisation

from reciproca.clearing.actions import run_clearing
from reciproca.control_room import actions, rules
from reciproca.control_room.alerts.causes import RULES
from reciproca.control_room.alerts.keeping import (
    AlertNotResolved,
    AlertOver,
    AssigneeRefused,
    NoteMissing,
)
from reciproca.control_room.models import Alert, AlertEvent, AlertKind, EndingCredit
from reciproca.control_room.tests.test_network_pages import lived, promise, sold, words
from reciproca.imports.models import Import
from reciproca.notices.models import Notice
from reciproca.shared.models import Job
from reciproca.transparency.models import Log

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 20, 9, tzinfo=UTC)
LIST = "/control/alerts/"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    for shop in (cast.lievito_id, cast.roncolago_id):
        promise(shop)
    return cast


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


def stopped_job(**fields: Any) -> Job:
    return Job.objects.create(
        kind="control_room.verify", title="Verifica", state="failed", message="Mancava la luce.",
        finished_at=NOW, **fields,
    )  # fmt: skip


def the_alert(at: datetime = NOW) -> Alert:
    """Return the one alert that is live after a refresh."""
    actions.refresh_alerts(at=at)
    return Alert.objects.get(gone_at=None)


def repaired(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state="done", result={"ok": True})


def broken_again(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state="failed")


def resolve(alert: Alert, cast: Cast, note: str = "Riavviato il server") -> None:
    actions.resolve_alert(
        alert_id=alert.id, note=note, resolved_by=cast.olga.user.id, resolved_at=NOW
    )


def test_who_fell_silent_is_measured_by_the_last_sale_of_all() -> None:
    here, there, old = uuid4(), uuid4(), uuid4()
    sales = {here: NOW, there: NOW - rules.QUIET, old: NOW - rules.QUIET - timedelta(seconds=1)}

    assert rules.fell_silent(sales) == {old: sales[old]}
    assert rules.fell_silent({old: sales[old]}) == {}
    assert rules.fell_silent({}) == {}


def test_credit_ends_soon_until_its_last_day() -> None:
    last = date(2025, 12, 31)

    assert rules.ends_soon(expires_on=last, today=last)
    assert rules.ends_soon(expires_on=last, today=last - rules.ENDS_SOON)
    assert not rules.ends_soon(expires_on=last, today=last - rules.ENDS_SOON - timedelta(days=1))
    assert not rules.ends_soon(expires_on=last, today=last + timedelta(days=1))


def test_an_alert_begins_once_and_ends_with_its_cause(cast: Cast) -> None:
    job = stopped_job()
    first = the_alert()
    assert the_alert(NOW + timedelta(minutes=5)).id == first.id

    repaired(job)
    actions.refresh_alerts(at=NOW + timedelta(hours=1))

    first.refresh_from_db()
    assert (first.gone_at, first.resolved_at) == (NOW + timedelta(hours=1), None)


def test_a_resolved_alert_stays_so_while_its_cause_lasts_and_comes_back_after(cast: Cast) -> None:
    job = stopped_job()
    first = the_alert()
    resolve(first, cast)
    assert the_alert(NOW + timedelta(hours=1)).id == first.id

    repaired(job)
    actions.refresh_alerts(at=NOW + timedelta(hours=2))
    broken_again(job)
    second = the_alert(NOW + timedelta(hours=3))

    first.refresh_from_db()
    assert second.id != first.id
    assert second.resolved_at is None
    assert (first.note, first.resolved_by) == ("Riavviato il server", cast.olga.user.id)


def test_an_alert_follows_its_figures(cast: Cast) -> None:
    EndingCredit.objects.create(expires_on=NOW.date(), amount_cents=900, holder_count=4)
    assert the_alert().params == {"on": "2025-06-20", "cents": 900, "holders": None}

    EndingCredit.objects.update(amount_cents=800, holder_count=5)

    assert the_alert().params == {"on": "2025-06-20", "cents": 800, "holders": 5}


def test_a_file_of_an_organisation_that_is_no_more_hinders_no_other_alert(cast: Cast) -> None:
    Import.objects.create(
        kind="members", file_name="a", size_bytes=1, state="failed", started_at=NOW,
        organisation_id=uuid4(),
    )  # fmt: skip
    stopped_job()

    assert the_alert().kind == AlertKind.JOB_FAILED


def test_a_resolved_alert_needs_a_note_and_is_resolved_once(cast: Cast) -> None:
    stopped_job()
    alert = the_alert()

    with pytest.raises(NoteMissing):
        resolve(alert, cast, note="  ")
    resolve(alert, cast)
    with pytest.raises(AlertOver):
        resolve(alert, cast)


def test_an_alert_is_assigned_to_officers_alone_and_they_are_told(cast: Cast) -> None:
    stopped_job()
    alert = the_alert()

    def assign(person: UUID | None) -> None:
        actions.assign_alert(
            alert_id=alert.id, person_id=person, assigned_by=cast.olga.user.id, assigned_at=NOW
        )

    for refused in (cast.ada.id, cast.bruno.id):
        with pytest.raises(AssigneeRefused):
            assign(refused)
    assign(cast.olga.id)
    assign(cast.olga.id)
    assign(None)

    assert Notice.objects.filter(kind="alert-assigned", recipient=cast.olga.id).count() == 1
    steps = AlertEvent.objects.order_by("id").values_list("step", "person_id")
    assert list(steps) == [("assigned", cast.olga.id), ("released", None)]


def test_a_resolved_alert_is_opened_again_but_not_one_that_passed(cast: Cast) -> None:
    job = stopped_job()
    alert = the_alert()

    def reopen() -> None:
        actions.reopen_alert(alert_id=alert.id, reopened_by=cast.olga.user.id, reopened_at=NOW)

    with pytest.raises(AlertNotResolved):
        reopen()

    resolve(alert, cast)
    reopen()
    assert the_alert().resolved_at is None

    repaired(job)
    actions.refresh_alerts(at=NOW)
    with pytest.raises(AlertNotResolved):
        reopen()


def test_what_was_done_is_never_rewritten(cast: Cast) -> None:
    stopped_job()
    resolve(the_alert(), cast)

    with pytest.raises(DatabaseError, match="never allowed"):
        AlertEvent.objects.update(note="Niente")


def test_every_kind_has_a_rule_and_a_sentence(cast: Cast, olga: Client) -> None:
    sold(cast.lievito_id, cast.bruno.id, 100_000, at=NOW - timedelta(days=400))
    lived(cast)
    run_clearing(label="2025", until=date(2025, 4, 30), recorded_by=None, recorded_at=NOW)
    stopped_job()
    EndingCredit.objects.create(expires_on=date(2025, 9, 1), amount_cents=900, holder_count=7)
    files = ({"state": "failed"}, {"state": "previewed"}, {"state": "done", "refused_count": 2})
    for organisation in (None, cast.roncolago_id):
        for fields in files:
            Import.objects.create(
                kind="purchases", file_name="cassa.csv", size_bytes=1, started_at=NOW,
                organisation_id=organisation, **fields,
            )  # fmt: skip
    promise_of_silence = make_organisation(name="Maso Dossi", municipality="022205")
    promise(promise_of_silence)
    sold(promise_of_silence, cast.bruno.id, 1_000, at=NOW - timedelta(days=120))
    found = {"ok": False, "checks": {"units_sum_to_zero": {"ok": False}}}
    Job.objects.create(kind="control_room.verify", title="Verifica", state="done", result=found)
    Log.objects.create(
        origin="o", quorum=1, stopped="another root", opened_at=NOW - timedelta(days=2)
    )
    actions.refresh_alerts(at=NOW)

    # `test_till_alerts` has the one kind that needs a till.
    kinds = set(AlertKind) - {AlertKind.TILL_OPEN}
    assert set(Alert.objects.values_list("kind", flat=True)) == kinds
    assert len(RULES) == len(AlertKind)
    text = words(olga.get(LIST))
    for sentence in (
        "Il registro pubblico è fermo",
        "Un controllo della verifica non torna",
        "Da un giorno il registro pubblico non ha testimoni a sufficienza",
        "Si è fermato un lavoro: Verifica",
        "Un’importazione si è interrotta",
        "Si è interrotta un’importazione di Caseificio Roncolago",
        "Maso Dossi non registra acquisti da",
        "da confermare",
        "9 € di credito scadono il 1 set",
        "Un file aspetta la tua conferma",
        "Un file di Caseificio Roncolago aspetta una conferma",
        "Un file di Caseificio Roncolago ha righe rifiutate",
        "3 cooperative senza bilancio o delibera del 2024",
    ):
        assert sentence in text, sentence
    for alert in Alert.objects.all():
        assert olga.get(f"{LIST}{alert.id}/").status_code == 200
    assert "cassa.csv" not in text


def test_an_officer_assigns_and_resolves_from_the_page(cast: Cast, olga: Client) -> None:
    stopped_job()
    page = f"{LIST}{the_alert().id}/"

    assert "Ancora niente." in words(olga.get(page))
    olga.post(f"{page}assignment/", {"person": str(cast.olga.id)})
    assert "Verifica" in words(olga.get(f"{LIST}?state=mine"))
    refused = olga.post(f"{page}resolution/", {"note": ""})
    assert (refused.status_code, "Scrivi in due parole" in words(refused)) == (422, True)
    olga.post(f"{page}resolution/", {"note": "Riavviato"})

    assert "Adesso niente ti aspetta" in words(olga.get(LIST))
    assert "Adesso niente ti aspetta" in words(olga.get("/control/"))
    assert "risolto" in words(olga.get(f"{LIST}?state=resolved"))
    history = words(olga.get(page))
    assert "Risolto Riavviato" in history
    assert "Affidato a Olga Nardelli" in history
    assert olga.post(f"{page}assignment/", {"person": ""}).status_code == 409
    olga.post(f"{page}reopening/")
    assert "Si è fermato un lavoro" in words(olga.get(LIST))


def test_the_overview_shows_what_weighs_most(cast: Cast, olga: Client) -> None:
    for number in range(8):
        stopped_job(subject=f"{number}")
    actions.refresh_alerts(at=NOW)

    text = words(olga.get("/control/"))

    assert text.count("Si è fermato un lavoro") == 6
    assert "Altri 2 avvisi" in text


@pytest.mark.parametrize("query", ["?state=altro", "?kind=niente", "?page=x", "?kind=job-failed"])
def test_a_filter_that_is_not_there_shows_the_open_ones(
    cast: Cast, olga: Client, query: str
) -> None:
    stopped_job()
    actions.refresh_alerts(at=NOW)

    assert "Si è fermato un lavoro" in words(olga.get(f"{LIST}{query}"))


def test_the_list_takes_as_many_queries_for_2_alerts_as_for_40(cast: Cast, olga: Client) -> None:
    def asked() -> int:
        actions.refresh_alerts(at=NOW)
        with CaptureQueriesContext(connection) as captured:
            assert olga.get(LIST).status_code == 200
        return len(captured)

    for _ in range(2):
        stopped_job()
    few = asked()
    for _ in range(38):
        stopped_job()
    assert asked() == few


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("", "Scrivi in due parole come si è risolto"),
        ("x" * 301, "qui stanno 300 caratteri, e ora sono 301"),
        ("riavviato\0", "c’è un carattere che non si può usare"),
    ],
)
def test_a_note_that_cannot_be_kept_is_asked_again_with_what_was_typed(
    olga: Client, note: str, sentence: str
) -> None:
    stopped_job()
    alert = the_alert()

    answer = olga.post(f"{LIST}{alert.id}/resolution/", {"note": note})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert note[:300] in text
    assert Alert.objects.get().resolved_at is None
