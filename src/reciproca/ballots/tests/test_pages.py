"""Pages of ballots: the list, the paper, the receipt, the result, what is published."""

import hashlib
import json
import re
from base64 import b64decode
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.makers import NOON, Member, client_of, make_cast, make_member, policy_document

from reciproca.ballots import queries
from reciproca.ballots.forms import Elector, OptionIn
from reciproca.ballots.models import Closing, OpenVote, SecretVote
from reciproca.ballots.queries import voting
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.rules.majorities import Quorum
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote
from reciproca.governance.actions import keep_policy
from reciproca.governance.queries import read_aloud
from reciproca.shared.money import parse_fraction
from reciproca.transparency.models import Opening
from reciproca.transparency.rules.leaves import entry as entry_of
from reciproca.transparency.rules.notes import read_note, read_verifier

pytestmark = pytest.mark.django_db

PROJECTS = [
    OptionIn("oven", "Forno", "Per il pane di tutti", 300_000),
    OptionIn("lights", "Luci", cost_cents=200_000),
]


@pytest.fixture
def bruno() -> Member:
    return make_member(name="Bruno Fedrizzi")


def open_now(*electors: Elector, **fields: object) -> UUID:
    """Open a ballot that the chair closes, so that it is open at whatever hour tests run."""
    return make_ballot(electors, closes_at=None, **fields)


def paper(client: Client, ballot: UUID, **answers: Any) -> dict[str, Any]:
    """Return what the browser would send: the hidden fields of the page, and answers."""
    page = client.get(f"/ballots/{ballot}/", answers.pop("query", None)).content.decode()
    hidden = dict(re.findall(r'name="(member|codes)" value="([^"]+)"', page))
    return {**hidden, **answers}


def send(client: Client, ballot: UUID, **answers: Any) -> Any:
    return client.post(f"/ballots/{ballot}/votes/", paper(client, ballot, **answers))


def test_the_paper_of_a_policy_says_what_would_run_and_no_other_text(bruno: Member) -> None:
    document = policy_document(make_cast())
    digest = keep_policy(document=document, recorded_at=NOON)
    ballot = open_now(Elector(bruno.id), policy_digest=digest)
    client = client_of(bruno)
    said = read_aloud(document=document).sentences

    page = unescape(client.get(f"/ballots/{ballot}/").content.decode())
    assert all(sentence in page for sentence in said)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE governance_policy SET document = replace(document, '/', '0/')")
        cursor.execute("SET LOCAL session_replication_role = origin")
    page = unescape(client.get(f"/ballots/{ballot}/").content.decode())
    assert said[0] not in page
    assert "non è più quello di questa impronta" in page


def test_the_paper_opens_with_nothing_chosen_and_the_vote_leaves_a_receipt(bruno: Member) -> None:
    ballot = open_now(Elector(bruno.id), secret=True)
    client = client_of(bruno)

    page = client.get(f"/ballots/{ballot}/").content.decode()
    answer = send(client, ballot, choice="yes")

    assert "checked" not in page
    assert "Nessun voto a distanza protegge" in page
    told = answer.content.decode()
    [kept] = SecretVote.objects.all()
    assert str(kept.code) in told
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "Hai votato" in client.get("/ballots/").content.decode()


def test_a_ballot_waits_on_the_members_home_until_the_vote_is_cast(bruno: Member) -> None:
    make_cast()
    ballot = open_now(Elector(bruno.id))
    client = client_of(bruno)

    assert f"/ballots/{ballot}/" in client.get("/").content.decode()
    send(client, ballot, choice="abstain")
    assert f"/ballots/{ballot}/" not in client.get("/").content.decode()


def test_a_receipt_is_signed_and_names_the_entry_that_the_log_gets(bruno: Member) -> None:
    ballot = open_now(Elector(bruno.id), secret=True)

    context = send(client_of(bruno), ballot, choice="yes").context
    close(ballot)

    note = read_note(context["receipt"].note)
    verifier = read_verifier(context["vkey"])
    assert verifier.verifies(note.text, note.signatures[0])
    code, entry = note.text.splitlines()[2].split(" ")
    opening = Opening.objects.get(pk=code)
    assert str(bruno.id) not in note.text + opening.payload
    assert b64decode(entry) == entry_of(
        kind="B", salt=bytes(opening.salt), payload=opening.payload.encode()
    )


