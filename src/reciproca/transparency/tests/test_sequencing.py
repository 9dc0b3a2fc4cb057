import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from pytest_django import Settings

from reciproca.postgres.backend import base
from reciproca.transparency import actions, keys, sequencing, writing
from reciproca.transparency.models import (
    Bundle,
    Checkpoint,
    Leaf,
    Log,
    Opening,
    Signature,
    Tile,
    Waiting,
)
from reciproca.transparency.rules import leaves, notes
from reciproca.transparency.tests.log import (
    NOON,
    SLUG,
    assert_whole,
    entries,
    leaf,
    record,
)
from reciproca.transparency.tests.standby import a_standby_given_up

pytestmark = pytest.mark.django_db


def test_a_recorded_fact_gets_a_place_under_a_signed_head() -> None:
    log = actions.open_log(slug=SLUG)
    facts = record(3)

    assert actions.sequence(at=NOON) == 3

    assert log.origin == "localhost/log/valli"
    assert_whole(facts=facts)
    checkpoint = Checkpoint.objects.get()
    signature = notes.read_signatures(Signature.objects.get().line)[0]
    verifier = keys.signers(keys.key_path())[0].verifier
    assert verifier.verifies(checkpoint.text, signature)


def test_an_entry_is_made_again_from_what_its_opening_keeps() -> None:
    actions.open_log(slug=SLUG)
    record(2)
    actions.sequence(at=NOON)

    for place in Leaf.objects.all():
        opening = Opening.objects.get(pk=place.fact)
        made = leaves.entry(
            kind=opening.kind, salt=bytes(opening.salt), payload=opening.payload.encode()
        )
        assert entries()[place.index] == made


def test_a_fact_that_was_not_recorded_after_all_leaves_no_leaf() -> None:
    actions.open_log(slug=SLUG)
    with transaction.atomic():
        record(1)
        transaction.set_rollback(True)

    assert actions.sequence(at=NOON) == 0
    assert not Opening.objects.exists()
    assert not Checkpoint.objects.exists()


def test_the_same_fact_is_never_recorded_twice() -> None:
    fact = leaf()
    actions.record([fact])
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record([fact])


def test_batches_go_on_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencing, "MOST_AT_ONCE", 100)
    actions.open_log(slug=SLUG)
    facts = record(730)
    actions.sequence(at=NOON)
    facts += record(1)
    actions.sequence(at=NOON)

    assert_whole(facts=facts)
    assert Checkpoint.objects.count() == 9
    assert Tile.objects.filter(level=0).count() == 3


def test_before_the_log_is_open_facts_wait() -> None:
    record(1)
    assert actions.sequence(at=NOON) == 0
    assert Waiting.objects.count() == 1


def test_the_key_is_its_owners_alone_and_never_made_a_second_time() -> None:
    actions.open_log(slug=SLUG)
    path = keys.key_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert actions.open_log(slug="another").origin == "localhost/log/valli"

    path.unlink()
    with pytest.raises(keys.KeyMissing):
        actions.open_log(slug=SLUG)


def test_a_key_of_another_log_signs_nothing_here(tmp_path: Path, settings: Settings) -> None:
    actions.open_log(slug=SLUG)
    settings.LOG_KEY_FILE = tmp_path / "another"
    keys.make_key(tmp_path / "another", name="example.org/log/other", algorithm=notes.ED25519)
    with pytest.raises(actions.KeyOfAnotherLog):
        actions.open_log(slug=SLUG)


def test_while_two_keys_are_kept_both_sign() -> None:
    log = actions.open_log(slug=SLUG)
    second = notes.new_signer(name=log.origin, algorithm=notes.ED25519)
    path = keys.key_path()
    path.write_text(path.read_text() + second.written() + "\n")
    record(1)

    actions.sequence(at=NOON)

    assert Signature.objects.filter(key_id=second.verifier.key_id.hex()).exists()
    assert Signature.objects.count() == 2


