from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook
from tests.makers import Cast, adopt_policy, client_of, make_cast, make_user

from reciproca.imports.models import Import, State
from reciproca.notices.models import Notice
from reciproca.purchases.models import Purchase
from reciproca.purchases.reading.reading import PurchaseReading
from reciproca.registry.models import Membership, Node, Organisation
from reciproca.shared.models import Job, JobState
from reciproca.valueback import actions as valueback
from reciproca.web.importing import jobs, uploads

RunJobs = Callable[[], list[Job]]

pytestmark = pytest.mark.django_db

HEADER = "socio;data;importo\n"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    valueback.commit_rate(
        seller_id=cast.lievito_id, rate_bp=500, valid_from=datetime(2025, 1, 1, tzinfo=UTC).date(),
        recorded_by=None,
    )  # fmt: skip
    return cast


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep uploads away from the suite's own data directory."""
    monkeypatch.setattr(uploads, "read_settings", lambda: SimpleNamespace(data_dir=tmp_path))
    return tmp_path


def hand_in(client: Client, text: str | bytes, **more: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("cassa.csv", content)
    return client.post(reverse("imports:new"), {"kind": "purchases", "file": file, **more})


def own_columns(**changes: str) -> dict[str, str]:
    told = {
        "column_member": "socio",
        "column_happened": "data",
        "column_amount": "importo",
        "money": "units",
        "grouping": "line",
        "members": "refuse",
    }
    return told | changes


def page(name: str, found: Import) -> str:
    return reverse(f"imports:{name}", args=[found.pk])


def read(client: Client, run_jobs: RunJobs, text: str | bytes, **changes: str) -> Import:
    """Hand a file in, say what its columns are, and let the worker read it."""
    response = hand_in(client, text)
    assert response.status_code == 302, response.content.decode()
    found = Import.objects.latest("started_at")
    response = client.post(page("columns", found), own_columns(**changes))
    assert response.status_code == 302, response.content.decode()
    run_jobs()
    found.refresh_from_db()
    return found


def test_a_manager_brings_the_own_purchases_in_from_file_to_result(
    cast: Cast, run_jobs: RunJobs
) -> None:
    ada = client_of(cast.ada)
    text = f"{HEADER}1;2/6/2025;23,00\n{cast.carla.card};2/6/2025;10\n"

    found = read(ada, run_jobs, text)
    preview = ada.get(page("check", found)).content.decode()
    ada.post(page("recording", found))
    waiting = ada.get(page("progress", found)).content.decode()
    run_jobs()
    found.refresh_from_db()
    result = ada.get(page("result", found)).content.decode()

    assert found.state == State.DONE
    assert "33,00" in preview
    assert "Registra 2 righe" in preview
    assert "lunedì 2 giugno 2025<" in preview
    assert "Registriamo le righe" in waiting
    assert "Sono entrate 2 righe" in result
    assert set(Purchase.objects.values_list("seller", flat=True)) == {cast.lievito_id}
    assert Purchase.objects.get(buyer=cast.ada.id).value_cents == 115
    assert not uploads.kept_upload(found.pk).exists()
    told = Notice.objects.filter(recipient=cast.ada.id).values_list("kind", flat=True)
    assert {jobs.READ_TO_END, jobs.RECORDED} <= set(told)


def test_taking_the_good_rows_alone_must_be_said(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n99;2/6/2025;10\n1;mai;4\n")

    refused = ada.post(page("recording", found))
    assert refused.status_code == 409
    assert "rows-refused" in refused.content.decode()
    assert not Purchase.objects.exists()

    ada.post(page("recording", found), {"good_rows": "on"})
    run_jobs()
    found.refresh_from_db()
    assert (found.accepted_count, found.refused_count) == (1, 2)


def test_refused_rows_are_shown_by_reason_and_handed_out(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n99;2/6/2025;10\n98;2/6/2025;4\n")

    preview = ada.get(page("check", found)).content.decode()
    handed = ada.get(page("refused_rows", found))
    lines = handed.getvalue().decode()

    assert "2 righe non vanno" in preview
    assert "Non conosciamo il socio “99”" in preview
    assert handed["Content-Type"].startswith("text/csv")
    assert "98;2/6/2025;4;4;member-not-found" in lines


def test_the_page_speaks_english_too(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    with override("en"):
        found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n99;2/6/2025;10\n")
        response = ada.get(page("check", found), headers={"accept-language": "en"})

    assert response.status_code == 200


def test_columns_that_were_not_recognised_are_chosen(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    hand_in(ada, "chi;giorno di vendita;euro spesi\n1;2/6/2025;23,00\n")
    found = Import.objects.get()

    seen = ada.get(page("columns", found)).content.decode()
    missing = ada.post(page("columns", found), own_columns(column_member=""))
    chosen = own_columns(
        column_member="chi", column_happened="giorno di vendita", column_amount="euro spesi"
    )
    ada.post(page("columns", found), chosen)
    run_jobs()
    found.refresh_from_db()

    assert "giorno di vendita" in seen
    assert missing.status_code == 422
    assert (found.state, found.accepted_count) == (State.PREVIEWED, 1)


def test_the_next_file_of_the_same_kind_begins_with_what_was_chosen(
    cast: Cast, run_jobs: RunJobs
) -> None:
    ada = client_of(cast.ada)
    chosen = {"column_member": "chi", "column_happened": "giorno", "column_amount": "euro"}
    first = read(ada, run_jobs, "chi;giorno;euro\n1;2/6/2025;23,00\n", **chosen)
    ada.post(page("recording", first))
    run_jobs()

    hand_in(ada, "chi;giorno;euro\n1;3/6/2025;5,00\n")
    again = Import.objects.latest("started_at")

    assert again.mapping["columns"] == {"member": "chi", "happened": "giorno", "amount": "euro"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vuoto"),
        (b"%PDF-1.7 ...", "CSV"),
        (b"PK\x03\x04 rotto", "rovinato"),
        (b"una sola colonna\n", "tabella"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_leaves_nothing(
    cast: Cast, folder: Path, content: bytes, said: str
) -> None:
    response = hand_in(client_of(cast.ada), content)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not list(folder.glob("imports/*/file"))


def workbook(*rows: list[object]) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_comes_in_like_a_text(cast: Cast, run_jobs: RunJobs) -> None:
    ada, day = client_of(cast.ada), datetime(2025, 6, 2, 10)  # noqa: DTZ001 - cells know no zones
    whole = [[1, day, 10] for _ in range(1_200)]

    read(ada, run_jobs, workbook(["socio", "data", "importo"], *whole, [1, day, 12.5]))
    found = Import.objects.get()

    assert (found.state, found.refused_count, found.amount_cents) == ("previewed", 0, 1_201_250)


@pytest.mark.parametrize("rows", [[], [["importo"], [3]], [[f"c{n}" for n in range(5_000)]]])
def test_a_workbook_without_a_table_gets_a_sentence(cast: Cast, rows: list[list[object]]) -> None:
    response = hand_in(client_of(cast.ada), workbook(*rows))

    assert response.status_code == 422
    assert "colonne" in response.content.decode()


def test_no_file_at_all_gets_a_sentence(cast: Cast) -> None:
    response = client_of(cast.ada).post(reverse("imports:new"), {"kind": "purchases"})

    assert response.status_code == 422
    assert "Scegli il file" in response.content.decode()


def test_a_file_that_announces_itself_too_large_is_not_even_read(cast: Cast) -> None:
    response = client_of(cast.ada).post(
        reverse("imports:new"),
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(uploads.LARGEST_BYTES * 2)},
    )

    assert response.status_code == 413
    assert "200 MB" in response.content.decode()
    assert 'data-max-bytes="200000000"' in response.content.decode()


def test_the_form_is_guarded_against_other_sites(cast: Cast) -> None:
    client = client_of(cast.ada)
    client.handler.enforce_csrf_checks = True

    assert hand_in(client, HEADER).status_code == 403


def test_a_file_refused_as_a_whole_says_why_and_its_columns_may_be_changed(
    cast: Cast, run_jobs: RunJobs
) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;1.234\n")
    [job] = Job.objects.all()

    result = ada.get(page("import", found), follow=True).content.decode()
    ada.post(page("columns", found), own_columns(decimal_mark=","))
    run_jobs()
    found.refresh_from_db()

    assert job.state == JobState.FAILED
    assert "segno dei decimali" in result
    assert "Cambia le colonne" in result
    assert (found.state, found.amount_cents) == (State.PREVIEWED, 123_400)


def test_the_same_file_again_leads_to_the_first_one(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    text = f"{HEADER}1;2/6/2025;23,00\n"
    first = read(ada, run_jobs, text)
    ada.post(page("recording", first))
    run_jobs()

    again = read(ada, run_jobs, text)
    result = ada.get(page("import", again), follow=True).content.decode()

    assert "Questo file era già qui" in result
    assert page("import", first) in result
    assert Purchase.objects.count() == 1


def test_a_file_is_taken_back_with_a_reason(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n")
    ada.post(page("recording", found))
    run_jobs()

    empty = ada.post(page("undo", found), {"reason": " "})
    ada.post(page("undo", found), {"reason": "era il file di maggio"})
    run_jobs()
    found.refresh_from_db()
    result = ada.get(page("result", found)).content.decode()

    assert empty.status_code == 422
    assert found.state == State.UNDONE
    assert "era il file di maggio" in result
    assert sum(Purchase.objects.values_list("total_cents", flat=True)) == 0


def read_members(client: Client, run_jobs: RunJobs, text: str) -> Import:
    """Hand a members' register in, and let it be read and recorded."""
    hand_in(client, text, kind="members")
    found = Import.objects.latest("started_at")
    columns = {
        "column_name": "nominativo",
        "column_cooperative": "cooperativa",
        "column_registered_on": "data iscrizione",
        "money": "units",
    }
    client.post(page("columns", found), columns)
    run_jobs()
    client.post(page("recording", found))
    run_jobs()
    found.refresh_from_db()
    return found


def register_of(cast: Cast) -> str:
    Organisation.objects.filter(node=cast.lievito_id).update(tax_code="01844160208")
    return "nominativo;cooperativa;data iscrizione\nPiera Nuova;01844160208;1/3/2020\n"


def test_an_officer_takes_a_members_register_back(cast: Cast, run_jobs: RunJobs) -> None:
    olga, ada = client_of(cast.olga), client_of(cast.ada)
    found = read_members(olga, run_jobs, register_of(cast))
    line = Membership.objects.get(imported_by=found)

    olga.post(page("undo", found), {"reason": "era un’altra cooperativa"})
    run_jobs()
    found.refresh_from_db()
    told = olga.get(page("import", found), follow=True).content.decode()
    register = ada.get(reverse("registry:members"), {"state": "all"}).content.decode()
    history = ada.get(reverse("registry:member", args=[line.pk])).content.decode()

    assert found.state == State.UNDONE
    assert "Questo file è stato annullato" in told
    assert "Piera Nuova" not in register
    assert "Scheda annullata" in history
    assert "era un’altra cooperativa" in history
    assert "Piera" not in history


def test_what_stands_in_the_way_of_an_undo_is_told_and_counted(
    cast: Cast, run_jobs: RunJobs
) -> None:
    olga = client_of(cast.olga)
    found = read_members(olga, run_jobs, register_of(cast))
    person = Membership.objects.get(imported_by=found).member_id
    make_user(person=person, email="piera@example.org")

    olga.post(page("undo", found), {"reason": "per sbaglio"})
    run_jobs()
    found.refresh_from_db()
    told = olga.get(page("import", found), follow=True).content.decode()
    olga.cookies["django_language"] = "en"
    told_in_english = olga.get(page("import", found), follow=True).content.decode()

    assert found.state == State.DONE
    assert "accessi (1)" in told
    assert "So nothing was undone" in told_in_english
    assert "accessi (1)" not in told_in_english
    assert "non è stato annullato niente" in told
    assert page("undo", found) in told


def test_a_recording_that_crashed_is_told_and_goes_on_from_its_page(
    cast: Cast, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n")
    with monkeypatch.context() as broken:
        broken.setattr(PurchaseReading, "accept", lambda *_: 1 / 0)
        ada.post(page("recording", found))
        run_jobs()
    found.refresh_from_db()
    told = ada.get(page("import", found), follow=True).content.decode()

    ada.post(page("recording", found))
    run_jobs()
    stopped = found.state
    found.refresh_from_db()

    assert stopped == State.STOPPED
    assert "Questo file si è fermato a metà" in told
    assert "Riprendi da dov’era" in told
    assert (found.state, found.accepted_count) == (State.DONE, 1)


def test_a_file_that_is_left_is_forgotten(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n")

    response = ada.post(page("removal", found))
    found.refresh_from_db()

    assert response.status_code == 302
    assert found.state == State.FAILED
    assert not uploads.kept_upload(found.pk).exists()


def test_the_progress_answers_a_part_when_a_part_is_asked_for(
    cast: Cast, run_jobs: RunJobs
) -> None:
    ada = client_of(cast.ada)
    hand_in(ada, f"{HEADER}1;2/6/2025;23,00\n")
    found = Import.objects.get()
    ada.post(page("columns", found), own_columns())

    part = ada.get(page("progress", found), headers={"hx-request": "true"}).content.decode()

    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part
    assert ada.get(page("import", found))["Location"] == page("progress", found)


def test_an_officer_brings_cooperatives_in_and_sees_likely_duplicates(
    cast: Cast, run_jobs: RunJobs
) -> None:
    olga = client_of(cast.olga)
    text = (
        "denominazione,codice_fiscale,kind,regione,pr,nome_comune,codice_comune\n"
        "IL PONTE SOCIETA' COOPERATIVA SOCIALE,01844160208,cooperativa_sociale,L,MN,,020061\n"
        "PONTE SOC. COOP. ONLUS,02158360137,cooperativa_altro,L,MN,,020061\n"
    )
    hand_in(olga, text, kind="cooperatives", shipped="italian_cooperatives")
    found = Import.objects.get()
    columns = {
        "column_name": "denominazione",
        "column_tax_code": "codice_fiscale",
        "column_category": "kind",
        "column_municipality_code": "codice_comune",
    }
    told = olga.get(page("columns", found)).content.decode()
    olga.post(page("columns", found), columns)
    run_jobs()

    preview = olga.get(page("check", found)).content.decode()
    olga.post(page("recording", found))
    run_jobs()

    assert 'value="denominazione" selected' in told
    assert "Un doppione probabile" in preview
    assert "Sermide" in preview
    assert Organisation.objects.filter(tax_code="01844160208", category="social").exists()


def test_an_officer_may_let_people_and_sellers_be_made(cast: Cast, run_jobs: RunJobs) -> None:
    olga = client_of(cast.olga)
    hand_in(olga, "socio;cooperativa;data;importo\nA1;N1;2/6/2025;10\n")
    found = Import.objects.get()
    olga.post(
        page("columns", found),
        own_columns(column_seller="cooperativa", members="create", sellers="create"),
    )
    run_jobs()

    preview = olga.get(page("check", found)).content.decode()
    olga.post(page("recording", found))
    run_jobs()

    assert "Nascerà una persona nuova" in preview
    assert "Cooperativa N1" in preview
    assert Node.objects.filter(name="Socio A1").exists()


def test_a_mapping_handed_in_is_read_or_refused_with_what_to_write(
    cast: Cast, run_jobs: RunJobs
) -> None:
    olga = client_of(cast.olga)
    good = SimpleUploadedFile("m.toml", b'kind = "purchases"\n[columns]\namount = "importo"\n')
    bad = SimpleUploadedFile("m.toml", b'[file]\nmoney = "lire"\n')
    other = SimpleUploadedFile("m.toml", b'kind = "members"\n')

    refused = hand_in(olga, HEADER + "1;2/6/2025;3", mapping=bad)
    wrong = hand_in(olga, HEADER + "1;2/6/2025;3", mapping=other)
    taken = hand_in(olga, HEADER + "1;2/6/2025;3", mapping=good)

    assert refused.status_code == wrong.status_code == 422
    assert "file.money" in refused.content.decode()
    assert taken.status_code == 302
    assert Import.objects.get().mapping["columns"] == {"amount": "importo"}


def test_what_a_mapping_says_of_the_file_stays_said(cast: Cast, run_jobs: RunJobs) -> None:
    olga = client_of(cast.olga)
    told = b"[file]\ndate_format = '%d %m %Y'\ndecimal_mark = '.'\nthousands_mark = ''\n"
    text = "socio;cooperativa;data;importo\n1;N1;2 6 2025;3.50\n"

    hand_in(olga, text, mapping=SimpleUploadedFile("m.toml", told))
    found = Import.objects.get()
    shown = olga.get(page("columns", found)).context["form"]
    olga.post(page("columns", found), {name: shown[name].value() or "" for name in shown.fields})
    kept = Import.objects.get().mapping["file"]
    changed = own_columns(column_seller="cooperativa", sellers="refuse", decimal_mark=",")
    run_jobs()
    olga.post(page("columns", found), changed)
    now = Import.objects.get().mapping["file"]

    assert "%d %m %Y" in str(shown["date_format"])
    assert (kept["date_format"], kept["decimal_mark"], kept["thousands_mark"]) == (
        "%d %m %Y",
        ".",
        "",
    )
    assert (now["date_format"], now["decimal_mark"], now["thousands_mark"]) == (None, ",", None)


def test_files_are_seen_by_whom_they_belong_to_alone(cast: Cast, run_jobs: RunJobs) -> None:
    ada = client_of(cast.ada)
    found = read(ada, run_jobs, f"{HEADER}1;2/6/2025;23,00\n")

    for other in (cast.dario, cast.olga, cast.elsa, cast.bruno):
        for name in ("check", "result", "refused_rows", "columns", "progress", "import"):
            assert client_of(other).get(page(name, found)).status_code == 404
    assert "cassa.csv" in ada.get(reverse("imports:list")).content.decode()
    assert "cassa.csv" not in client_of(cast.olga).get(reverse("imports:list")).content.decode()
    assert client_of(cast.bruno).get(reverse("imports:list")).status_code == 404


def test_a_manager_is_offered_the_own_purchases_and_price_lists_alone(cast: Cast) -> None:
    ada = client_of(cast.ada)
    response = ada.get(reverse("imports:new")).content.decode()

    assert "Complete Journey" not in response
    assert "Listino di un fornitore" in response
    assert hand_in(ada, HEADER, kind="members").status_code == 422


def test_old_previews_are_forgotten_with_their_files(cast: Cast, run_jobs: RunJobs) -> None:
    found = read(client_of(cast.ada), run_jobs, f"{HEADER}1;2/6/2025;23,00\n")
    Import.objects.update(started_at=datetime(2025, 1, 1, tzinfo=UTC))

    jobs.forget_old_previews()

    found.refresh_from_db()
    assert found.refusal_code == "preview-forgotten"
    assert not uploads.kept_upload(found.pk).exists()


def test_the_list_asks_the_database_as_often_for_many_files_as_for_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        Import.objects.create(
            kind="purchases",
            organisation_id=cast.lievito_id,
            file_name=f"{number}.csv",
            size_bytes=1,
            state=State.DONE,
        )
    ada = client_of(cast.ada)

    with django_assert_max_num_queries(15):
        assert "19.csv" in ada.get(reverse("imports:list")).content.decode()
