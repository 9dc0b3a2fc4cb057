"""A proof that somebody took home: by itself, and against the log."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_builder import LOG, WITNESSES, BuiltLog, Opened, built, served

from reciproca_verifier.main import main
from reciproca_verifier.proof import MAX_PROOF_BYTES

LOGS = [built(size) for size in (1, 2, 5, 300)]
BOTH = [part for witness in WITNESSES[:2] for part in ("--witness", witness.vkey)]


def check(file: Path, *more: str, url: str = "") -> int:
    return main([*([url] if url else []), "--proof", str(file), "--vkey", LOG.vkey, *more])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sale.tlog-proof"


@given(log=st.sampled_from(LOGS), data=st.data())
@settings(max_examples=30)
def test_a_proof_of_any_entry_holds_offline(
    tmp_path_factory: pytest.TempPathFactory, log: BuiltLog, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.tlog-proof"
    file.write_bytes(log.proof(data.draw(st.integers(0, len(log.entries) - 1))))

    assert check(file, *BOTH, "--quorum", "2") == 0


def test_a_proof_shows_what_it_proves(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(LOGS[3].proof(17))
    assert check(file, "--lang", "it") == 0
    out = capsys.readouterr().out
    assert "✓ La prova vale: la voce 17 registra esattamente questo:\n  {" in out
    assert '"member_cents":17,' in out

    assert check(file, "--json") == 0
    proof = json.loads(capsys.readouterr().out)["proof"]
    assert (proof["index"], proof["size"]) == (17, 300)
    assert json.loads(proof["payload"])["kind"] == "T"


@given(data=st.data())
@settings(max_examples=300)
def test_one_changed_byte_of_a_proof_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    log = data.draw(st.sampled_from(LOGS))
    proof = bytearray(log.proof(data.draw(st.integers(0, len(log.entries) - 1))))
    proof[data.draw(st.integers(0, len(proof) - 1))] ^= data.draw(st.integers(1, 255))
    file = tmp_path_factory.getbasetemp() / "changed.tlog-proof"
    file.write_bytes(proof)

    # 2 where the change hides the opening: then nobody can tell.
    assert check(file, *BOTH, "--quorum", "2") in (1, 2)


@given(data=st.data())
def test_one_changed_byte_of_payload_or_salt_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    base = tmp_path_factory.getbasetemp()
    (base / "bare.tlog-proof").write_bytes(LOGS[3].proof(9, extra=False))
    opening = LOGS[3].openings[9]
    shown = bytearray(opening.salt + opening.payload)
    shown[data.draw(st.integers(0, len(shown) - 1))] ^= data.draw(st.integers(1, 255))
    (base / "payload").write_bytes(shown[32:])
    salt = b64encode(shown[:32]).decode()

    more = ("--payload", str(base / "payload"), "--salt", salt)
    assert check(base / "bare.tlog-proof", *more) == 1


def test_an_opening_may_travel_beside_the_proof(file: Path, tmp_path: Path) -> None:
    file.write_bytes(LOGS[3].proof(9, extra=False))
    payload, opening = tmp_path / "payload.json", LOGS[3].openings[9]
    payload.write_bytes(opening.payload)
    more = ("--payload", str(payload), "--salt", b64encode(opening.salt).decode())

    assert check(file, *more) == 0
    assert check(file) == 2
    assert check(file, "--payload", str(payload), "--salt", "AAAA") == 2
    file.write_bytes(LOGS[3].proof(9))
    assert check(file, *more) == 2


def test_a_proof_is_checked_against_the_log_as_it_is_now(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = built(300)
    file.write_bytes(log.proof(3, 10))
    with served(log.files()) as url:
        assert check(file, "--lang", "en", url=url) == 0
    assert "The log continues the checkpoint in the proof, of 10 entries" in capsys.readouterr().out

    forked = BuiltLog([*log.openings[:9], *built(50).openings])
    with served(forked.files()) as url:
        assert check(file, url=url) == 1
    hiding = BuiltLog(log.openings[:9])
    with served(hiding.files()) as url:
        assert check(file, url=url) == 1


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b"17",
        b'{"kind":"TT"}',
        b'{"kind":7}',
        b'{"kind":"\xc3\xa8"}',
        b'{"kind":"T"',
        b'{"kind":"T","kind":"T"}',
        '{"kind":"T"}'.encode("utf-16"),
        b"[" * 100_000,
    ],
)
def test_a_payload_is_a_json_object_with_its_kind(
    payload: bytes, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = built(4)
    proof = log.proof(1, extra=False).split(b"\n", 1)
    extra = b"extra " + b64encode(bytes(32) + payload)
    file.write_bytes(b"\n".join([proof[0], extra, proof[1]]))

    assert check(file, "--json") == 1
    code = json.loads(capsys.readouterr().out)["code"]
    assert code == ("payload-unreadable" if payload else "proof-unreadable")


def test_a_payload_cannot_move_the_terminal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = BuiltLog([Opened(bytes(32), '{"kind":"T","note":"\x9b31m\u202e"}'.encode())])
    file.write_bytes(log.proof(0))

    assert check(file) == 0
    assert capsys.readouterr().out.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"index 3", b"index 4", "proof-does-not-hold"),
        (b"index 3", b"index 03", "proof-unreadable"),
        (b"index 3", b"index 5", "proof-beyond-size"),
        (b"index 3", b"index -1", "proof-unreadable"),
        (b"index 3\n", b"", "proof-unreadable"),
        (b"tlog-proof@v1", b"tlog-proof@v2", "proof-unreadable"),
        (b"\n\n", b"\n", "proof-unreadable"),
        (b"\nextra ", b"\nExtra ", "proof-unreadable"),
        (b"\nextra ", b"\nextra  ", "proof-unreadable"),
    ],
)
def test_a_proof_that_is_spelt_otherwise_is_refused(
    old: bytes, new: bytes, code: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = LOGS[2].proof(3)
    assert old in proof
    file.write_bytes(proof.replace(old, new))

    assert check(file, "--json") == 1
    assert json.loads(capsys.readouterr().out)["code"] == code


def test_a_file_without_end_is_not_read_to_its_end(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(LOGS[2].proof(3) + b"x" * MAX_PROOF_BYTES)

    assert check(file, "--json") == 1
    assert json.loads(capsys.readouterr().out)["code"] == "proof-too-long"
    assert check(Path("/nowhere/at/all")) == 2