def test_a_vote_without_a_choice_is_asked_again(bruno: Member) -> None:
    ballot = open_now(Elector(bruno.id))

    answer = send(client_of(bruno), ballot)

    assert answer.status_code == 422
    assert "astenersi è una di queste" in answer.content.decode()
    assert not OpenVote.objects.exists()


def test_a_second_vote_is_refused_and_the_same_sent_again_is_not(bruno: Member) -> None:
    ballot = open_now(Elector(bruno.id), secret=True)
    client = client_of(bruno)
    sent = paper(client, ballot, choice="yes")
    url = f"/ballots/{ballot}/votes/"

    first, again = client.post(url, sent), client.post(url, sent)
    other = client.post(url, {**sent, "codes": str(uuid4())})

    assert first.context["receipt"] == again.context["receipt"]
    assert (other.status_code, SecretVote.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("method", "answers", "kept"),
    [
        ("approval", {"choice": ["oven", "lights"]}, '["oven","lights"]'),
        ("approval", {"choice": ["abstain"]}, '"abstain"'),
        ("mes", {"choice": ["lights"]}, '["lights"]'),
        ("score-sum", {"option_0": "4", "option_1": "0"}, '{"oven":4}'),
        ("schulze", {"option_0": "2", "option_1": "1"}, '[["lights"],["oven"]]'),
        ("schulze", {"option_1": "1"}, '[["lights"]]'),
        ("schulze", {"abstain": "on"}, '"abstain"'),
    ],
)
def test_each_method_asks_in_its_own_way(
    bruno: Member, method: str, answers: dict[str, object], kept: str
) -> None:
    ballot = open_now(
        Elector(bruno.id), method=Method(method), options=PROJECTS, budget_cents=500_000
    )

    assert send(client_of(bruno), ballot, **answers).status_code == 200
    assert OpenVote.objects.get().choice == kept


def test_one_choice_among_proposals_is_a_list_of_one(bruno: Member) -> None:
    ballot = open_now(
        Elector(bruno.id), method=Method.APPROVAL, options=PROJECTS[:2], most_choices=1
    )

    assert send(client_of(bruno), ballot, choice="oven").status_code == 200
    assert OpenVote.objects.get().choice == '["oven"]'


@pytest.mark.parametrize(
    ("method", "answers"),
    [
        ("approval", {"choice": ["oven", "abstain"]}),
        ("approval", {"choice": ["forno"]}),
        ("score-sum", {"option_0": "4", "abstain": "on"}),
        ("score-sum", {"option_0": "7"}),
        ("schulze", {}),
    ],
)
def test_a_paper_that_says_two_things_or_none_is_asked_again(
    bruno: Member, method: str, answers: dict[str, object]
) -> None:
    ballot = open_now(Elector(bruno.id), method=Method(method), options=PROJECTS)

    assert send(client_of(bruno), ballot, **answers).status_code == 422
    assert not OpenVote.objects.exists()


def test_who_holds_a_proxy_casts_each_vote_by_itself(bruno: Member) -> None:
    (other,) = make_electors(1, cast_by=bruno.id, votes=3)
    ballot = open_now(Elector(bruno.id), other)
    client = client_of(bruno)

    send(client, ballot, choice="no")
    page = client.get(f"/ballots/{ballot}/").content.decode()
    answer = send(client, ballot, choice="yes", query={"for": str(other.member_id)})

    assert "che rappresenti" in page
    assert len(answer.context["receipt"].codes) == 3
    assert close(ballot, at=NOON).tally == {"yes": 3, "no": 1, "abstain": 0}


