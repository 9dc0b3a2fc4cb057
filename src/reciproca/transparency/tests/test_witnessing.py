"""The answers of a witness, one by one as the norm lists them."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.transparency.rules import merkle, notes, witnessing
from reciproca.transparency.rules.notes import ED25519, Checkpoint, NoteMalformed
from reciproca.transparency.tests.test_merkle import hashes, of

ORIGIN = "example.org/log/valli"
SIGNER = notes.new_signer(name=ORIGIN, algorithm=ED25519)
KEYS = [SIGNER.verifier]


class Tree(NamedTuple):
    leaves: list[bytes]

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, merkle.root(self.leaves[:size]))

    def proof(self, old: int, new: int) -> list[bytes]:
        ranges = merkle.consistency_ranges(old=old, new=new)
        return [merkle.hash_of(each, of(self.leaves)) for each in ranges]


TREE = Tree(hashes(40))


def submission(
    old: int, head: Checkpoint, proof: list[bytes], *, signer: notes.Signer = SIGNER
) -> witnessing.Submission:
    note = f"{head.text}\n{signer.sign(head.text).line}"
    written = witnessing.written_submission(old=old, proof=proof, note=note)
    return witnessing.read_submission(written.encode())


def status(
    asked: witnessing.Submission,
    *,
    latest: Checkpoint | None = None,
    keys: list[notes.Verifier] = KEYS,
) -> tuple[int, str]:
    answer = witnessing.refusal(asked, keys=keys, latest=latest)
    if answer is None:
        return 200, ""
    return answer.status, answer.body if answer.content_type == witnessing.SIZE else ""


def test_a_first_checkpoint_and_one_that_grew_are_cosigned() -> None:
    assert status(submission(0, TREE.head(7), [])) == (200, "")
    grown = submission(7, TREE.head(40), TREE.proof(7, 40))
    assert status(grown, latest=TREE.head(7)) == (200, "")
    assert status(submission(40, TREE.head(40), []), latest=TREE.head(40)) == (200, "")


def test_a_log_that_nobody_configured_is_not_known() -> None:
    assert status(submission(0, TREE.head(7), []), keys=[]) == (404, "")


def test_a_signature_of_another_key_is_forbidden() -> None:
    other = notes.new_signer(name=ORIGIN, algorithm=ED25519)
    assert status(submission(0, TREE.head(7), [], signer=other)) == (403, "")


def test_an_old_size_above_the_checkpoints_is_malformed() -> None:
    assert status(submission(8, TREE.head(7), []), latest=TREE.head(8)) == (400, "")


@pytest.mark.parametrize(("old", "latest"), [(0, 7), (6, 7), (3, None)])
def test_another_old_size_is_answered_with_ours(old: int, latest: int | None) -> None:
    asked = submission(old, TREE.head(9), TREE.proof(old, 9))
    known = TREE.head(latest) if latest else None
    assert status(asked, latest=known) == (409, f"{latest or 0}\n")


def test_a_fork_of_the_same_size_is_a_conflict() -> None:
    fork = Tree([*hashes(6), merkle.leaf_hash(b"another")])
    assert status(submission(7, fork.head(7), []), latest=TREE.head(7)) == (409, "7\n")


def test_a_history_that_was_rewritten_finds_no_proof() -> None:
    fork = Tree([merkle.leaf_hash(b"another"), *hashes(39)])
    asked = submission(7, fork.head(40), fork.proof(7, 40))
    assert status(asked, latest=TREE.head(7)) == (422, "")
    assert status(submission(0, TREE.head(7), [bytes(32)])) == (422, "")
    assert status(submission(40, TREE.head(40), [bytes(32)]), latest=TREE.head(40)) == (422, "")
    empty = Checkpoint(ORIGIN, 0, bytes(32))
    assert status(submission(0, empty, [])) == (422, "")


@given(st.integers(1, 39), st.integers(0, 63), st.integers(0, 31))
def test_one_changed_byte_of_a_proof_is_found(old: int, number: int, byte: int) -> None:
    proof = TREE.proof(old, 40)
    at = number % len(proof)
    changed = bytearray(proof[at])
    changed[byte] ^= 1
    asked = submission(old, TREE.head(40), [*proof[:at], bytes(changed), *proof[at + 1 :]])
    assert status(asked, latest=TREE.head(old)) == (422, "")


@pytest.mark.parametrize(
    "head",
    [
        "",
        "old",
        "old x",
        "old 01",
        "old -1",
        "new 1",
        "old 1\nAA==",
        "old 1\n" + "A" * 43,
        "old  1",
    ],
)
def test_what_is_no_submission_is_malformed(head: str) -> None:
    text = f"{head}\n\n{TREE.head(7).text}\n{SIGNER.sign(TREE.head(7).text).line}"
    with pytest.raises(NoteMalformed):
        witnessing.read_submission(text.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(NoteMalformed):
        witnessing.read_submission(body)


def test_too_long_a_proof_is_malformed() -> None:
    with pytest.raises(NoteMalformed):
        submission(1, TREE.head(7), [bytes(32)] * 64)
