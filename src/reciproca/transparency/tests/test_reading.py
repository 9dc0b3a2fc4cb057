"""The log as anybody reads it over HTTP, held against entries alone."""

from base64 import b64decode
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reciproca.transparency import actions, queries, sequencing
from reciproca.transparency.models import Log, Witness
from reciproca.transparency.rules import merkle, notes
from reciproca.transparency.tests.log import NOON, SLUG, record

pytestmark = pytest.mark.django_db

ROOT = f"/log/{SLUG}"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a stranger, before whom a log of 600 leaves grew in three steps."""
    monkeypatch.setattr(sequencing, "MOST_AT_ONCE", 250)
    actions.open_log(slug=SLUG)
    record(600)
    actions.sequence(at=NOON)
    return Client()


def got(reader: Client, path: str) -> bytes:
    answer = reader.get(f"{ROOT}/{path}")
    assert answer.status_code == 200, path
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.content


def status(reader: Client, path: str) -> int:
    answer = reader.get(f"{ROOT}/{path}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.status_code


def test_from_the_entries_that_are_served_everybody_computes_the_signed_root(
    reader: Client,
) -> None:
    joined = b"".join(got(reader, f"tile/entries/{path}") for path in ("000", "001", "002.p/88"))
    entries = [joined[at + 2 : at + 36] for at in range(0, len(joined), 36)]
    assert all(joined[at : at + 2] == b"\x00\x22" for at in range(0, len(joined), 36))
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    shown = b"".join(got(reader, f"tile/0/{path}") for path in ("000", "001", "002.p/88"))
    assert shown == b"".join(hashes)
    above = b"".join([merkle.root(hashes[:256]), merkle.root(hashes[256:512])])
    assert got(reader, "tile/1/000.p/2") == above

    note = notes.read_note(got(reader, "checkpoint").decode())
    verifier = notes.read_verifier(got(reader, "vkey").decode())
    assert verifier.verifies(note.text, note.signatures[0])
    head = notes.read_checkpoint(note.text)
    assert (head.origin, head.size, head.root) == (
        "localhost/log/valli",
        600,
        merkle.root(hashes),
    )
    for size in (250, 500, 600):
        earlier = notes.read_note(got(reader, f"checkpoints/{size}").decode())
        assert verifier.verifies(earlier.text, earlier.signatures[0])
        assert notes.read_checkpoint(earlier.text).root == merkle.root(hashes[:size])


def test_the_headers_are_those_of_the_norm(reader: Client) -> None:
    for path in ("tile/0/000", "tile/entries/002.p/88"):
        answer = reader.get(f"{ROOT}/{path}")
        assert answer["Content-Type"] == "application/octet-stream"
        assert "max-age=31536000" in answer["Cache-Control"]
        assert "immutable" in answer["Cache-Control"]
    checkpoint = reader.get(f"{ROOT}/checkpoint")
    assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/002.p/89",
        "tile/0/000.p/256",
        "tile/0/003.p/1",
        "tile/1/000",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/entries/002",
        "tile/entries/002.p/89",
        "tile/0/x000/001",
        "checkpoints/599",
        "checkpoints/0",
    ],
)
def test_what_is_not_published_is_not_there(reader: Client, path: str) -> None:
    assert status(reader, path) == 404


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/000.p/",
        "tile/0/002.p/0",
        "tile/0/002.p/088",
        "x",
    ],
)
def test_what_is_no_address_of_a_log_is_not_there(reader: Client, path: str) -> None:
    assert reader.get(f"{ROOT}/{path}").status_code == 404
    assert reader.get("/log/another/checkpoint").status_code == 404


def test_partial_tiles_of_every_earlier_head_stay(reader: Client) -> None:
    whole = got(reader, "tile/0/000")
    for wide in (1, 250, 255):
        assert got(reader, f"tile/0/000.p/{wide}") == whole[: wide * 32]


def test_places_that_are_not_signed_yet_are_not_shown(reader: Client) -> None:
    record(1)
    sequencing.append_batch()

    assert notes.read_checkpoint(got(reader, "checkpoint").decode()).size == 600
    assert status(reader, "tile/0/002.p/89") == 404
    assert status(reader, "checkpoints/601") == 404


def test_a_log_without_leaves_shows_no_head() -> None:
    actions.open_log(slug=SLUG)
    assert Client().get(f"{ROOT}/checkpoint").status_code == 404


def test_nothing_can_be_sent_to_a_log(reader: Client) -> None:
    for method in (reader.post, reader.put, reader.delete):
        assert method(f"{ROOT}/checkpoint").status_code == 405


def test_a_head_waits_for_its_witnesses_but_not_for_long(reader: Client) -> None:
    Witness.objects.create(url="http://127.0.0.1:1", vkey="k", cosigned=600)
    Log.objects.update(quorum=1, witnessed=600)
    record(1)
    actions.sequence(at=NOON)
    now = timezone.now()

    log = Log.objects.get()
    assert log.published == 601
    assert queries.served_size(log, now=now) == 600
    assert queries.served_size(log, now=now + timedelta(seconds=6)) == 601


def test_a_facts_proof_leads_from_its_payload_to_the_signed_root() -> None:
    actions.open_log(slug=SLUG)
    facts = record(300)
    actions.sequence(at=NOON)

    for fact in (facts[0], facts[255], facts[299]):
        proof = queries.proof(fact)
        assert proof is not None
        head, _, note = proof.file.partition("\n\n")
        first, extra, index, *path = head.split("\n")
        assert first == "c2sp.org/tlog-proof@v1"
        assert b64decode(extra.removeprefix("extra ")) == proof.salt + proof.payload.encode()
        assert index == f"index {proof.index}"
        number, before = divmod(proof.index, 256)
        entry = queries.bundle(Log.objects.get(), number=number, wide=before + 1)
        assert entry is not None
        checkpoint = notes.read_checkpoint(note)
        assert checkpoint.root == merkle.root_by_inclusion(
            leaf=merkle.leaf_hash(entry[-34:]),
            index=proof.index,
            size=checkpoint.size,
            proof=[b64decode(each) for each in path],
        )


def test_a_fact_is_recorded_then_published_then_witnessed() -> None:
    actions.open_log(slug=SLUG)
    [fact] = record(1)
    first = queries.standing(fact)
    assert first is not None
    assert (first.index, first.published, first.witnessed) == (None, False, False)
    assert queries.proof(fact) is None

    for number in (1, 2, 3):
        Witness.objects.create(url=f"http://127.0.0.1:{number}", vkey=str(number))
    Log.objects.update(quorum=2)
    actions.sequence(at=NOON)
    second = queries.standing(fact)
    assert second is not None
    assert (second.index, second.published, second.cosigned) == (0, True, 0)
    assert queries.proof(fact) is None

    Witness.objects.exclude(vkey="3").update(cosigned=1)
    Log.objects.update(witnessed=1)
    third = queries.standing(fact)
    assert third is not None
    assert (third.cosigned, third.witnesses, third.witnessed) == (2, 3, True)
    assert queries.proof(fact) is not None
