from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.transparency.rules import notes
from reciproca.transparency.rules.notes import COSIGNATURE, ED25519, Checkpoint, NoteMalformed

ORIGIN = "example.org/log/valli"
HEAD = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))


def signed(head: Checkpoint = HEAD) -> tuple[notes.Signer, str]:
    signer = notes.new_signer(name=ORIGIN, algorithm=ED25519)
    return signer, f"{head.text}\n{signer.sign(head.text).line}"


def test_a_checkpoint_is_signed_and_read_back() -> None:
    signer, text = signed()

    note = notes.read_note(text)

    assert notes.read_checkpoint(note.text) == HEAD
    assert signer.verifier.verifies(note.text, note.signatures[0])
    assert not signer.verifier.verifies(note.text.replace("163", "164"), note.signatures[0])


def test_a_signature_of_another_key_of_the_same_name_is_not_taken() -> None:
    _, text = signed()
    other, _ = signed()

    assert not other.verifier.verifies(HEAD.text, notes.read_note(text).signatures[0])


def test_the_norms_own_example_reads_as_it_was_meant() -> None:
    note = notes.read_note(
        "example.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
        "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX"
        "3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )

    assert notes.read_checkpoint(note.text).size == 20_852_163
    assert [each.key_id.hex() for each in note.signatures] == ["033de0ae", "8d66cf3f"]
    assert note.signatures[1].signed_at == 1_679_315_147


def test_a_witness_signs_the_time_with_the_text() -> None:
    witness = notes.new_signer(name="witness.example/w1", algorithm=COSIGNATURE)

    cosigned = witness.cosign(HEAD.text, at=1_679_315_147)

    assert witness.verifier.verifies(HEAD.text, cosigned)
    later = cosigned.content[:7] + bytes([cosigned.content[7] ^ 1]) + cosigned.content[8:]
    moved = notes.Signature(cosigned.name, cosigned.key_id, later)
    assert not witness.verifier.verifies(HEAD.text, moved)


@pytest.mark.parametrize("algorithm", [ED25519, COSIGNATURE])
def test_keys_are_written_and_read_back(algorithm: int) -> None:
    signer = notes.new_signer(name=ORIGIN, algorithm=algorithm)

    assert notes.read_signer(signer.written()) == signer
    assert notes.read_verifier(str(signer.verifier)) == signer.verifier


def test_a_key_of_a_type_that_we_cannot_check_is_read_and_never_verifies() -> None:
    verifier = notes.Verifier("pq.example", notes.POST_QUANTUM, bytes(1_312))

    assert notes.read_verifier(str(verifier)) == verifier
    made = notes.Signature(verifier.name, verifier.key_id, bytes(2_428))
    assert not verifier.verifies(HEAD.text, made)


def test_a_signature_a_line_is_a_proof_of_the_norm() -> None:
    _, text = signed()

    written = notes.written_proof(index=7, proof=[bytes(32)], note=text)

    assert written.startswith(
        "c2sp.org/tlog-proof@v1\nindex 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    )
    assert written.endswith(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— b c",
        "a\n\n— b c\n",
        "a\n\n- b AAAAAAA=\n",
        "a\n\n— b+c AAAAAAA=\n",
        "a\n\n— b AAAAAAA=\n\n",
        "a\r\n\n— b AAAAAAA=\n",
        "a\n\n— b AAAAAAB=\n",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        notes.read_note(text)


@pytest.mark.parametrize(
    "text", ["", "o\n1\n", "\n1\nAA==\n", "o\n01\n" + "A" * 43 + "=\n", "o\n-1\nAA==\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        notes.read_checkpoint(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\tbed"])
def test_a_name_that_notes_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(NoteMalformed):
        notes.new_signer(name=name, algorithm=ED25519)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (notes.read_note, notes.read_checkpoint, notes.read_signer, notes.read_verifier):
        with suppress(NoteMalformed):
            read(text)
