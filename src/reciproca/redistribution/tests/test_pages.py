"""From a form without JSON to a person's own page, as an officer, a second one and a member go."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.makers import Member, client_of, make_member

from reciproca.governance.actions import keep_policy
from reciproca.governance.rules import canonical
from reciproca.redistribution import queries
from reciproca.redistribution.models import Objection, Run, Simulation
from reciproca.redistribution.rules import Criterion
from reciproca.redistribution.tasks import MEASURE, PAY, SIMULATE
from reciproca.redistribution.tests.cast import (
    Valley,
    make_membership,
    make_person,
    make_valley,
)
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    """A community in which Ada and Bruno bought last week."""
    valley = make_valley()
    for member, cents in ((valley.cast.ada, 30_000), (valley.cast.bruno, 10_000)):
        valley.buy(member.id, cents, at=last_week())
    return valley


def last_week() -> datetime:
    return timezone.now() - timedelta(days=7)


def until_yesterday() -> dict[str, str]:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    return {"starts_on": f"{date(yesterday.year - 1, 1, 1)}", "ends_on": f"{yesterday}"}


@pytest.fixture
def olga(valley: Valley) -> Client:
    return client_of(valley.cast.olga)


@pytest.fixture
def omar(valley: Valley) -> Client:
    """Return the browser of the officer who approves what Olga opens."""
    omar: Member = make_member(name="Omar Zeni", acts_for=valley.cast.federation_id, role="officer")
    return client_of(omar)


def work(kind: str) -> None:
    """Do what a worker would: the job of this kind that waits."""
    [job] = Job.objects.filter(kind=kind, finished_at=None)
    run_job(job_id=job.pk)


def written(valley: Valley, **changes: str) -> dict[str, str]:
    return {
        "title": "Riparto del monte",
        "pool": str(valley.pool),
        "common_fund": str(valley.cast.common_id),
        "common_share": "20%",
        "patronage_weight": "3/4",
        "km0_weight": "25%",
        "km0_categories": "orto, km0",
        "zero_criterion": "reweight",
        "registered_days": "90",
        "from_age": "18",
        "min_payout_cents": "1,50",
        **changes,
    }


# --- writing ---


def test_an_officer_writes_criteria_and_reads_them_aloud_beside_the_form(
    valley: Valley, olga: Client
) -> None:
    page = olga.get("/redistribution/policies/new/")
    assert "Le parole compaiono qui" in page.content.decode()

    spoken = olga.post("/redistribution/policies/reading/", written(valley)).content.decode()

    assert "75% del resto si divide in proporzione a quanto ciascuno ha comprato" in spoken
    assert "di “km0”, “orto”" in spoken
    assert "Sotto 1,50" in spoken


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"km0_weight": "1/5"}, "devono fare 100% in tutto: adesso fanno 95%"),
        ({"km0_categories": ""}, "quali categorie"),
        ({"floor_cents": "9,00", "cap_cents": "8,00"}, "supera il massimo"),
        ({"days_1": "90", "weight_1": "1/2", "days_2": "30", "weight_2": "1"}, "scalino di 30"),
        ({"common_share": "mezzo"}, "frazione"),
        ({"title": ""}, "Scrivi un titolo"),
    ],
)
def test_what_does_not_add_up_is_said_with_what_to_do(
    valley: Valley, olga: Client, changes: dict[str, str], words: str
) -> None:
    answer = olga.post("/redistribution/policies/new/", written(valley, **changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    spoken = olga.post("/redistribution/policies/reading/", written(valley, **changes))
    assert words in spoken.content.decode()


def test_what_is_written_goes_on_to_the_resolution_as_its_canonical_text(
    valley: Valley, olga: Client
) -> None:
    answer = olga.post("/redistribution/policies/new/", written(valley))

    address = urlsplit(answer.headers["Location"])
    assert address.path == "/policies/adoption/"
    aloud = olga.get(answer.headers["Location"]).content.decode()
    assert "75% del resto" in aloud
    assert '"weight":"3/4"' in parse_qs(address.query)["document"][0]


def test_the_form_begins_with_the_criteria_in_force(valley: Valley, olga: Client) -> None:
    valley.adopt(title="Quelli di oggi", min_payout_cents=250)

    page = olga.get("/redistribution/policies/new/").content.decode()

    assert 'value="Quelli di oggi"' in page
    assert 'value="2,50"' in page
    assert "Sotto 2,50" in page


# --- trying ---


def test_two_policies_are_tried_and_a_member_reads_their_own_effect(
    valley: Valley, olga: Client
) -> None:
    valley.adopt(title="Quelli di oggi", common_share=valley.policy().common_share)
    for number in range(55):
        member = make_member(name=f"Socia {number}", member_of=valley.cast.lievito_id)
        valley.buy(member.id, 1_000 + number, at=last_week(), category="km0")
    to_try = olga.post(
        "/redistribution/policies/new/", written(valley, title="Più territorio", **{"try": "1"})
    )
    where = to_try.headers["Location"]
    assert "Più territorio" in olga.get(where).content.decode()

    made = olga.post(where, {**until_yesterday(), "pool_cents": "1.000,00"})
    waiting = olga.get(made.headers["Location"]).content.decode()
    work(SIMULATE)
    page = olga.get(made.headers["Location"]).content.decode()

    assert "Prova dei criteri" in waiting
    assert "Quelli di oggi" in page
    assert "Rispetto al primo: 55 ricevono di più" in page or "troppo pochi per dirlo" in page
    assert page.count("<svg") >= 2
    simulation = Simulation.objects.get()
    mine = client_of(valley.cast.ada).get(f"/redistribution/simulations/{simulation.id}/mine/")
    assert "Lo leggi solo tu" in mine.content.decode()
    own = client_of(valley.cast.bruno).get(f"/redistribution/simulations/{simulation.id}/mine/")
    effect = queries.own_effect(simulation_id=simulation.id, member_id=valley.cast.bruno.id)
    assert effect is not None
    for _row, cents in effect.rows:
        assert f"{cents // 100},{cents % 100:02}" in own.content.decode()


def test_criteria_to_vote_on_lead_a_member_to_what_they_change_for_them(
    valley: Valley, olga: Client
) -> None:
    today = valley.adopt(title="Quelli di oggi")
    new = valley.policy(title="Più territorio").as_document()
    digest = keep_policy(document=new, recorded_at=timezone.now())
    bruno = client_of(valley.cast.bruno)
    assert "Che cosa cambia per te" not in page_of(bruno, digest)

    tried = f"/redistribution/simulations/?document={quote(canonical(new))}"
    olga.post(tried, {**until_yesterday(), "pool_cents": "1.000,00"})
    assert "Che cosa cambia per te" not in page_of(bruno, digest)
    work(SIMULATE)

    mine = f"/redistribution/simulations/{Simulation.objects.get().id}/mine/"
    assert f'href="{mine}">Che cosa cambia per te' in page_of(bruno, digest)
    assert "Lo leggi solo tu" in bruno.get(mine).content.decode()
    assert mine not in page_of(Client(), digest)
    assert mine not in page_of(bruno, today)


def page_of(client: Client, digest: str) -> str:
    """Return a policy's page."""
    return client.get(f"/policies/{digest}/").content.decode()


