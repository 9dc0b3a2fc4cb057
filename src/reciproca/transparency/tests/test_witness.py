"""A witness over HTTP and the log that asks it, each as the other's norm demands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connection
from django.utils import timezone

from reciproca.transparency import actions, guarding, keys, queries, submitting
from reciproca.transparency import witness as witnesses
from reciproca.transparency.models import Checkpoint, Log, Signature, Witness
from reciproca.transparency.rules import merkle, notes, witnessing
from reciproca.transparency.tests.log import NOON, SLUG, record

pytestmark = pytest.mark.django_db


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing of requests."""


@contextmanager
def served(witness: witnesses.Witness) -> Iterator[str]:
    """Serve a witness on a free port and yield its prefix."""
    server = make_server(
        "127.0.0.1", 0, witnesses.application(witness), server_class=Server, handler_class=Quiet
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Make = Callable[[str], witnesses.Witness]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return how to make a witness that knows the log of this test."""
    log = actions.open_log(slug=SLUG)

    def made(name: str) -> witnesses.Witness:
        store = witnesses.Store(tmp_path / f"{name}.sqlite3")
        store.let_in(notes.read_verifier(log.vkeys.strip()))
        signer = notes.new_signer(name=f"{name}.example", algorithm=notes.COSIGNATURE)
        return witnesses.Witness(signer, store)

    return made


def ask_of(url: str, method: str, path: str, body: bytes = b"") -> tuple[int, str, str]:
    connected = HTTPConnection(url.removeprefix("http://"))
    connected.request(method, path, body)
    answer = connected.getresponse()
    told = answer.status, answer.read().decode(), answer.getheader("Content-Type") or ""
    connected.close()
    return told


def add(url: str, witness: witnesses.Witness) -> Witness:
    return actions.add_witness(url=url, vkey=str(witness.signer.verifier))


def test_two_of_three_witnesses_make_a_quorum_although_one_is_down(make: Make) -> None:
    one, two, three = make("one"), make("two"), make("three")
    with served(one) as first, served(two) as second:
        add(first, one)
        add(second, two)
        add("http://127.0.0.1:9", three)
        actions.set_quorum(witnesses=2)
        [fact] = record(1)
        actions.sequence(at=NOON)

        assert submitting.submit(at=NOON) == 2

        standing = queries.standing(fact)
        assert standing is not None
        assert (standing.cosigned, standing.witnesses, standing.witnessed) == (2, 3, True)
        note = notes.read_note(queries.note(1) or "")
        assert [each.name for each in note.signatures] == [
            "localhost/log/valli", "one.example", "two.example",
        ]  # fmt: skip
        for witness in (one, two):
            assert any(witness.signer.verifier.verifies(note.text, s) for s in note.signatures)
        assert Witness.objects.get(url="http://127.0.0.1:9").trouble

        record(300)
        actions.sequence(at=NOON)
        assert submitting.submit(at=NOON) == 2
        assert Log.objects.get().witnessed == 301


def test_a_witness_that_remembers_more_is_asked_from_there(make: Make) -> None:
    one = make("one")
    with served(one) as url:
        asked = add(url, one)
        record(3)
        actions.sequence(at=NOON)
        submitting.submit(at=NOON)
        Witness.objects.filter(pk=asked.pk).update(cosigned=0)
        record(4)
        actions.sequence(at=NOON)

        assert submitting.submit(at=NOON) == 1
        assert Witness.objects.get().cosigned == 7
        assert not Log.objects.get().stopped


def test_a_quiet_log_asks_again_every_hour_for_a_fresh_cosignature(make: Make) -> None:
    one = make("one")
    with served(one) as url:
        add(url, one)
        record(1)
        actions.sequence(at=NOON)
        submitting.submit(at=NOON)
        assert submitting.submit(at=NOON + submitting.FRESH_FOR / 2) == 0
        assert submitting.submit(at=NOON + submitting.FRESH_FOR) == 1
        assert Signature.objects.filter(name="one.example").count() == 1


def test_a_cosignature_of_another_key_counts_for_nothing(make: Make) -> None:
    one, other = make("one"), make("other")
    with served(one) as url:
        add(url, other)
        record(1)
        actions.sequence(at=NOON)
        assert submitting.submit(at=NOON) == 0
        assert Signature.objects.count() == 1


def test_the_witness_hands_out_what_it_cosigned(make: Make) -> None:
    one = make("one")
    with served(one) as url:
        add(url, one)
        record(1)
        actions.sequence(at=NOON)
        address = witnessing.address_of("localhost/log/valli")
        assert ask_of(url, "GET", f"/{address}/checkpoint")[0] == 404
        submitting.submit(at=NOON)

        status, body, kind = ask_of(url, "GET", f"/{address}/checkpoint")

        assert (status, kind) == (200, "text/plain; charset=utf-8")
        note = notes.read_note(body)
        assert notes.read_checkpoint(note.text).size == 1
        assert one.signer.verifier.verifies(note.text, note.signatures[-1])
        assert ask_of(url, "GET", "/vkey")[1] == f"{one.signer.verifier}\n"


def test_a_witness_answers_as_the_norm_says(make: Make) -> None:
    one = make("one")
    record(1)
    actions.sequence(at=NOON)
    note = queries.note(1) or ""
    good = witnessing.written_submission(old=0, proof=[], note=note).encode()
    with served(one) as url:
        assert ask_of(url, "POST", "/add-checkpoint", b"nothing")[0] == 400
        assert ask_of(url, "POST", "/add-checkpoint", bytes(64 * 1024 + 1))[0] == 413
        assert ask_of(url, "GET", "/add-checkpoint")[0] == 405
        assert ask_of(url, "POST", "/another", good)[0] == 404
        unknown = good.replace(b"localhost/log/valli", b"localhost/log/altra")
        assert ask_of(url, "POST", "/add-checkpoint", unknown)[0] == 404
        forged = good.replace(b"\n1\n", b"\n2\n")
        assert ask_of(url, "POST", "/add-checkpoint", forged)[0] == 403
        status, line, _ = ask_of(url, "POST", "/add-checkpoint", good)
        assert status == 200
        assert one.signer.verifier.verifies(
            notes.read_note(note).text, notes.read_signatures(line)[0]
        )
        assert ask_of(url, "POST", "/add-checkpoint", good)[::2] == (409, "text/x.tlog.size")
        assert ask_of(url, "POST", "/add-checkpoint", good)[1] == "1\n"


def test_a_log_that_asks_too_often_waits_and_a_forger_takes_nothing_from_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "MOST_PER_MINUTE", 2)
    now = [1_000.0]
    one = make("one")
    one.clock = lambda: now[0]
    record(1)
    actions.sequence(at=NOON)
    note = queries.note(1) or ""

    def asked(old: int, note: str = note) -> int:
        body = witnessing.written_submission(old=old, proof=[], note=note)
        return one.add_checkpoint(body.encode()).status

    assert [asked(0, note.replace("\n1\n", "\n2\n")) for _ in range(9)] == [403] * 9
    assert [asked(0), asked(1), asked(1)] == [200, 200, 429]
    now[0] += 61
    assert asked(1) == 200


def test_of_many_at_once_only_one_replaces_the_head(make: Make) -> None:
    one = make("one")
    signer = keys.signers(keys.key_path())[0]
    forks = [merkle.leaf_hash(bytes([number])) for number in range(8)]
    bodies = []
    for root in forks:
        head = notes.Checkpoint("localhost/log/valli", 1, root)
        note = f"{head.text}\n{signer.sign(head.text).line}"
        bodies.append(witnessing.written_submission(old=0, proof=[], note=note).encode())
    answers: list[int] = []
    start = threading.Barrier(len(bodies))

    def ask(body: bytes) -> None:
        start.wait()
        answers.append(one.add_checkpoint(body).status)

    hands = [threading.Thread(target=ask, args=(body,)) for body in bodies]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert sorted(answers) == [200] + [409] * 7


def restored(size: int) -> None:
    """Put the log back as it was at a size, as an old backup would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM transparency_signature WHERE checkpoint_id > %s", [size])
        cursor.execute("DELETE FROM transparency_checkpoint WHERE size > %s", [size])
        cursor.execute("DELETE FROM transparency_leaf WHERE index >= %s", [size])
        cursor.execute("DELETE FROM transparency_tile")
        cursor.execute("DELETE FROM transparency_bundle")
        cursor.execute(
            "UPDATE transparency_log SET size = %s, published = %s, witnessed = 0", [size, size]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_old_backup_signs_nothing_while_a_file_beside_the_key_knows_better() -> None:
    actions.open_log(slug=SLUG)
    record(3)
    actions.sequence(at=NOON)
    restored(0)
    record(5)

    assert actions.sequence(at=NOON) == 0
    assert "log-checkpoint" in Log.objects.get().stopped
    assert Checkpoint.objects.count() == 0
    with pytest.raises(actions.StillContradicted):
        actions.resume_log()
    assert Log.objects.get().stopped


def test_an_old_backup_on_a_new_machine_is_found_out_by_a_witness(make: Make) -> None:
    one = make("one")
    with served(one) as url:
        add(url, one)
        record(3)
        actions.sequence(at=NOON)
        submitting.submit(at=NOON)
        restored(0)
        guarding.archive_path().unlink()

        with pytest.raises(actions.StillContradicted):
            actions.resume_log()
        assert url in Log.objects.get().stopped
        record(1)
        assert actions.sequence(at=NOON) == 0


def test_a_fork_that_was_signed_all_the_same_is_stopped_by_the_first_witness_asked(
    make: Make,
) -> None:
    one = make("one")
    with served(one) as url:
        add(url, one)
        record(3)
        actions.sequence(at=NOON)
        submitting.submit(at=NOON)
        restored(0)
        guarding.archive_path().unlink()
        record(5)
        actions.sequence(at=NOON)

        submitting.submit(at=NOON)

        assert "another root" in Log.objects.get().stopped
        record(1)
        assert actions.sequence(at=NOON) == 0


def test_a_witness_that_lies_stops_nothing(make: Make) -> None:
    liar = make("liar")
    head = notes.Checkpoint("localhost/log/valli", 9, bytes(32))
    forged = notes.new_signer(name="localhost/log/valli", algorithm=notes.ED25519).sign(head.text)
    liar.store.replace(None, head, f"{head.text}\n{forged.line}")
    with served(liar) as url:
        add(url, liar)
        record(1)
        actions.sequence(at=NOON)

        assert submitting.submit(at=NOON) == 0
        assert not Log.objects.get().stopped
        assert Witness.objects.get().trouble.startswith("409")


def test_below_the_quorum_for_a_day_the_log_lacks_witnesses(make: Make) -> None:
    one, two = make("one"), make("two")
    now = timezone.now()
    with served(one) as url:
        add(url, one)
        add("http://127.0.0.1:9", two)
        actions.set_quorum(witnesses=2)
        record(1)
        actions.sequence(at=now)
        submitting.submit(at=now + timedelta(hours=23))

    assert queries.lacking_witnesses(now=now + timedelta(hours=23)) is None
    assert queries.lacking_witnesses(now=now + timedelta(hours=25)) == (1, 2)
    actions.set_quorum(witnesses=1)
    assert queries.lacking_witnesses(now=now + timedelta(hours=25)) is None


def test_a_quorum_is_of_witnesses_that_there_are(make: Make) -> None:
    one = make("one")
    asked = add("http://127.0.0.1:9", one)
    with pytest.raises(actions.QuorumTooHigh):
        actions.set_quorum(witnesses=2)
    actions.set_quorum(witnesses=1)
    with pytest.raises(actions.QuorumTooHigh):
        actions.dismiss_witness(url=asked.url)
    with pytest.raises(actions.WitnessKnown):
        add("http://127.0.0.1:9/", make("two"))
    assert add("http://127.0.0.1:7", one).pk == asked.pk
    add("http://127.0.0.1:9", one)
    actions.set_quorum(witnesses=0)
    actions.dismiss_witness(url=asked.url)
    with pytest.raises(actions.WitnessUnknown):
        actions.dismiss_witness(url=asked.url)


@pytest.mark.parametrize(
    ("url", "vkey"),
    [
        ("ftp://one.example", ""),
        ("one.example", ""),
        ("https://one.example", "x"),
        ("https://one.example", str(notes.new_signer(name="l", algorithm=1).verifier)),
    ],
    ids=["no-web-address", "no-scheme", "no-key", "a-logs-key"],
)
def test_what_is_no_witness_is_refused(url: str, vkey: str) -> None:
    with pytest.raises(actions.WitnessUnreadable):
        actions.add_witness(url=url, vkey=vkey)
