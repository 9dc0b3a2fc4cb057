"""A very long list: a worker makes its file, a page waits, and only who asked gets it."""

import io
import os
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.makers import Cast, client_of, make_cast

from reciproca.notices.queries import notices_of
from reciproca.shared.access import accesses_to
from reciproca.shared.jobs import run_job
from reciproca.shared.made_files import KEPT
from reciproca.shared.models import Job
from reciproca.web.lists import later

pytestmark = pytest.mark.django_db

XLSX, PDF = "/members/file.xlsx?q=bruno", "/members/register.pdf?on=2026-05-04"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A community in which every list is a very long one."""
    monkeypatch.setattr(later, "MOST_AT_ONCE", 0)
    return make_cast()


def asked(client: Client, path: str) -> Job:
    answer = client.get(path)
    job = Job.objects.latest("created_at")
    assert answer.status_code == 302
    assert answer["Location"] == f"/files/{job.pk}/"
    return job


def test_a_page_waits_for_the_workbook_and_then_has_it(cast: Cast) -> None:
    ada = client_of(cast.ada)
    job = asked(ada, XLSX)
    page = f"/files/{job.pk}/"

    waiting = ada.get(page).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert f"{page}file/" not in waiting
    assert ada.get(f"{page}file/").status_code == 404
    run_job(job_id=job.pk)

    assert f'href="{page}file/"' in ada.get(page, headers={"HX-Request": "true"}).content.decode()
    answer = ada.get(f"{page}file/")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    # What was looked for is kept: one line, Bruno's.
    assert [row[1] for row in sheet.iter_rows(values_only=True)] == ["Nome", "Bruno Fedrizzi"]
    assert any("Libro soci" in each.sentence for each in notices_of(person_id=cast.ada.id))


def test_an_extract_is_drawn_by_a_worker_too(cast: Cast) -> None:
    ada = client_of(cast.ada)
    job = asked(ada, PDF)

    run_job(job_id=job.pk)

    answer = ada.get(f"/files/{job.pk}/file/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.count(b"/Type /Page\n") == 1


def test_a_file_is_there_for_nobody_else_and_in_no_other_role(cast: Cast) -> None:
    job = asked(client_of(cast.ada), XLSX)
    run_job(job_id=job.pk)
    as_herself = Client()
    as_herself.force_login(
        cast.ada.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    for client in (
        as_herself,
        *map(client_of, (cast.bruno, cast.elsa, cast.dario, cast.olga)),
    ):
        assert client.get(f"/files/{job.pk}/").status_code == 404
        assert client.get(f"/files/{job.pk}/file/").status_code == 404


def test_whoever_may_not_see_the_list_starts_nothing(cast: Cast) -> None:
    for client in (client_of(cast.bruno), client_of(cast.elsa), client_of(cast.olga)):
        assert client.get(XLSX).status_code == 404
        assert client.get(PDF).status_code == 404
    assert not Job.objects.exists()


def test_asked_twice_it_is_made_once_and_another_question_is_another_file(cast: Cast) -> None:
    ada = client_of(cast.ada)
    first = asked(ada, XLSX)

    assert ada.get(XLSX)["Location"] == f"/files/{first.pk}/"
    assert asked(ada, "/members/file.xlsx?q=ada").pk != first.pk


def test_after_a_day_the_file_is_gone_and_can_be_asked_for_again(cast: Cast) -> None:
    ada = client_of(cast.ada)
    job = asked(ada, XLSX)
    run_job(job_id=job.pk)
    later.forget_old_files()
    assert ada.get(f"/files/{job.pk}/file/").status_code == 200
    kept = later.kept_file(Job.objects.get(pk=job.pk))
    assert kept is not None
    long_ago = (timezone.now() - KEPT - timedelta(minutes=1)).timestamp()
    os.utime(kept, (long_ago, long_ago))

    later.forget_old_files()

    assert ada.get(f"/files/{job.pk}/file/").status_code == 404
    page = ada.get(f"/files/{job.pk}/").content.decode()
    assert "Questo file non c’è più" in page
    assert f'href="{XLSX}"' in page


@pytest.mark.parametrize("path", [XLSX, PDF])
def test_who_is_in_it_reads_once_who_took_it(cast: Cast, path: str) -> None:
    job = asked(client_of(cast.ada), path)
    run_job(job_id=job.pk)

    read = [(row.what, row.reader_person) for row in accesses_to(subject=cast.bruno.id)]
    assert read == [("register", cast.ada.id)]


def test_a_table_as_csv_and_a_shorter_list_come_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = client_of(cast.ada)
    assert ada.get("/members/file.csv").status_code == 200

    monkeypatch.setattr(later, "MOST_AT_ONCE", 2)

    assert ada.get("/members/file.xlsx").status_code == 200
    assert ada.get(PDF).status_code == 200
    assert not Job.objects.exists()
