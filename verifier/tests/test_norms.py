"""The norms' own vectors, and the tree against their definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_builder import BuiltLog, Opened, address, mth, path

from reciproca_verifier.note import NOTE_KEY, read_key, read_note
from reciproca_verifier.proof import Opening
from reciproca_verifier.tree import Tile, leaf_hash, root_from_inclusion, root_of, tiles_of

# The leaves and roots that implementations of RFC 6962 have shared since the first.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
    "ngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

COMMITTED = [
    (
        "1b6765116268f2a7a5391eba25fc836edc849d0096e871e5bb9a45f0893c7be5",
        "0154a487d560770c1481393756e25cb3f4880f5aae85c2f9f496a056a7f2ca2a10e0",
    ),
    (
        "8bf592d9b59e20fddf232254d1874a19f9dded846fa3c006f82c0ddb1581bb1a",
        "015490b59a2a109ba3978494cf0da69d1e6af47dfcf79fd734a14554553e86f015ac",
    ),
    (
        "2b5f8b2129d5739b00c82bb1ce97d886ae26af6fede04c2c3b9d806078f3760e",
        "0154a2a36ef4351d845f6529dc57d9e9f5b4002a628eb5ed437198a0d448d7c1b76d",
    ),
    (
        "33db60e88f9d60b33025c13ebb81d88099f183f8fe1e2060bd0035d77646bf9f",
        "0154fab6db59559e9367b398e01f6814955e5882d19a0d3cec2036d5a4eaa5f08400",
    ),
    (
        "badc64f1d54618cb1c4b6b1893a9a198ee7870053ae1c63760605deeadcb648d",
        "0154601281d7d65befb869a4914ee832d75a84f7df508a935e57a6ed4c6c7347e08e",
    ),
]
COMMITTED_ROOT = "b22f74664baffe28ced505ba5546b5651e960691def601d8641baa7e8a501f2c"


def hashed(entries: list[bytes]) -> list[list[bytes]]:
    """The right edge of a tree of at most 256 entries, as `root_of` wants it."""
    return [[leaf_hash(entry) for entry in entries]]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_rfc_6962(size: int) -> None:
    assert root_of(hashed(LEAVES[:size])).hex() == ROOTS[size]


def test_a_commitment_is_hmac_of_the_payload_under_its_salt() -> None:
    openings = [
        Opening(
            salt=bytes.fromhex(salt),
            payload=(
                f'{{"id":"01920000-0000-7000-8000-{at:012}","kind":"T",'
                f'"member_cents":{at * 100},"v":1}}'
            ).encode(),
        )
        for at, (salt, _entry) in enumerate(COMMITTED, 1)
    ]
    entries = [opening.entry() for opening in openings]

    assert [entry.hex() for entry in entries] == [entry for _salt, entry in COMMITTED]
    assert root_of(hashed(entries)).hex() == COMMITTED_ROOT


def test_a_note_that_other_software_signed() -> None:
    note = read_note(NOTE.encode(), what="checkpoint")
    key = read_key(NOTE_VKEY, kind=NOTE_KEY)
    [made] = note.by(key)

    assert key.signed(note.text.encode(), made)
    assert not key.signed(note.text.encode() + b"\n", made)


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=300), st.data())
def test_an_inclusion_proof_leads_to_the_root_and_any_other_does_not(
    entries: list[bytes], data: st.DataObject
) -> None:
    size, root = len(entries), mth(entries)
    index = data.draw(st.integers(0, size - 1))
    way = path(index, entries)
    leaf = leaf_hash(entries[index])

    assert root_from_inclusion(leaf=leaf, index=index, size=size, path=way) == root
    assert root_from_inclusion(leaf=leaf, index=index, size=size, path=[*way, root]) is None
    assert root_from_inclusion(leaf=leaf, index=index, size=size, path=way[:-1]) is None or not way
    assert root_from_inclusion(leaf=leaf_hash(b"other"), index=index, size=size, path=way) != root


def test_the_tiles_of_seventy_thousand_are_those_of_the_norm() -> None:
    tiles = list(tiles_of(70_000))
    level_0 = [tile for tile in tiles if tile.level == 0]

    assert [tile.width for tile in level_0] == [256] * 273 + [112]
    assert [tile for tile in tiles if tile.level and tile.level > 0] == [
        Tile(1, 0, 256),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert [tile for tile in tiles_of(256) if tile.level == 1] == [Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 10**10))
def test_the_address_of_a_tile_has_three_digits_an_element(index: int) -> None:
    assert Tile(0, index, 256).path == f"tile/0/{address(index)}"
    assert Tile(None, index, 7).path == f"tile/entries/{address(index)}.p/7"


def test_the_addresses_that_the_norm_gives() -> None:
    assert Tile(3, 1_234_067, 256).path == "tile/3/x001/x234/067"


def test_the_builder_serves_what_the_verifier_asks_for() -> None:
    log = BuiltLog([Opened(bytes(32), b'{"kind":"T"}')] * 600)

    assert {tile.path for tile in tiles_of(600)} == log.files().keys() - {"checkpoint"}