# --- running ---


def opened(olga: Client) -> Run:
    answer = olga.post("/redistribution/runs/", until_yesterday())
    assert answer.status_code == 302, answer.content.decode()
    work(MEASURE)
    return Run.objects.get()


def test_one_opens_another_approves_and_everybody_reads_why(
    valley: Valley, olga: Client, omar: Client
) -> None:
    valley.adopt()
    run = opened(olga)
    mine = olga.get(f"/redistribution/runs/{run.id}/").content.decode()
    assert "lo approva un’altra persona" in mine
    refused = olga.post(f"/redistribution/runs/{run.id}/approval/")
    assert refused.status_code == 403
    assert client_of(valley.cast.bruno).get(own(run)).status_code == 404

    assert "Approva e paga 32,00" in omar.get(f"/redistribution/runs/{run.id}/").content.decode()
    omar.post(f"/redistribution/runs/{run.id}/approval/")
    work(PAY)

    page = client_of(valley.cast.bruno).get(own(run)).content.decode()
    assert "La tua parte: 8,00" in page
    assert "Hai comprato per 100,00\u00a0€, tolti i resi: il 25% dei 400,00\u00a0€ di tutti" in page
    assert "Nessuno dei centesimi che avanzavano" in page
    assert run.policy_id in page
    movements = client_of(valley.cast.bruno).get("/movements/?kind=parts").content.decode()
    assert "Monte dei soci" in movements
    assert own(run) in movements


