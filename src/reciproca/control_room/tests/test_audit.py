"""Who did what: one list out of what every room notes, of names and counts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import NOON, Cast, client_of, make_cast, make_person
from tests.permissions_table import World

from reciproca.clearing import actions as clearing
from reciproca.clearing.models import Payment
from reciproca.control_room import actions as control_room
from reciproca.control_room.audit import SOURCES, TITLES, Asked, acts, all_acts
from reciproca.control_room.models import YearClose
from reciproca.control_room.tests.test_network_pages import body, words
from reciproca.erasure.actions import erase_person
from reciproca.imports.models import Import
from reciproca.projects import actions as projects
from reciproca.redistribution import actions as redistribution
from reciproca.refunds import actions as refunds
from reciproca.refunds.models import RefundRun
from reciproca.registry import actions as registry
from reciproca.registry.forms import OrganisationIn
from reciproca.registry.models import Membership, Node
from reciproca.shared.models import Job
from reciproca.tills import actions as tills
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db

PAGE, FILE = "/control/audit/", "/control/audit/file.csv"


def everything_was_done() -> Cast:
    """Let somebody do one thing of every kind."""
    world = World()
    cast, by = world.cast, world.cast.olga.user.id
    a_cooperative_works(world)
    assert cast.elsa.mandate_id
    registry.end_mandate(mandate_id=cast.elsa.mandate_id, ended_by=by, ended_at=NOON)
    shop = registry.register_organisation(
        organisation=OrganisationIn(name="Maso Dossi"), recorded_by=by, recorded_at=NOON
    )
    changed = OrganisationIn(name="Maso Dossi e figli", address="Via Nuova 1")
    registry.change_organisation(node_id=shop, organisation=changed, changed_by=by, changed_at=NOON)
    registry.decide_claim(
        claim_id=world.claim_id, accepted=True, answer="", decided_by=by, decided_at=NOON
    )
    registry.undo_merge(merge_id=world.merge_id, undone_by=by, undone_at=NOON)
    registry.undo_people_merge(merge_id=world.people_merge_id, undone_by=by, undone_at=NOON)
    registry.revoke_api_key(key_id=world.key.id, revoked_by=by, revoked_at=NOON)
    registry.block_card(person_id=cast.bruno.id, blocked_by=by, blocked_at=NOON)
    registry.block_card(person_id=cast.carla.id, blocked_by=cast.carla.user.id, blocked_at=NOON)
    payment = Payment.objects.all()[0]
    clearing.confirm_payments(
        confirmations=[clearing.Confirmation(payment.id, "CRO1")],
        settled_on=NOON.date(),
        confirmed_by=by,
        recorded_at=NOON,
    )
    projects.decide_receipt(
        receipt_id=world.receipt.id, accepted=True, reason="", decided_by=by, decided_at=NOON
    )
    clearing.answer_set_off(
        proposal_id=world.set_off.id,
        node_id=world.a,
        accepted=True,
        on_paper=True,
        answered_by=by,
        answered_at=NOON,
    )
    clearing.withdraw_set_off(proposal_id=world.set_off.id, withdrawn_by=by, withdrawn_at=NOON)
    control_room.assign_alert(
        alert_id=world.alert.id, person_id=cast.olga.id, assigned_by=by, assigned_at=NOON
    )
    control_room.resolve_alert(
        alert_id=world.alert.id, note="Riavviato", resolved_by=by, resolved_at=NOON
    )
    control_room.reopen_alert(alert_id=world.alert.id, reopened_by=by, reopened_at=NOON)
    erase_person(
        person_id=make_person(name="Nino Nessuno"), erased_by=by, erased_at=NOON, paper="2025/3"
    )
    redistribution.answer_objection(
        objection_id=world.objection_id,
        upheld=True,
        answer="Correggiamo",
        answered_by=by,
        answered_at=NOON,
    )
    correction = redistribution.open_correction(
        run_id=world.redistribution.id, reason="Manca un acquisto", opened_by=by, opened_at=NOON
    )
    redistribution.withdraw_run(run_id=correction.id, withdrawn_by=by, withdrawn_at=NOON)
    registry.note_not_the_same(one_id=shop, other_id=cast.lievito_id, noted_by=by, noted_at=NOON)
    Job.objects.create(kind="control_room.verify", title="Verifica", started_by=by)
    YearClose.objects.create(year=2025, started_by=by, finished_at=NOON)
    Import.objects.create(
        kind="purchases", file_name="segreto.csv", size_bytes=1, state="undone", started_by=by,
        organisation_id=cast.lievito_id, accepted_count=42, undone_by=by, undone_at=NOON,
    )  # fmt: skip
    return cast


def a_cooperative_works(world: World) -> None:
    """Let Ada do at her cooperative what a manager does, and Bruno say what he never asked for."""
    cast, at = world.cast, {"organisation_id": world.a}
    ada, bruno = cast.ada.user.id, cast.bruno.membership_id
    assert bruno
    tomorrow = NOON.date() + timedelta(days=1)
    valueback.commit_rate(
        seller_id=world.a, rate_bp=400, valid_from=tomorrow, category="pane", recorded_by=ada
    )
    valueback.set_acceptance_limit(
        seller_id=world.a, share_bp=5_000, valid_from=tomorrow, recorded_by=ada
    )
    registry.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=world.a,
        applied_on=NOON.date(),
        recorded_by=cast.carla.user.id,
        recorded_at=NOON,
    )
    line = Membership.objects.get(member=cast.carla.id, cooperative=world.a)
    registry.admit_member(registry.Step(line.id, NOON.date(), ada, NOON))
    registry.pay_in_capital(
        registry.CapitalIn(bruno, "k", 2_500, NOON.date(), recorded_by=ada, recorded_at=NOON)
    )
    elsas = registry.AtDesk(world.a, cast.elsa.id, cast.elsa.user.id, NOON)
    registry.decide_desk_check(check_id=world.desk_check.pk, confirmed=True, desk=elsas)
    registry.dispute_act(act_id=world.desk_check.act_id, person_id=cast.bruno.id, disputed_at=NOON)
    tills.drop_held(
        held_id=world.held_sale.id, reason="Due volte", settled_by=ada, settled_at=NOON, **at
    )
    tills.revoke_device(device_id=world.till_device.id, revoked_by=ada, revoked_at=NOON, **at)
    other = tills.open_till(name="Mercato", opened_by=ada, opened_at=NOON, **at)
    tills.close_till(till_id=other.id, closed_by=ada, closed_at=NOON, **at)
    Node.objects.filter(pk=cast.bruno.id).update(iban="IT60X0542811101000000123456")
    Node.objects.filter(pk=world.a).update(iban="IT60X0542811101000000123456")
    run = RefundRun.objects.get()
    refunds.cash_file(run=run, created_at=NOON, remittance="Ristorno")
    refunds.confirm_cash_payments(
        run_id=run.id,
        line_ids=None,
        bank_reference="CRO 9",
        paid_on=NOON.date(),
        confirmed_by=ada,
        recorded_at=NOON,
    )


def kinds(asked: Asked) -> set[str]:
    return {act.kind for act in all_acts(asked=asked)}


def test_every_kind_of_act_is_in_the_list_with_who_did_it() -> None:
    everything_was_done()
    every = list(all_acts(asked=Asked()))

    assert SOURCES.keys() == TITLES.keys()
    for kind in SOURCES:
        assert kinds(Asked(kind=kind)) == {kind}
    assert {act.kind for act in every} == set(SOURCES)
    assert [act.at for act in every] == sorted((act.at for act in every), reverse=True)
    [changed] = [act for act in every if act.kind == "entry-changed"]
    assert (changed.by, changed.about) == ("Olga Nardelli", "Maso Dossi e figli")
    assert changed.number
    [imported] = [act for act in every if act.kind == "file-imported"]
    assert (imported.about, imported.number) == ("Panificio Il Lievito", 42)


def test_what_a_cooperative_does_is_told_with_who_and_never_for_whom() -> None:
    everything_was_done()

    def of(kind: str) -> list[tuple[str, str, str, int | None]]:
        found = all_acts(asked=Asked(kind=kind))
        return [(act.by, act.about, act.word, act.number) for act in found]

    lievito = "Panificio Il Lievito"
    assert of("assisted") == [("Ada Bertoldi", lievito, "il PIN della carta", None)]
    assert of("desk-checked") == [("Elsa Dallago", lievito, "confermato", None)]
    assert of("desk-disputed") == [("", lievito, "il PIN della carta", None)]
    # What Carla asked for herself is hers.
    assert of("membership-step") == [("Ada Bertoldi", lievito, "Domanda accolta", 1)]
    assert ("Ada Bertoldi", lievito, "Mercato", None) in of("till-opened")
    assert of("rate-committed") == [("Ada Bertoldi", lievito, "pane", None)]
    [(_by, about, year, members)] = of("refund-divided")
    assert (about, year) == (lievito, str(NOON.year))
    assert members
    assert {row[2] for row in of("job-started")} == {"Verifica", "Preparazione di un file"}


def test_what_people_do_with_their_own_card_is_not_told_and_no_member_is_named() -> None:
    cast = everything_was_done()

    blocked = [act for act in all_acts(asked=Asked()) if act.kind == "card-blocked"]

    assert [(act.by, act.about, act.word) for act in blocked] == [("Olga Nardelli", "", "")]
    olga = client_of(cast.olga)
    for kind in ("assisted", "desk-checked", "desk-disputed", "membership-step", "capital-moved"):
        assert "Fedrizzi" not in body(olga.get(f"{PAGE}?kind={kind}"))
    assert "Fedrizzi" not in body(olga.get(f"{FILE}?kind=people-merged"))
    for answer in (olga.get(PAGE), olga.get(FILE)):
        text = body(answer)
        for secret in ("Carla", cast.bruno.card, "segreto.csv", str(cast.bruno.id)):
            assert secret not in text


def test_acts_are_found_by_who_where_what_and_when() -> None:
    everything_was_done()

    assert kinds(Asked(kind="key-revoked")) == {"key-revoked"}
    assert "entry-changed" in kinds(Asked(who="nardelli OLGA", where="dossi"))
    assert kinds(Asked(who="Bruno")) == set()
    assert "year-closed" not in kinds(Asked(where="dossi"))
    day = NOON.date()
    assert "key-revoked" in kinds(Asked(since=day, until=day))
    assert "key-revoked" not in kinds(Asked(since=day + timedelta(days=1)))
    assert "key-revoked" not in kinds(Asked(until=day - timedelta(days=1)))
    assert not Asked().narrowed
    assert replace(Asked(), who="x").narrowed


def test_the_page_is_narrowed_by_its_address_and_taken_home() -> None:
    olga = client_of(everything_was_done().olga)

    text = words(olga.get(PAGE))
    assert "Chiave revocata: Cassa" in text
    assert "Incarico tolto: Elsa Dallago" in text
    narrowed = words(olga.get(f"{PAGE}?kind=key-revoked&who=olga&since={NOON:%Y-%m-%d}"))
    assert "Un atto" in narrowed
    assert "Nessun atto così" in words(olga.get(f"{PAGE}?who=nessuno"))
    lines = body(olga.get(f"{FILE}?kind=key-revoked")).splitlines()
    assert lines[0] == "\ufeffGiorno;Ora;Chi;Che cosa;Organizzazione;Quale;Quanti"
    assert lines[1].endswith("Olga Nardelli;Chiave revocata;Panificio Il Lievito;Cassa;")
    assert len(lines) == 2


@pytest.mark.parametrize(
    "query", ["kind=niente", "since=ieri", "until=0001-01-01", "page=x", "who=%25_'", "page=999"]
)
def test_what_does_not_exist_narrows_nothing_and_breaks_nothing(query: str) -> None:
    olga = client_of(make_cast().olga)

    assert olga.get(f"{PAGE}?{query}").status_code == 200
    assert body(olga.get(f"{FILE}?{query}"))


def test_before_anything_was_done_the_page_says_so() -> None:
    olga = client_of(make_cast().olga)

    assert "Incarico dato: Olga Nardelli" in words(olga.get(PAGE))
    assert "dal sistema" in words(olga.get(PAGE))


def test_a_page_takes_as_many_queries_for_4_acts_as_for_60(client: Client) -> None:
    cast = make_cast()
    olga = client_of(cast.olga)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert olga.get(PAGE).status_code == 200
        return len(captured)

    few = asked()
    for _ in range(60):
        registry.create_api_key(
            organisation_id=cast.lievito_id,
            name="Cassa",
            created_by=cast.ada.user.id,
            created_at=timezone.now(),
        )
    assert asked() == few
    page: Any = acts(asked=Asked(until=date(2199, 1, 1)), number=2)
    assert page.has_previous()