def test_nobody_votes_for_others_or_sees_their_ballots(bruno: Member) -> None:
    ballot = open_now(*make_electors(1))
    mine = open_now(Elector(bruno.id))
    client = client_of(bruno)
    stolen = {**paper(client, mine, choice="yes"), "member": str(make_electors(1)[0].member_id)}

    assert client.get(f"/ballots/{ballot}/").status_code == 404
    assert client.post(f"/ballots/{mine}/votes/", stolen).status_code == 404
    assert client.get(f"/ballots/{mine}/roll/").status_code == 404
    assert "Ancora nessuna" in client_of(make_member()).get("/ballots/").content.decode()


def test_what_is_published_is_what_the_log_commits_to(bruno: Member) -> None:
    voters = make_electors(3)
    ballot = open_now(Elector(bruno.id), *voters)
    for each in voters:
        vote(ballot, each, "yes")
    stranger = Client()
    assert stranger.get(f"/ballots/{ballot}/ballot.json").status_code == 404
    assert stranger.get(f"/ballots/{ballot}/votes.csv").status_code == 404

    close(ballot, at=NOON)

    rules = stranger.get(f"/ballots/{ballot}/ballot.json")
    votes = stranger.get(f"/ballots/{ballot}/votes.csv")
    payload = json.loads(Opening.objects.get(pk=Closing.objects.get().leaf).payload)
    assert payload["ballot_sha256"] == hashlib.sha256(rules.content).hexdigest()
    assert payload["votes_sha256"] == hashlib.sha256(votes.content).hexdigest()
    told = json.loads(rules.content)
    assert hashlib.sha256(told["seed"].encode()).hexdigest() == told["seed_sha256"]
    assert parse_fraction(told["outcome"]["tally"]["yes"]) == 3
    assert votes.content.decode().count('"""yes"""') == 3
    for each in voters:
        assert str(each.member_id) not in votes.content.decode() + rules.content.decode()


def test_the_result_and_the_roll_are_shown_once_it_is_closed(bruno: Member) -> None:
    others = make_electors(2)
    ballot = open_now(Elector(bruno.id), *others)
    client = client_of(bruno)
    send(client, ballot, choice="yes")
    assert "Approvata" not in client.get(f"/ballots/{ballot}/").content.decode()

    close(ballot, at=NOON)

    assert "Approvata" in client.get(f"/ballots/{ballot}/").content.decode()
    roll = client.get(f"/ballots/{ballot}/roll/").content.decode()
    assert (roll.count("Ha votato"), roll.count("Non ha votato")) == (1, 2)


def test_below_the_quorum_no_vote_is_published(bruno: Member) -> None:
    ballot = open_now(
        Elector(bruno.id), *make_electors(2), quorum=Quorum(parse_fraction("1/2"), strict=True)
    )
    client = client_of(bruno)
    send(client, ballot, choice="yes")
    close(ballot, at=NOON)

    assert client.get(f"/ballots/{ballot}/votes.csv").content == b"code,choice,financing\n"
    assert "numero legale" in client.get(f"/ballots/{ballot}/").content.decode()


def test_lists_ask_the_same_whatever_their_length(
    bruno: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        close(open_now(Elector(bruno.id), *make_electors(2)), at=NOON)
        open_now(Elector(bruno.id))

    with django_assert_max_num_queries(1):
        assert len(queries.ballots_of(person_id=bruno.id)) == 8
    closed = Closing.objects.all()[0].ballot_id
    # How many lines there are, and those of a page.
    with django_assert_max_num_queries(2):
        assert len(queries.roll(ballot_id=closed).rows) == 3


def test_a_long_roll_is_read_a_page_at_a_time(
    bruno: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voting, "ROLL_PAGE", 2)
    closed = open_now(Elector(bruno.id), *make_electors(2))
    close(closed, at=NOON)
    client = client_of(bruno)

    first, last = (
        client.get(f"/ballots/{closed}/roll/", {"page": number}).content.decode()
        for number in ("1", "2")
    )

    assert (first.count("Non ha votato"), last.count("Non ha votato")) == (2, 1)
