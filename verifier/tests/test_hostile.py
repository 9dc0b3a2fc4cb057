"""Servers that mean ill, or are ill: a sentence each, bounded, and no trace."""

import gzip
import json
import socket
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_builder import LOG, WITNESSES, Answer, Signer, built, served

from reciproca_verifier import remote
from reciproca_verifier.main import main

FILES = built(300).files()
NOWHERE = "http://127.0.0.1:9/log"
STRANGER = Signer("another.example/log", 1, 3)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAUSE_S", 0)


def told(capsys: pytest.CaptureFixture[str], url: str, *more: str) -> tuple[int, dict[str, Any]]:
    code = main([url, "--vkey", LOG.vkey, "--json", "--lang", "it", *more])
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    answer: dict[str, Any] = json.loads(out.out)
    return code, answer


def answers(path: str, *, status: int = 200, body: bytes = b"", **headers: str) -> Any:
    """Return what `served` wants, to answer one path oddly."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked: (status, named, body) if asked == path else None


@pytest.mark.parametrize(
    ("path", "code"),
    [("checkpoint", "too-long"), ("tile/0/000", "too-long"), ("tile/entries/000", "too-long")],
)
def test_a_body_without_end_is_cut_off(
    path: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = answers(path, body=bytes(3_000_000), Content_Length=str(10**15))
    with served(FILES, odd) as url:
        exit_code, answer = told(capsys, url)

    assert (exit_code, answer["code"]) == (1, code)


def test_a_small_body_that_unpacks_to_a_huge_one_is_cut_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bomb = gzip.compress(bytes(5_000_000))
    assert len(bomb) < 8192
    with served(FILES, answers("tile/0/000", body=bomb, Content_Encoding="gzip")) as url:
        exit_code, answer = told(capsys, url)

    assert (exit_code, answer["code"]) == (1, "too-long")


def test_compressed_bundles_are_read_and_broken_ones_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    packed = gzip.compress(FILES["tile/entries/000"])
    with served(FILES, answers("tile/entries/000", body=packed, Content_Encoding="gzip")) as url:
        assert told(capsys, url)[0] == 0
    for broken in (packed[:-3], b"", b"no gzip", packed[:20] + b"xx" + packed[22:]):
        odd = answers("tile/entries/000", body=broken, Content_Encoding="gzip")
        with served(FILES, odd) as url:
            exit_code, answer = told(capsys, url)
        assert (exit_code, answer["code"]) == (1, "not-gzip")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000"])
def test_a_redirect_is_told_and_not_followed(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def elsewhere(name: str) -> Answer | None:
        asked.append(name)
        return None

    with served(FILES, elsewhere) as other:
        odd = answers(path, status=302, Location=f"{other}/{path}")
        with served(FILES, odd) as url:
            exit_code, answer = told(capsys, url)

    assert (exit_code, answer["code"]) == (2, "redirected")
    assert f"altrove, a {other}/{path}" in answer["message"]
    assert asked == []


def test_a_server_in_trouble_is_tried_again_and_then_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failures = {"tile/0/000": 2, "tile/entries/000": 1}

    def sometimes(name: str) -> Answer | None:
        failures[name] = failures.get(name, 0) - 1
        return (503, {}, b"busy") if failures[name] >= 0 else None

    with served(FILES, sometimes) as url:
        assert told(capsys, url)[0] == 0
    with served(FILES, answers("tile/0/000", status=503)) as url:
        exit_code, answer = told(capsys, url)
    assert (exit_code, answer["code"]) == (2, "unreachable")
    assert "HTTP 503" in answer["message"]


def test_where_no_log_is_nothing_is_said_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with served({}) as url:
        exit_code, answer = told(capsys, url)
    assert (exit_code, answer["code"]) == (2, "no-log-there")

    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        exit_code, answer = told(capsys, url)
    assert (exit_code, answer["code"]) == (2, "unreachable")


@pytest.mark.parametrize(
    "spoken",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 999999 \xff\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_as_trouble_of_the_network(
    spoken: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            for _ in range(remote.TRIES):
                connection, _peer = server.accept()
                # Who has read enough hangs up.
                with connection, suppress(OSError):
                    connection.recv(4096)
                    connection.sendall(spoken)

        speaker = Thread(target=speak, daemon=True)
        speaker.start()
        exit_code, answer = told(capsys, f"http://127.0.0.1:{server.getsockname()[1]}/log")
        speaker.join(5)

    assert (exit_code, answer["code"]) == (2, "unreachable")


def test_a_server_that_drips_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(remote, "DEADLINE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        exit_code, answer = told(capsys, f"http://127.0.0.1:{silent.getsockname()[1]}/log")

    assert (exit_code, answer["code"]) == (2, "unreachable")


def test_whoever_interrupts_is_told_that_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(remote.Remote, "checkpoint", interrupted)
    assert main([NOWHERE, "--vkey", LOG.vkey, "--lang", "it"]) == 2
    assert capsys.readouterr().err == "✗ Interrotto: non si sa ancora nulla.\n"


def test_what_a_stranger_writes_does_not_move_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    odd = answers("checkpoint", status=302, Location="http://a.example/\x1b[2J\x9b31m" + "a" * 5000)
    with served(FILES, odd) as url:
        assert main([url, "--vkey", LOG.vkey, "--lang", "en"]) == 2

    said = capsys.readouterr().err
    assert said[:-1].isprintable()
    assert len(said) < 500


@settings(max_examples=200)
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_head_at_all_is_refused_with_a_sentence(body: bytes) -> None:
    with served({**FILES, "checkpoint": body}) as url:
        assert main([url, "--vkey", LOG.vkey, "--lang", "en"]) == 1


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["ftp://coop.example/log", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://[::1/log", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://a.example:port/", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://a.example/x y", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://a.example/?x", "--vkey", LOG.vkey], "url-unreadable"),
        (["http://ada:secret@a.example/", "--vkey", LOG.vkey], "url-unreadable"),
        ([NOWHERE, "--vkey", "nonsense"], "vkey-unreadable"),
        ([NOWHERE, "--vkey", LOG.vkey[:-2]], "vkey-unreadable"),
        ([NOWHERE, "--vkey", LOG.vkey.replace("coop", "coap")], "vkey-unreadable"),
        ([NOWHERE, "--vkey", "a\udcffb+00000000+AAAA"], "vkey-unreadable"),
        ([NOWHERE, "--vkey", WITNESSES[0].vkey], "vkey-other-kind"),
        ([NOWHERE, "--vkey", LOG.vkey, "--vkey", STRANGER.vkey], "vkeys-of-two-logs"),
        ([NOWHERE, "--vkey", LOG.vkey, "--witness", LOG.vkey], "vkey-other-kind"),
        ([NOWHERE, "--vkey", LOG.vkey, "--quorum", "1"], "quorum-impossible"),
        ([NOWHERE, "--vkey", LOG.vkey, "--quorum", "-1"], "quorum-impossible"),
        ([NOWHERE, "--vkey", LOG.vkey, *["--witness", WITNESSES[0].vkey] * 2], "witness-twice"),
        ([NOWHERE, "--vkey", LOG.vkey, "--since", "/nowhere/at/all"], "file-unreadable"),
    ],
)
def test_a_wrong_call_asks_nobody_and_ends_with_two(
    call: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*call, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code


@pytest.mark.parametrize(
    "call",
    [
        ["--vkey", LOG.vkey],
        ["http://a.example/"],
        ["--vkey", LOG.vkey, "--proof", "x", "--payload", "y"],
        ["--vkey", LOG.vkey, "--proof", "x", "--since", "y"],
        ["http://a.example/", "--vkey", LOG.vkey, "--quorum", "many"],
    ],
)
def test_a_call_that_lacks_something_is_told_as_it_was_asked_for(
    call: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*call, "--json"])

    assert ended.value.code == 2
    assert json.loads(capsys.readouterr().out)["code"] == "called-wrongly"