def own(run: Run) -> str:
    return f"/redistribution/runs/{run.id}/mine/"


def paid(valley: Valley, olga: Client, omar: Client) -> Run:
    valley.adopt()
    run = opened(olga)
    omar.post(f"/redistribution/runs/{run.id}/approval/")
    work(PAY)
    run.refresh_from_db()
    return run


def test_the_explanation_is_a_pdf_too(valley: Valley, olga: Client, omar: Client) -> None:
    run = paid(valley, olga, omar)

    address = f"/redistribution/runs/{run.id}/mine.pdf"
    bruno = client_of(valley.cast.bruno)
    answer = bruno.get(address)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"/Lang (it)" in answer.content
    assert f"bruno-fedrizzi-riparto-{run.ends_on}" in answer.headers["Content-Disposition"]
    assert bruno.get(address).content == answer.content
    assert client_of(valley.cast.carla).get(address).status_code == 404


def test_an_objection_is_answered_and_a_correction_opened(
    valley: Valley, olga: Client, omar: Client
) -> None:
    run = paid(valley, olga, omar)
    bruno = client_of(valley.cast.bruno)
    assert bruno.post(own(run), {"text": ""}).status_code == 422
    bruno.post(own(run), {"text": "Manca la spesa di lunedì"})
    valley.buy(valley.cast.bruno.id, 20_000, at=last_week(), recorded_at=timezone.now())
    page = olga.get(f"/redistribution/runs/{run.id}/").content.decode()
    assert "Manca la spesa di lunedì" in page

    objection: UUID = Objection.objects.get().id
    empty = olga.post(f"/redistribution/objections/{objection}/answer/", {"upheld": "yes"})
    assert empty.status_code == 422
    olga.post(
        f"/redistribution/objections/{objection}/answer/",
        {"upheld": "yes", "answer": "Vero: correggiamo"},
    )
    assert "Vero: correggiamo" in bruno.get(own(run)).content.decode()
    assert olga.post(f"/redistribution/runs/{run.id}/corrections/", {}).status_code == 422
    made = olga.post(f"/redistribution/runs/{run.id}/corrections/", {"reason": "Mancava una spesa"})
    work(MEASURE)
    omar.post(f"{made.headers['Location']}approval/")
    work(PAY)

    correction = Run.objects.exclude(corrects=None).get()
    explained = bruno.get(own(correction)).content.decode()
    assert "Mancava una spesa" in explained
    assert "Prima della correzione era" in explained
    assert "La tua parte: 8,00" in explained


def test_a_run_that_stopped_says_why_on_its_page(valley: Valley, olga: Client) -> None:
    valley.adopt(floor_cents=10_000)
    answer = olga.post("/redistribution/runs/", until_yesterday())
    work(MEASURE)

    page = olga.get(answer.headers["Location"]).content.decode()

    assert "La somma dei minimi garantiti supera" in page
    olga.post(f"{answer.headers['Location']}withdrawal/")
    assert "Ritirato" in olga.get("/redistribution/").content.decode()