WRITTEN_DIFFERENTLY = {
    "transparency_tile": "UPDATE transparency_tile SET hashes = substr(hashes, 1, 32)",
    "transparency_tile of others": "UPDATE transparency_tile SET hashes = '\\x00'::bytea || hashes",
    "transparency_bundle": "UPDATE transparency_bundle SET entries = '\\x00'::bytea || entries",
    "transparency_log": "UPDATE transparency_log SET size = 1, published = 1",
    "transparency_log root": "UPDATE transparency_log SET root = '\\x00'::bytea",
    "transparency_log origin": "UPDATE transparency_log SET origin = 'another'",
    "transparency_checkpoint": "UPDATE transparency_checkpoint SET text = 'another'",
    "transparency_leaf": "UPDATE transparency_leaf SET index = index + 1",
    "transparency_opening": "UPDATE transparency_opening SET payload = '{}'",
    "transparency_waiting": "UPDATE transparency_waiting SET entry = entry",
    **{
        f"{table} {verb}": f"{verb} transparency_{table}"
        for table in ("tile bundle log checkpoint leaf opening signature waiting".split())
        for verb in ("DELETE FROM", "TRUNCATE")
    },
}


@pytest.mark.parametrize("statement", WRITTEN_DIFFERENTLY.values(), ids=WRITTEN_DIFFERENTLY.keys())
def test_the_database_refuses_to_change_what_was_logged(statement: str) -> None:
    actions.open_log(slug=SLUG)
    record(3)
    actions.sequence(at=NOON)
    record(1)
    if statement.startswith("TRUNCATE"):
        statement += " CASCADE"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_a_standby_may_lack_is_not_signed_before_a_later_one_is_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actions.open_log(slug=SLUG)
    facts = record(2)

    with (
        a_standby_given_up(monkeypatch, "transparency_checkpoint"),
        pytest.raises(base.CommitUnknown),
    ):
        actions.sequence(at=NOON)
    assert Log.objects.get().size == 2
    assert Log.objects.get().published == 0
    assert not Signature.objects.exists()

    actions.sequence(at=NOON)
    assert_whole(facts=facts)


def in_a_process_that_is_killed(work: Callable[[], object]) -> None:
    """Run something in a forked process, which must not come to its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, "the process reached its end"


def dies(*_args: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


STEPS = {
    "before the places": (writing, "write_places"),
    "before the tiles": (writing, "write_tiles"),
    "before the bundles": (writing, "write_bundles"),
    "before the queue is emptied": (sequencing, "array_of_uuids"),
    "before anything is signed": (sequencing, "sign"),
    "while signing": (keys, "signers"),
    "before the signatures are written": (Signature.objects, "bulk_create"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_a_sequencer_killed_at_any_step_leaves_a_log_that_goes_on(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.open_log(slug=SLUG)
    facts = record(300)
    actions.sequence(at=NOON)
    facts += record(20)

    def killed() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(*STEPS[step], dies)
            actions.sequence(at=NOON)

    in_a_process_that_is_killed(killed)
    published = Log.objects.get().published
    assert published == 300
    facts += record(1)
    actions.sequence(at=NOON)

    assert_whole(facts=facts)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_give_every_fact_one_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sequencing, "MOST_AT_ONCE", 40)
    actions.open_log(slug=SLUG)
    facts: list[UUID] = []
    done = threading.Event()
    failed: list[BaseException] = []

    def loop(work: Callable[[], object]) -> None:
        try:
            while not done.is_set():
                work()
        except BaseException as trouble:
            failed.append(trouble)
        finally:
            connections.close_all()

    def busy() -> None:
        facts.extend(record(7))

    hands = [threading.Thread(target=loop, args=(busy,))]
    hands += [
        threading.Thread(target=loop, args=(lambda: actions.sequence(at=NOON),)) for _ in range(2)
    ]
    for hand in hands:
        hand.start()
    done.wait(1.5)
    done.set()
    for hand in hands:
        hand.join()
    actions.sequence(at=NOON)

    assert not failed
    assert len(facts) > 300
    assert_whole(facts=facts)
    assert Bundle.objects.count() == -(-len(facts) // 256)
