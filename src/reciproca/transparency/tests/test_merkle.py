"""Trees against RFC 6962's own definition and the vectors that logs of certificates share."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.transparency.rules import merkle, tiles

LEAVES = [
    bytes.fromhex(text)
    for text in (
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

Sizes = st.integers(min_value=1, max_value=600)


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def by_definition(leaves: list[bytes]) -> bytes:
    """Return the root as the norm defines it, splitting from above."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_definition(leaves[:split]), by_definition(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


def of(leaves: list[bytes]) -> merkle.Subtree:
    return lambda height, index: merkle.root(leaves[index << height : (index + 1) << height])


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_shared_vectors(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(each) for each in LEAVES[:size]]).hex() == ROOTS[size]


def test_every_size_to_600_has_the_root_of_the_definition_also_when_grown_in_tiles() -> None:
    leaves, kept, root = hashes(600), dict[tiles.Tile, bytes](), merkle.EMPTY_ROOT
    for size in range(601):
        expected = by_definition(leaves[:size])
        assert merkle.root(leaves[:size]) == root == expected, size
        partial = {tile: kept[tile] for tile in tiles.edge(size)}
        grown = tiles.grow(size=size, partial=partial, leaves=leaves[size : size + 1])
        kept |= grown.tiles
        root = grown.root


def test_tiles_hold_at_the_sizes_where_a_level_fills() -> None:
    leaves = hashes(65_538)
    kept = dict(tiles.grow(size=0, partial={}, leaves=leaves[:65_535]).tiles)
    for size in (65_535, 65_536, 65_537):
        partial = {tile: kept[tile] for tile in tiles.edge(size)}
        assert tiles.root(size=size, partial=partial) == merkle.root(leaves[:size])
        for old in (1, 255, 256, 257, 65_534, size - 1):
            read = tiles.subtree_of(kept.__getitem__)
            proof = [
                merkle.hash_of(each, read) for each in merkle.consistency_ranges(old=old, new=size)
            ]
            roots = merkle.root(leaves[:old]), merkle.root(leaves[:size])
            assert roots == merkle.roots_by_consistency(
                old=old, new=size, old_root=roots[0], proof=proof
            )
        kept |= tiles.grow(size=size, partial=partial, leaves=leaves[size : size + 1]).tiles
    assert tiles.edge(65_537) == [(0, 256), (2, 0)]
    assert {level: tiles.width(65_537, level) for level in range(3)} == {0: 1, 1: 0, 2: 1}


@given(st.lists(st.integers(min_value=0, max_value=700), min_size=1, max_size=5))
def test_batches_of_any_size_grow_the_same_tree(batches: list[int]) -> None:
    leaves, kept, size = hashes(sum(batches)), dict[tiles.Tile, bytes](), 0
    for batch in batches:
        partial = {tile: kept[tile] for tile in tiles.edge(size)}
        grown = tiles.grow(size=size, partial=partial, leaves=leaves[size : size + batch])
        kept |= grown.tiles
        size += batch
        assert grown.root == merkle.root(leaves[:size])
    at_once = tiles.grow(size=0, partial={}, leaves=leaves)
    assert kept == at_once.tiles


@given(st.data(), Sizes)
def test_a_proof_of_inclusion_leads_to_the_root_and_a_changed_byte_does_not(
    data: st.DataObject, size: int
) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    leaves = hashes(size)
    ranges = merkle.inclusion_ranges(index=index, size=size)
    proof = [merkle.hash_of(each, of(leaves)) for each in ranges]
    root = merkle.root(leaves)

    def led(leaf: bytes, proof: list[bytes]) -> bytes:
        return merkle.root_by_inclusion(leaf=leaf, index=index, size=size, proof=proof)

    assert led(leaves[index], proof) == root
    assert led(merkle.leaf_hash(b"another"), proof) != root
    for number, each in enumerate(proof):
        changed = [*proof[:number], bytes([each[0] ^ 1]) + each[1:], *proof[number + 1 :]]
        assert led(leaves[index], changed) != root
    with pytest.raises(merkle.ProofWrong):
        led(leaves[index], [*proof, root])


@given(st.data(), Sizes)
def test_a_proof_of_consistency_leads_to_both_roots(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(min_value=0, max_value=new))
    leaves = hashes(new)
    ranges = merkle.consistency_ranges(old=old, new=new)
    proof = [merkle.hash_of(each, of(leaves)) for each in ranges]
    if old in (0, new):
        assert proof == []
        return
    roots = merkle.root(leaves[:old]), merkle.root(leaves)
    assert roots == merkle.roots_by_consistency(old=old, new=new, old_root=roots[0], proof=proof)
    other = merkle.leaf_hash(b"another history")
    assert roots != merkle.roots_by_consistency(
        old=old, new=new, old_root=roots[0], proof=[*proof[:-1], other]
    )
    with pytest.raises(merkle.ProofWrong):
        merkle.roots_by_consistency(old=old, new=new, old_root=roots[0], proof=proof[:-1])


@given(Sizes, st.data())
def test_the_tiles_of_a_proof_are_those_that_it_reads(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    kept = tiles.grow(size=0, partial={}, leaves=hashes(size)).tiles
    ranges = merkle.inclusion_ranges(index=index, size=size)
    needed = tiles.tiles_of(ranges)
    read = tiles.subtree_of(lambda tile: {each: kept[each] for each in needed}[tile])
    proof = [merkle.hash_of(each, read) for each in ranges]
    assert merkle.root_by_inclusion(
        leaf=hashes(size)[index], index=index, size=size, proof=proof
    ) == merkle.root(hashes(size))


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (67, "067"), (1_000, "x001/000"), (1_234_067, "x001/x234/067")],
)
def test_a_tiles_address_is_in_groups_of_three_digits(number: int, path: str) -> None:
    assert tiles.path(number) == path
    assert tiles.number_of(path) == number


@pytest.mark.parametrize("path", ["", "1", "x000/067", "067/001", "x1/067", "x001", "0000", "٠٠١"])
def test_another_spelling_is_no_address(path: str) -> None:
    assert tiles.number_of(path) is None


def test_only_what_a_size_covers_is_published() -> None:
    # The example of the norm: 70,000 leaves.
    shown = [
        (0, 272, 256, True),
        (0, 273, 112, True),
        (0, 273, 113, False),
        (1, 0, 256, True),
        (1, 1, 17, True),
        (1, 1, 18, False),
        (2, 0, 1, True),
        (2, 0, 2, False),
        (3, 0, 1, False),
        (0, 0, 0, False),
    ]
    for level, number, wide, expected in shown:
        found = tiles.is_published(size=70_000, tile=(level, number), wide=wide)
        assert found is expected, (level, number, wide)
    assert [tiles.width(70_000, level) for level in range(4)] == [112, 17, 1, 0]
    assert all(lower < higher for lower, higher in pairwise(tiles.edge(70_000)))
