"""
The command `reciproca-verify`.

Ends with 0 if all that was asked holds, 1 if something does not, 2 if nobody can tell: called
wrongly, or the network failed. `--help` and words of a wrong call are English everywhere.
"""

import argparse
import json
import os
import sys
from base64 import b64encode
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from reciproca_verifier.audit import audit
from reciproca_verifier.checkpoint import Checkpoint, Policy, read_checkpoint, read_policy
from reciproca_verifier.note import MAX_NOTE_BYTES, exact_base64
from reciproca_verifier.progress import Progress
from reciproca_verifier.proof import (
    MAX_PROOF_BYTES,
    SALT_BYTES,
    Opening,
    Proven,
    check_proof,
    read_proof,
)
from reciproca_verifier.remote import Remote
from reciproca_verifier.told import CannotTell, Failed, Told
from reciproca_verifier.words import LANGUAGES, language_of, legible, sentence

HOLDS, DOES_NOT_HOLD, NOBODY_CAN_TELL = 0, 1, 2


def main(arguments: Sequence[str] | None = None, *, program: str = "reciproca-verify") -> int:
    """Check what `arguments` (else those of the process) ask for; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    asked = _asked(arguments, program)
    report = _Report(language=asked.lang or language_of(), wants_json=asked.json)
    try:
        _check(asked, report)
    except Failed as failure:
        report.end(failure)
        return DOES_NOT_HOLD
    except CannotTell as trouble:
        report.end(trouble)
        return NOBODY_CAN_TELL
    except KeyboardInterrupt:
        report.end(CannotTell("interrupted"))
        return NOBODY_CAN_TELL
    except BrokenPipeError:
        # Whoever read the sentences went away; nothing more is written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_CAN_TELL
    report.end(None)
    return HOLDS


class _Parser(argparse.ArgumentParser):
    """A parser that tells a wrong call to a program as JSON, if it wanted JSON."""

    wants_json = False

    def error(self, message: str) -> NoReturn:
        if self.wants_json:
            print(json.dumps({"ok": False, "code": "called-wrongly", "message": message}))  # noqa: T201
            sys.exit(NOBODY_CAN_TELL)
        super().error(message)


def _parser(program: str, *, wants_json: bool) -> _Parser:
    parser = _Parser(
        prog=program,
        allow_abbrev=False,
        description="Check a transparency log, a proof, or both, from outside.",
        epilog="Exit code: 0 all holds, 1 something does not, 2 called wrongly or network trouble.",
    )
    parser.wants_json = wants_json
    add = parser.add_argument
    add(
        "url",
        nargs="?",
        metavar="URL",
        help="the log's address; without it --proof is checked offline",
    )
    add(
        "--vkey",
        action="append",
        required=True,
        metavar="KEY",
        help="the log's verifier key; again for a former key of the same log",
    )
    add(
        "--witness",
        action="append",
        default=[],
        metavar="KEY",
        help="a witness's verifier key; may be repeated",
    )
    add(
        "--quorum",
        type=int,
        default=0,
        metavar="K",
        help="how many of the witnesses must have signed",
    )
    add("--proof", type=Path, metavar="FILE", help="a .tlog-proof file")
    add("--payload", type=Path, metavar="FILE", help="the payload, if the proof does not carry it")
    add("--salt", metavar="BASE64", help="the salt, if the proof does not carry it")
    add(
        "--since",
        type=Path,
        metavar="FILE",
        help="a checkpoint kept from before: the log must continue it",
    )
    add(
        "--save", type=Path, metavar="FILE", help="keep the checkpoint, once all holds, for --since"
    )
    add("--lang", choices=LANGUAGES, help="the language of sentences, else the terminal's")
    add(
        "--json",
        action="store_true",
        help="print one JSON object on standard output, and nothing else there",
    )
    return parser


def _asked(arguments: Sequence[str], program: str) -> argparse.Namespace:
    parser = _parser(program, wants_json="--json" in arguments)
    asked = parser.parse_args(arguments)
    if not (asked.url or asked.proof):
        parser.error("give a URL, or --proof FILE, or both")
    if (asked.since or asked.save) and not asked.url:
        parser.error("--since and --save need a URL")
    if (asked.payload is None) != (asked.salt is None) or (asked.payload and not asked.proof):
        parser.error("--payload and --salt go together, with --proof")
    return asked


class _Report:
    """Sentences as they become true, or one JSON object at the end."""

    def __init__(self, *, language: str, wants_json: bool) -> None:
        self.language = language
        self.found: dict[str, object] = {}
        self._wants_json = wants_json

    def say(self, code: str, **where: str | int) -> None:
        if not self._wants_json:
            self._print(sentence(code, self.language, **where))

    def show(self, text: str) -> None:
        if not self._wants_json:
            self._print(f"  {legible(text)}")

    def end(self, told: Told | None) -> None:
        message = sentence(told.code, self.language, **told.where) if told else ""
        if self._wants_json:
            refusal = {"code": told.code, "message": message, "where": told.where} if told else {}
            self._print(json.dumps({"ok": told is None, **refusal, **self.found}))
        elif told:
            print(f"✗ {message}", file=sys.stderr)  # noqa: T201

    @staticmethod
    def _print(line: str) -> None:
        print(line, flush=True)  # noqa: T201


def _check(asked: argparse.Namespace, report: _Report) -> None:
    policy = read_policy(vkeys=asked.vkey, witnesses=asked.witness, quorum=asked.quorum)
    earlier: dict[str, Checkpoint] = {}
    if asked.proof:
        earlier["proof"] = _check_proof(asked, policy, report).checkpoint
    if asked.since:
        kept = _read(asked.since, limit=MAX_NOTE_BYTES)
        # Enough that the log signed it; witnesses may have come later.
        unwitnessed = Policy(log_keys=policy.log_keys)
        earlier["since"] = read_checkpoint(kept, policy=unwitnessed, what="since")
    if asked.url:
        _check_log(asked, policy, earlier, report)


def _check_proof(asked: argparse.Namespace, policy: Policy, report: _Report) -> Proven:
    proof = read_proof(_read(asked.proof, limit=MAX_PROOF_BYTES))
    proven = check_proof(proof, opening=_opening(asked), policy=policy)
    _tell_head(proven.checkpoint, policy, report)
    report.say("proven", index=proven.index)
    payload = proven.payload.decode()
    report.show(payload)
    report.found["proof"] = {"index": proven.index, "payload": payload, **_head(proven.checkpoint)}
    return proven


def _opening(asked: argparse.Namespace) -> Opening | None:
    if not asked.payload:
        return None
    salt = exact_base64(asked.salt)
    if salt is None or len(salt) != SALT_BYTES:
        raise CannotTell("salt-unreadable")
    return Opening(salt=salt, payload=_read(asked.payload, limit=MAX_PROOF_BYTES))


def _check_log(
    asked: argparse.Namespace,
    policy: Policy,
    earlier: dict[str, Checkpoint],
    report: _Report,
) -> None:
    with Remote(asked.url) as remote:
        served = remote.checkpoint()
        head = read_checkpoint(served, policy=policy, what="checkpoint")
        _tell_head(head, policy, report)
        report.found.update(_head(head))
        with Progress(language=report.language) as progress:
            audited = audit(remote, head=head, earlier=earlier, progress=progress)
    root = b64encode(head.root).decode()
    report.say("audited", size=head.size, tiles=audited.tiles, root=root)
    for what, checkpoint in earlier.items():
        report.say("continues", what=what, size=checkpoint.size)
    report.found.update(kinds=audited.kinds, tiles=audited.tiles, bundles=audited.bundles)
    if asked.save:
        try:
            asked.save.write_bytes(served)
        except OSError as trouble:
            raise CannotTell("file-unwritable", file=str(asked.save), why=str(trouble)) from None
        report.say("saved", file=str(asked.save))


def _tell_head(head: Checkpoint, policy: Policy, report: _Report) -> None:
    report.say("signed", origin=head.origin, size=head.size)
    if not head.witnessed_at:
        report.say("unwitnessed")
        return
    report.say(
        "witnessed",
        found=len(head.witnessed_at),
        known=len({key.name for key in policy.witness_keys}),
        names=", ".join(head.witnessed_at),
        at=f"{min(head.witnessed_at.values()):%Y-%m-%d %H:%M} UTC",
    )


def _head(head: Checkpoint) -> dict[str, object]:
    return {
        "origin": head.origin,
        "size": head.size,
        "root": b64encode(head.root).decode(),
        "witnesses": {name: at.isoformat() for name, at in head.witnessed_at.items()},
    }


def _read(file: Path, *, limit: int) -> bytes:
    """Return at most one byte more than `limit`, for whoever counts."""
    try:
        with file.open("rb") as opened:
            return opened.read(limit + 1)
    except OSError as trouble:
        raise CannotTell("file-unreadable", file=str(file), why=str(trouble.strerror)) from None
