"""What people are told: in the application always, by mail as they chose."""

from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.makers import NOON, Cast, client_of, make_cast

from reciproca.notices import actions, kinds, queries
from reciproca.notices.mail import mail_digests, mail_people
from reciproca.notices.models import Notice

pytestmark = pytest.mark.django_db

TOPIC = kinds.topic(name="test-value", title="Il tuo valore")
RETURNED = kinds.kind(
    name="test-returned",
    topic=TOPIC,
    sentence="Ti tornano %(amount_cents)s entro il %(expires_on)s.",
)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    Notice.objects.all().delete()
    return cast


def tell(*people: UUID, cents: int = 123_456) -> None:
    actions.tell(
        recipients=people,
        kind=RETURNED,
        told_at=NOON,
        params={"amount_cents": cents, "expires_on": "2026-12-31"},
        url="/profile/",
    )


def choose(person: UUID, how: str) -> None:
    actions.choose_mail(person_id=person, choices={"test-value": how})


def test_a_notice_is_read_in_the_readers_language(cast: Cast) -> None:
    tell(cast.bruno.id)

    (notice,) = queries.notices_of(person_id=cast.bruno.id)
    assert notice.sentence == "Ti tornano 1.234,56\u00a0€ entro il 31 dicembre 2026."
    with override("en"):
        (notice,) = queries.notices_of(person_id=cast.bruno.id)
    assert notice.sentence == "Ti tornano €1,234.56 entro il 31 December 2026."


def test_each_is_told_once_and_others_are_not(cast: Cast) -> None:
    tell(cast.bruno.id, cast.carla.id, cast.bruno.id)

    assert queries.unread_count(person_id=cast.bruno.id) == 1
    assert queries.unread_count(person_id=cast.ada.id) == 0


def test_what_came_after_the_page_was_shown_stays_new(cast: Cast) -> None:
    tell(cast.bruno.id)

    actions.mark_read(person_id=cast.bruno.id, up_to=NOON - timedelta(hours=1), read_at=NOON)
    assert queries.unread_count(person_id=cast.bruno.id) == 1
    actions.mark_read(person_id=cast.bruno.id, up_to=NOON, read_at=NOON)
    assert queries.unread_count(person_id=cast.bruno.id) == 0


def test_the_digest_is_one_mail_a_person_and_says_things_once(cast: Cast) -> None:
    tell(cast.bruno.id, cents=100)
    tell(cast.bruno.id, cents=200)

    assert (mail_digests(), mail_digests()) == (1, 0)

    (letter,) = mail.outbox
    assert letter.to == [cast.bruno.user.email]
    assert "Ti tornano 1,00" in letter.body
    assert "Ti tornano 2,00" in letter.body
    assert "http://localhost/profile/" in letter.body
    assert "http://localhost/notices/preferences/" in letter.body


def test_a_subject_names_nobody(cast: Cast) -> None:
    tell(cast.bruno.id)
    mail_digests()

    assert mail.outbox[0].subject == "Reciproca: un avviso per te"


def test_a_mail_is_in_the_language_of_who_gets_it(cast: Cast) -> None:
    cast.bruno.user.language = "en"
    cast.bruno.user.save()
    tell(cast.bruno.id)

    mail_digests()

    assert "€1,234.56" in mail.outbox[0].body


def test_who_wants_no_mail_gets_none_now_or_later(cast: Cast) -> None:
    tell(cast.bruno.id)
    choose(cast.bruno.id, "never")

    assert mail_digests() == 0
    choose(cast.bruno.id, "digest")
    assert mail_digests() == 0
    assert queries.unread_count(person_id=cast.bruno.id) == 1


def test_who_wants_it_at_once_is_mailed_by_a_job_and_not_again(cast: Cast) -> None:
    choose(cast.bruno.id, "now")
    tell(cast.bruno.id, cast.carla.id)

    (job,) = ProcrastinateJob.objects.filter(task_name="mail-now")
    assert job.args["people"] == [str(cast.bruno.id)]
    mail_people(people=[cast.bruno.id], kinds=job.args["kinds"])

    assert [letter.to for letter in mail.outbox] == [[cast.bruno.user.email]]
    mail_digests()
    assert [letter.to for letter in mail.outbox[1:]] == [[cast.carla.user.email]]


def test_an_address_that_nobody_verified_gets_no_mail(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.bruno.user).update(verified=False)
    tell(cast.bruno.id)

    assert mail_digests() == 0
    assert mail.outbox == []


def test_a_mail_that_could_not_go_waits_for_the_next_digest(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ConnectionRefusedError

    tell(cast.bruno.id)
    with monkeypatch.context() as patched:
        patched.setattr("reciproca.notices.mail.send_mail", broken)
        assert mail_digests() == 0

    assert mail_digests() == 1


def test_an_unknown_topic_or_choice_is_refused(cast: Cast) -> None:
    for choices in ({"boh": "now"}, {"test-value": "boh"}):
        with pytest.raises(actions.TopicUnknown):
            actions.choose_mail(person_id=cast.bruno.id, choices=choices)


# --- the pages ---


def test_the_page_shows_new_things_and_one_press_makes_them_old(cast: Cast) -> None:
    tell(cast.bruno.id)
    browser = client_of(cast.bruno)

    text = browser.get("/notices/").content.decode()
    assert "Ti tornano 1.234,56" in text
    assert "Avvisi: 1 nuovo" in text
    up_to = text.partition('name="up_to" value="')[2].partition('"')[0]
    browser.post("/notices/reading/", {"up_to": up_to})

    assert "Avvisi: 1 nuovo" not in browser.get("/notices/").content.decode()


def test_a_choice_on_the_page_is_kept(cast: Cast) -> None:
    browser = client_of(cast.bruno)
    everything = {topic.name: "never" for topic in kinds.topics()}

    browser.post("/notices/preferences/", everything)

    assert {each.mail for each in queries.mail_choices(person_id=cast.bruno.id)} == {"never"}


def test_an_invalid_choice_keeps_the_page_and_says_so(cast: Cast) -> None:
    answer = client_of(cast.bruno).post("/notices/preferences/", {"test-value": "boh"})

    assert answer.status_code == 422


@pytest.mark.parametrize("before", ["", "boh", "2025-06-02", "9999-99-99T00:00Z"])
def test_a_strange_moment_in_the_address_still_gets_a_page(cast: Cast, before: str) -> None:
    assert client_of(cast.bruno).get("/notices/", {"before": before}).status_code == 200
