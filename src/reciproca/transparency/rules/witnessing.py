"""
When a witness cosigns a checkpoint, and what it answers when it does not.

Norm: C2SP tlog-witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from reciproca.transparency.rules import merkle, notes
from reciproca.transparency.rules.notes import Checkpoint, Note, NoteMalformed, Verifier

MOST_PROOF_LINES = 63
LARGEST_BODY_BYTES = 64 * 1024

TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: str
    content_type: str = TEXT


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint that a log asks to have cosigned, and the proof that it grew from `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def written_submission(*, old: int, proof: Sequence[bytes], note: str) -> str:
    """Return the body of an `add-checkpoint` request."""
    hashes = "".join(f"{notes.encoded(each)}\n" for each in proof)
    return f"old {old}\n{hashes}\n{note}"


def read_submission(body: bytes) -> Submission:
    """Return what an `add-checkpoint` request says. Raises: NoteMalformed."""
    try:
        head, blank, tail = body.decode().partition("\n\n")
    except UnicodeDecodeError as mistake:
        raise NoteMalformed("not UTF-8") from mistake
    first, *hashes = head.split("\n")
    word, _, old = first.partition(" ")
    if not blank or word != "old" or len(hashes) > MOST_PROOF_LINES:
        raise NoteMalformed("a request is an old size, a proof, an empty line and a checkpoint")
    proof = tuple(notes.decoded(each) for each in hashes)
    if any(len(each) != 32 for each in proof):
        raise NoteMalformed("a hash is 32 bytes")
    note = notes.read_note(tail)
    return Submission(notes.read_number(old), proof, note, notes.read_checkpoint(note.text))


def refusal(
    submission: Submission, *, keys: Sequence[Verifier], latest: Checkpoint | None
) -> Answer | None:
    """
    Return why a checkpoint is not cosigned, None where it may be.

    `keys` are those of its log (none: we do not know it), `latest` is what we cosigned last.
    """
    checkpoint = submission.checkpoint
    if not keys:
        return Answer(404, "this witness does not know the log\n")
    if not any(
        key.verifies(submission.note.text, each)
        for key in keys
        for each in submission.note.signatures
    ):
        return Answer(403, "no signature is of a key that this witness knows for the log\n")
    if submission.old > checkpoint.size:
        return Answer(400, "the old size is larger than the checkpoint's\n")
    known = latest.size if latest else 0
    if submission.old != known:
        return conflict(known)
    if latest and checkpoint.size == known and checkpoint.root != latest.root:
        return conflict(known)
    if not _grew(submission, latest):
        return Answer(422, "the proof does not lead from the old checkpoint to the new one\n")
    return None


def conflict(size: int) -> Answer:
    """Return the answer that tells which size was cosigned last."""
    return Answer(409, f"{size}\n", SIZE)


def address_of(origin: str) -> str:
    """Return the name under which a witness hands out what it cosigned last for a log."""
    return sha256(origin.encode()).hexdigest()


def _grew(submission: Submission, latest: Checkpoint | None) -> bool:
    checkpoint, old = submission.checkpoint, submission.old
    if checkpoint.size == 0:
        return checkpoint.root == merkle.EMPTY_ROOT and not submission.proof
    if old in (0, checkpoint.size):
        return not submission.proof
    assert latest is not None
    try:
        before, after = merkle.roots_by_consistency(
            old=old, new=checkpoint.size, old_root=latest.root, proof=submission.proof
        )
    except merkle.ProofWrong:
        return False
    return before == latest.root and after == checkpoint.root
