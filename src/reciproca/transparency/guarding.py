"""
The guard against a second history: a log restored from an old backup must not sign anew.

Heads of ours that are kept elsewhere, by witnesses and in a file beside the key, are compared with
the log. One that is larger, or has another root, stops it: nothing is signed until the missing
entries are back. Source: docs/restoring-a-log.md
"""

import logging
import os
import threading
from pathlib import Path

from reciproca.transparency import keys, queries
from reciproca.transparency.models import Log
from reciproca.transparency.rules import notes
from reciproca.transparency.rules.notes import Checkpoint, NoteMalformed

logger = logging.getLogger(__name__)


def check(note: str | None, *, whence: str) -> bool:
    """
    Compare a head that is kept elsewhere with the log; stop the log if they differ, and tell so.

    What no key of ours signed proves nothing and is let be.
    """
    log = Log.objects.get()
    head = _ours(note, log)
    if head is None:
        return False
    if head.size > log.size:
        reason = f"{whence}: a head of {head.size} leaves was signed, the log has {log.size}"
    elif queries.root_at(head.size) != head.root:
        reason = f"{whence}: a head of {head.size} leaves was signed with another root"
    else:
        return False
    if Log.objects.filter(stopped="").update(stopped=reason):
        logger.critical("the log is stopped: %s", reason)
    return True


def check_archive() -> bool:
    """Compare the head that we signed last, as the file beside the key keeps it."""
    try:
        note = archive_path().read_text()
    except FileNotFoundError:
        return False
    return check(note, whence=str(archive_path()))


def keep_archive(note: str | None) -> None:
    """Keep the head that was signed last in a file that no backup of the database takes back."""
    assert note is not None
    path = archive_path()
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_text(note)
    draft.replace(path)


def archive_path() -> Path:
    """Return the file with the head that was signed last; it is public and lies beside the key."""
    return keys.key_path().with_name("log-checkpoint")


def _ours(text: str | None, log: Log) -> Checkpoint | None:
    try:
        note = notes.read_note(text or "")
        head = notes.read_checkpoint(note.text)
    except NoteMalformed:
        return None
    verifiers = [notes.read_verifier(each) for each in log.vkeys.split()]
    signed = any(key.verifies(note.text, each) for key in verifiers for each in note.signatures)
    return head if signed and head.origin == log.origin else None
