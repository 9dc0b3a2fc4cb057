"""
What a voter keeps: the codes of the votes and the entries that the log will hold, signed.

The key signs receipts and nothing else; its public half is on every receipt's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from reciproca.transparency.keys import KeyMissing, make_key, signers
from reciproca.transparency.rules import notes
from reciproca.transparency.rules.notes import Signer


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    The codes of an elector's votes, and `note`: what was received, with a signature below it.

    A note tells the ballot and, for each vote, its code; of a secret one also the 34 bytes that the
    log will hold of it, in base64. It tells neither elector nor time. No copy is kept.
    """

    ballot_id: UUID
    codes: Sequence[UUID]
    note: str


def receipt(*, ballot_id: UUID, codes: Sequence[UUID], entries: Sequence[bytes] = ()) -> Receipt:
    """Return the signed receipt of votes; `entries` are those of secret ones."""
    told = [notes.encoded(each) for each in entries] or [""] * len(codes)
    lines = [f"{code} {entry}".rstrip() for code, entry in zip(codes, told, strict=True)]
    key = _signer()
    text = "\n".join([key.name, str(ballot_id), *lines, ""])
    return Receipt(ballot_id, codes, f"{text}\n{key.sign(text).line}")


def vkey() -> str:
    """Return the public key of receipts, as signed notes write it."""
    return str(_signer().verifier)


def _signer() -> Signer:
    """Return the key, which is made on the first receipt and kept beside the log's."""
    path = Path(settings.LOG_KEY_FILE).with_name("receipt-key")
    try:
        return signers(path)[0]
    except KeyMissing:
        return make_key(path, name=f"{settings.LOG_HOST}/ballots", algorithm=notes.ED25519)
