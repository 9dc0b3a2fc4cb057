"""
Asking witnesses to cosign, all at once, each within five seconds.

What a witness answers is believed only as far as signatures go: its own on a cosignature, and ours
on a head that contradicts the log.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from reciproca.transparency import guarding, queries
from reciproca.transparency.models import Checkpoint, Log, Signature, Witness
from reciproca.transparency.rules import merkle, notes, witnessing
from reciproca.transparency.rules.notes import NoteMalformed, Verifier

TIMEOUT_SECONDS = 5.0
MOST_AT_ONCE = 16
LARGEST_ANSWER_BYTES = 64 * 1024
FRESH_FOR = timedelta(hours=1)
"""A quiet log asks again after this long, so that cosignatures tell a recent time."""

logger = logging.getLogger(__name__)


class Told(NamedTuple):
    """What a witness answered; `status` is zero when nothing came."""

    status: int
    body: str


NOTHING = Told(0, "")


@dataclass(slots=True)
class _Asking:
    """One witness, what it is sent, and what it said."""

    witness: Witness
    verifier: Verifier
    told: Told = NOTHING


def submit(*, at: datetime) -> int:
    """
    Have the published head cosigned by the witnesses that have not yet, or not for an hour.

    Returns how many cosigned. One that remembers another size is asked again from there; one that
    has a head of ours which the log contradicts stops the log (`guarding`).
    """
    log = Log.objects.first()
    if log is None or log.stopped or log.published == 0:
        return 0
    waiting = [
        each
        for each in Witness.objects.order_by("id")
        if each.cosigned < log.published
        or not each.answered_at
        or each.answered_at <= at - FRESH_FOR
    ]
    asked = [_Asking(each, notes.read_verifier(each.vkey)) for each in waiting]
    done = _round(log, asked, at)
    again = [each for each in asked if _resumes(log, each)]
    done += _round(log, again, at)
    for each in asked:
        _note_trouble(log, each)
    return done


def latest_of(witness: Witness, origin: str) -> str | None:
    """Return the checkpoint of a log that a witness hands out, None where it has none to tell."""
    told = _ask(witness.url, "GET", f"/{witnessing.address_of(origin)}/checkpoint", None)
    return told.body if told.status == 200 else None


def in_parallel(witnesses: Sequence[Witness], origin: str) -> list[str | None]:
    """Return what each of these witnesses hands out for a log, in their order."""
    if not witnesses:
        return []
    with ThreadPoolExecutor(min(len(witnesses), MOST_AT_ONCE)) as hands:
        return list(hands.map(lambda each: latest_of(each, origin), witnesses))


def _round(log: Log, asked: Sequence[_Asking], at: datetime) -> int:
    if not asked:
        return 0
    head = Checkpoint.objects.get(pk=log.published)
    ours = Signature.objects.filter(checkpoint=head, name=log.origin).order_by("key_id")
    note = f"{head.text}\n{''.join(each.line for each in ours)}"
    proofs = {
        old: queries.hashes(merkle.consistency_ranges(old=old, new=head.size))
        for old in {each.witness.cosigned for each in asked}
    }

    def ask(each: _Asking) -> Told:
        old = each.witness.cosigned
        body = witnessing.written_submission(old=old, proof=proofs[old], note=note)
        return _ask(each.witness.url, "POST", "/add-checkpoint", body.encode())

    with ThreadPoolExecutor(min(len(asked), MOST_AT_ONCE)) as hands:
        answers = list(hands.map(ask, asked))
    for each, told in zip(asked, answers, strict=True):
        each.told = told
    return sum(_keep(log, head, each, at) for each in asked)


def _keep(log: Log, head: Checkpoint, asking: _Asking, at: datetime) -> bool:
    """Keep a cosignature that holds; tell whether there was one."""
    if asking.told.status != 200:
        return False
    try:
        signatures = notes.read_signatures(asking.told.body)
    except NoteMalformed:
        return False
    good = [each for each in signatures if asking.verifier.verifies(head.text, each)]
    if not good:
        return False
    signed = good[0]
    Signature.objects.update_or_create(
        checkpoint=head,
        name=signed.name,
        key_id=signed.key_id.hex(),
        defaults={
            "line": signed.line,
            "signed_at": datetime.fromtimestamp(signed.signed_at, tz=UTC),
        },
    )
    asking.witness.cosigned, asking.witness.answered_at = head.size, at
    asking.witness.trouble = ""
    asking.witness.save(update_fields=["cosigned", "answered_at", "trouble"])
    _note_quorum(log, head)
    return True


def _note_quorum(log: Log, head: Checkpoint) -> None:
    if Witness.objects.filter(cosigned__gte=head.size).count() >= max(log.quorum, 1):
        Log.objects.filter(witnessed__lt=head.size, published__gte=head.size).update(
            witnessed=head.size
        )


def _resumes(log: Log, asking: _Asking) -> bool:
    """Take over the size that a witness says it knows, if the log may go on from there."""
    if asking.told.status != 409:
        return False
    try:
        known = notes.read_number(asking.told.body.removesuffix("\n"))
    except NoteMalformed:
        return False
    if known > log.published or known == asking.witness.cosigned:
        return False
    asking.witness.cosigned = known
    asking.witness.save(update_fields=["cosigned"])
    return True


def _note_trouble(log: Log, asking: _Asking) -> None:
    witness, told = asking.witness, asking.told
    if witness.answered_at and witness.cosigned == log.published and told.status == 200:
        return
    if told.status in (409, 422):
        guarding.check(latest_of(witness, log.origin), whence=witness.url)
    trouble = f"{told.status} {told.body[:200]}".strip() if told.status else told.body[:200]
    Witness.objects.filter(pk=witness.pk).exclude(trouble=trouble).update(trouble=trouble)
    logger.warning("witness %s: %s", witness.url, trouble)


def _ask(url: str, method: str, path: str, body: bytes | None) -> Told:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    if not parts.hostname:
        return Told(0, "no address")
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, parts.path.rstrip("/") + path, body)
        answer = connection.getresponse()
        return Told(answer.status, answer.read(LARGEST_ANSWER_BYTES).decode(errors="replace"))
    except (OSError, HTTPException) as trouble:
        return Told(0, str(trouble) or type(trouble).__name__)
    finally:
        connection.close()
