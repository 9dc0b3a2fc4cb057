"""A whole log checked over HTTP, by the command that people give."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_builder import LOG, OTHER_LOG, WITNESSES, BuiltLog, built, served

from reciproca_verifier.main import main

ALL_WITNESSES = [part for witness in WITNESSES for part in ("--witness", witness.vkey)]


def run(*arguments: str) -> int:
    return main([*arguments, "--lang", "en"])


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(*arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, answer


@pytest.mark.parametrize(
    "size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 600, 65_535, 65_536, 65_537]
)
def test_a_good_log_of_any_size_holds(size: int, capsys: pytest.CaptureFixture[str]) -> None:
    log = built(size)
    with served(log.files()) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "2")

    assert code == 0
    assert answer["ok"]
    assert answer["size"] == size
    assert answer["kinds"] == ({"T": size} if size else {})
    assert list(answer["witnesses"]) == [WITNESSES[0].name, WITNESSES[1].name]


def test_what_holds_is_said_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    with served(built(300).files()) as url:
        assert main([url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "2", "--lang", "it"]) == 0

    out = capsys.readouterr()
    assert "✓ Testa di coop.example/log/tre-valli: 300 voci, firmata dal registro." in out.out
    assert "✓ Testimoni: 2 di 3 (testimone-0.example, testimone-1.example)" in out.out
    assert "✓ Rilette 300 voci e 3 tessere" in out.out
    assert out.err == "Rilettura: 300 di 300 voci\n"


def test_a_log_without_known_witnesses_says_what_that_leaves_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with served(built(3).files()) as url:
        assert run(url, "--vkey", LOG.vkey) == 0

    assert "No witness verified: the log could show something else" in capsys.readouterr().out


SMALL = [built(size) for size in (1, 2, 7, 256, 300, 513)]
FILES = [log.files() for log in SMALL]


@settings(max_examples=150)
@given(st.data())
def test_one_changed_byte_anywhere_is_found(data: st.DataObject) -> None:
    files = data.draw(st.sampled_from(FILES))
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(files[name])
    changed[at] ^= flip

    with served({**files, name: bytes(changed)}) as url:
        # All that this checkpoint carries is asked for: what nobody knows is passed over.
        witnesses = ALL_WITNESSES[:4]
        assert run(url, "--vkey", LOG.vkey, *witnesses, "--quorum", "2") == 1


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=50)
def test_a_missing_or_cut_file_is_found(files: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files.keys() - {"checkpoint"})))
    cut = data.draw(st.integers(0, len(files[name]) - 1))

    with served({**files, name: files[name][:cut]}) as url:
        assert run(url, "--vkey", LOG.vkey) == 1
    with served({other: body for other, body in files.items() if other != name}) as url:
        assert run(url, "--vkey", LOG.vkey) == 1


def test_what_differs_is_named_to_the_byte(capsys: pytest.CaptureFixture[str]) -> None:
    files = built(600).files()
    entries = bytearray(files["tile/entries/001"])
    entries[36 * 17 + 10] ^= 1
    tile = bytearray(files["tile/1/000.p/2"])
    tile[32] ^= 1
    form = bytearray(files["tile/entries/002.p/88"])
    form[36 * 3 + 2] = 2

    with served({**files, "tile/entries/001": bytes(entries)}) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey)
    assert (code, answer["code"]) == (1, "tile-differs")
    assert answer["where"] == {"path": "tile/0/001", "hash": 17, "byte": 544, "index": 273}

    with served({**files, "tile/1/000.p/2": bytes(tile)}) as url:
        _code, answer = told(capsys, url, "--vkey", LOG.vkey)
    assert answer["where"] == {"path": "tile/1/000.p/2", "hash": 1, "byte": 32, "index": 1}

    with served({**files, "tile/entries/002.p/88": bytes(form)}) as url:
        _code, answer = told(capsys, url, "--vkey", LOG.vkey)
    assert answer["code"] == "entry-malformed"
    assert answer["where"] == {"path": "tile/entries/002.p/88", "index": 515, "byte": 108}


def test_an_entry_changed_together_with_its_tiles_does_not_give_the_signed_root(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log, forged = built(300), built(300)
    forged.entries[5] = forged.entries[6]
    with served({**forged.files(), "checkpoint": log.checkpoint()}) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey)

    assert (code, answer["code"]) == (1, "root-differs")
    assert answer["message"] == (
        "The first 300 entries served do not give the signed root (the log's checkpoint)."
    )


def test_a_full_tile_stands_for_the_partial_one_it_grew_from() -> None:
    young, grown = built(300), built(300)
    grown = BuiltLog(young.openings + built(400).openings)
    files = {**grown.files(), "checkpoint": young.checkpoint()}
    assert "tile/0/001.p/44" not in files
    del files["tile/1/000.p/2"]
    files["tile/1/000.p/1"] = young.files()["tile/1/000.p/1"]

    with served(files) as url:
        assert run(url, "--vkey", LOG.vkey) == 0


def test_another_key_did_not_sign_this_log(capsys: pytest.CaptureFixture[str]) -> None:
    with served(built(3).files()) as url:
        code, answer = told(capsys, url, "--vkey", OTHER_LOG.vkey)

    assert (code, answer["code"]) == (1, "log-did-not-sign")


def test_during_a_rotation_either_key_is_enough_and_a_known_one_must_hold() -> None:
    log = built(3)
    both = log.checkpoint() + OTHER_LOG.line(log.text()).encode()
    forged = log.checkpoint() + OTHER_LOG.line("another text\n").encode()

    with served({**log.files(), "checkpoint": both}) as url:
        assert run(url, "--vkey", LOG.vkey) == 0
        assert run(url, "--vkey", OTHER_LOG.vkey) == 0
        assert run(url, "--vkey", OTHER_LOG.vkey, "--vkey", LOG.vkey) == 0
    with served({**log.files(), "checkpoint": forged}) as url:
        assert run(url, "--vkey", LOG.vkey) == 0
        assert run(url, "--vkey", LOG.vkey, "--vkey", OTHER_LOG.vkey) == 1


def test_a_quorum_counts_witnesses_that_signed(capsys: pytest.CaptureFixture[str]) -> None:
    log = built(3)
    with served(log.files()) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "3")
    assert (code, answer["code"]) == (1, "quorum-missed")

    again = log.checkpoint(witnesses=1) + WITNESSES[0].cosign(log.text(), second=7).encode()
    with served({**log.files(), "checkpoint": again}) as url:
        assert run(url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "1") == 0
        assert run(url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "2") == 1


def test_lines_of_kinds_that_nobody_knows_are_passed_over() -> None:
    log = built(3)
    foreign = "— post-quantum.example " + "QUJD" * 810 + "\n"
    with served({**log.files(), "checkpoint": log.checkpoint() + foreign.encode()}) as url:
        assert run(url, "--vkey", LOG.vkey, *ALL_WITNESSES, "--quorum", "2") == 0


def test_a_log_continues_the_head_kept_from_before(tmp_path: Path) -> None:
    log, kept = built(600), tmp_path / "head"
    with served({**log.files(), "checkpoint": log.checkpoint()}) as url:
        for size in (0, 1, 255, 256, 257, 512, 600):
            kept.write_bytes(log.checkpoint(size))
            assert run(url, "--vkey", LOG.vkey, "--since", str(kept)) == 0, size


def test_a_log_that_rewrote_its_past_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, kept = built(300), tmp_path / "head"
    with served(first.files()) as url:
        assert run(url, "--vkey", LOG.vkey, "--save", str(kept)) == 0
    assert kept.read_bytes() == first.checkpoint()

    rewritten = BuiltLog([*first.openings[:299], *built(5).openings])
    with served(rewritten.files()) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey, "--since", str(kept))
    assert (code, answer["code"], answer["where"]["what"]) == (1, "root-differs", "since")

    shrunk = BuiltLog(first.openings[:299])
    with served(shrunk.files()) as url:
        code, answer = told(capsys, url, "--vkey", LOG.vkey, "--since", str(kept))
    assert (code, answer["code"]) == (1, "log-shrank")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n3\n", "\n\t3\n", "note-not-text"),
        ("\n3\n", "\n3\r\n", "note-not-text"),
        ("\n\n", "\n", "note-unsigned"),
        (f"— {WITNESSES[0].name} ", "— a+b ", "note-signature-unreadable"),
        (f"— {WITNESSES[0].name} ", f"—  {WITNESSES[0].name} ", "note-signature-unreadable"),
        (f"— {WITNESSES[0].name} ", f"- {WITNESSES[0].name} ", "note-signature-unreadable"),
    ],
)
def test_a_head_must_be_spelt_as_a_signed_note(
    old: str, new: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = built(3)
    head = log.checkpoint().decode()
    assert old in head
    with served({**log.files(), "checkpoint": head.replace(old, new).encode()}) as url:
        exit_code, answer = told(capsys, url, "--vkey", LOG.vkey)

    assert (exit_code, answer["code"]) == (1, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{origin}\n3\n{root}\nanother line\n", "checkpoint-lines"),
        ("{origin}\n03\n{root}\n", "checkpoint-unreadable"),
        ("{origin}\n-3\n{root}\n", "checkpoint-unreadable"),
        ("{origin}\n99999999999999999999\n{root}\n", "checkpoint-unreadable"),
        ("{origin}\n3\nAAAA\n", "checkpoint-unreadable"),
        ("{origin}\n0\n{root}\n", "root-differs"),
        ("another.example/log\n3\n{root}\n", "origin-differs"),
    ],
)
def test_a_signed_head_must_be_one_of_this_log(
    text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = built(3)
    origin, _size, root, _end = log.text().split("\n")
    head = text.format(origin=origin, root=root)
    with served({**log.files(), "checkpoint": f"{head}\n{LOG.line(head)}".encode()}) as url:
        exit_code, answer = told(capsys, url, "--vkey", LOG.vkey)

    assert (exit_code, answer["code"]) == (1, code)