def test_a_period_that_is_not_over_is_refused_beside_its_field(
    valley: Valley, olga: Client
) -> None:
    valley.adopt()
    today = timezone.localdate()

    answer = olga.post("/redistribution/runs/", {"starts_on": f"{today}", "ends_on": f"{today}"})

    assert answer.status_code == 422
    assert "Si divide un periodo finito" in answer.content.decode()


def test_the_pages_speak_english(valley: Valley, olga: Client, omar: Client) -> None:
    run = paid(valley, olga, omar)
    bruno = client_of(valley.cast.bruno)

    page = bruno.get(own(run), headers={"Accept-Language": "en"}).content.decode()

    assert "You bought for €100.00, less returns: 25% of everybody’s €400.00" in page


def test_the_list_asks_the_same_few_questions_however_many_runs(
    valley: Valley, olga: Client, django_assert_max_num_queries: object
) -> None:
    valley.adopt()
    opened(olga)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert b"Da approvare" in olga.get("/redistribution/").content


def test_a_policy_that_was_tampered_with_is_refused_on_screen(
    valley: Valley, olga: Client, omar: Client
) -> None:
    valley.adopt()
    run = opened(olga)
    tamper()

    answers = [
        omar.get(f"/redistribution/runs/{run.id}/"),
        omar.post(f"/redistribution/runs/{run.id}/approval/"),
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    for page in (answer.content.decode() for answer in answers):
        assert "Il testo dei criteri non è più quello che fu adottato" in page
        assert run.policy_id in page
        assert "Con questi criteri" not in page
        assert "Approva e paga" not in page
    words = omar.get(f"/policies/{run.policy_id}/").content.decode()
    assert "non è più quello di questa impronta" in words
    assert "25%" not in words.partition("Leggilo qui")[0]
    assert not Run.objects.exclude(approved_at=None).exists()


def test_a_part_is_not_explained_by_a_text_that_was_tampered_with(
    valley: Valley, olga: Client, omar: Client
) -> None:
    run = paid(valley, olga, omar)
    mine, bruno = f"/redistribution/runs/{run.id}/mine/", client_of(valley.cast.bruno)
    assert "Il criterio pesa" in bruno.get(mine).content.decode()
    tamper()

    page = bruno.get(mine).content.decode()

    assert "La tua parte: 8,00" in page
    assert "Il testo dei criteri non è più quello che fu adottato" in page
    assert "Il criterio pesa" not in page
    assert bruno.get(f"/redistribution/runs/{run.id}/mine.pdf").headers["Location"] == mine


def tamper() -> None:
    """Change one letter of the adopted text, as somebody at the database might."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE governance_policy SET document = replace(document, '1/5', '1/4')")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_everybody_reads_how_the_whole_was_divided_but_not_among_few(
    valley: Valley, olga: Client, omar: Client
) -> None:
    run = paid(valley, olga, omar)

    page = client_of(valley.cast.bruno).get(f"/redistribution/runs/{run.id}/mine/").content.decode()

    whole = page.partition("Come si è diviso per tutti")[2]
    assert "40,00" in whole
    assert "Ricevono" not in whole
    assert "troppo poche persone" in whole


@pytest.mark.parametrize(("people", "receivers", "groups"), [(4, None, 0), (50, 50, 10)])
def test_groups_are_told_only_where_five_are_in_each(
    valley: Valley, people: int, receivers: int | None, groups: int
) -> None:
    members = [make_person() for _person in range(people)]
    for member in members:
        make_membership(member=member, cooperative=valley.cast.lievito_id)
        valley.buy(member, 1_000)
    valley.adopt(Criterion("patronage", Fraction(1)))
    run = valley.run()

    found = queries.own_part(run_id=run.id, member_id=members[0])

    assert found is not None
    assert found.whole.receivers == receivers
    assert len(found.whole.tenths or ()) == groups
