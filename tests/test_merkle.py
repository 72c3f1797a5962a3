"""Merkle trees and their proofs: known answers of RFC 6962's own test data, its definitions, and tiles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import hash_tiles, merkle
from chalicelib.domain.hash_tiles import WIDTH, Tile

# The inputs and roots of the reference implementation of certificate transparency (merkle_tree_test.cc).
KNOWN = [
    bytes.fromhex(each)
    for each in (
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
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (leaf, size), both counted as there: the leaf from 1
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = st.integers(1, 700)


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


LEAVES = leaves(700)


def defined(stretch: Sequence[bytes]) -> bytes:
    """The root as RFC 9162 section 2.1.1 defines it, word by word."""
    if not stretch:
        return hashlib.sha256().digest()
    if len(stretch) == 1:
        return stretch[0]
    middle = 1
    while middle * 2 < len(stretch):
        middle *= 2
    return hashlib.sha256(b"\x01" + defined(stretch[:middle]) + defined(stretch[middle:])).digest()


def proof_of(stretches: Sequence[merkle.Range]) -> list[bytes]:
    return [defined(LEAVES[start:end]) for start, end in stretches]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    hashes = [merkle.leaf_hash(each) for each in KNOWN[:size]]
    assert merkle.root(hashes).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference_implementation(leaf: int, size: int) -> None:
    hashes = [merkle.leaf_hash(each) for each in KNOWN]
    made = [merkle.root(hashes[start:end]).hex() for start, end in merkle.inclusion_path(leaf - 1, size)]
    assert made == INCLUSION[leaf, size]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference_implementation(old: int, new: int) -> None:
    hashes = [merkle.leaf_hash(each) for each in KNOWN]
    made = [merkle.root(hashes[start:end]).hex() for start, end in merkle.consistency_path(old, new)]
    assert made == CONSISTENCY[old, new]


@given(SIZES)
def test_a_root_is_what_the_standard_defines(size: int) -> None:
    assert merkle.root(LEAVES[:size]) == defined(LEAVES[:size])


@given(SIZES, st.data())
def test_a_proof_of_inclusion_shows_what_is_there_and_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = proof_of(merkle.inclusion_path(index, size)), defined(LEAVES[:size])
    assert merkle.verify_inclusion(index, size, LEAVES[index], proof, root)
    assert not merkle.verify_inclusion(index, size, merkle.leaf_hash(b"false"), proof, root)
    assert not merkle.verify_inclusion(index, size, LEAVES[index], [*proof, root], root)
    assert not proof or not merkle.verify_inclusion(index, size, LEAVES[index], proof[:-1], root)
    other = data.draw(st.integers(0, size - 1))
    assert merkle.verify_inclusion(other, size, LEAVES[index], proof, root) == (other == index)
    assert not merkle.verify_inclusion(size, size, LEAVES[index], proof, root)


@given(SIZES, st.data())
def test_a_proof_of_consistency_shows_a_beginning_and_nothing_else(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = proof_of(merkle.consistency_path(old, new))
    was, now = defined(LEAVES[:old]), defined(LEAVES[:new])
    assert merkle.verify_consistency(old, new, was, now, proof)
    assert not merkle.verify_consistency(old, new, merkle.leaf_hash(b"false"), now, proof)
    assert not merkle.verify_consistency(old, new, was, merkle.leaf_hash(b"false"), proof)
    assert not merkle.verify_consistency(old, new, was, now, [*proof, now])
    if old < new:
        assert not merkle.verify_consistency(old, new, was, now, proof[:-1])
        assert not merkle.verify_consistency(new, old, now, was, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_path_to_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="an entry"):
        merkle.inclusion_path(index, size)
    for old in (0, size + 1):
        with pytest.raises(ValueError, match="a larger one"):
            merkle.consistency_path(old, size)


@given(st.lists(st.integers(1, 90), max_size=12))
def test_tiles_that_grow_step_by_step_give_every_hash_of_every_size(steps: list[int]) -> None:
    tiles: dict[Tile, bytes] = {}
    size = 0
    for step in steps:
        fresh = LEAVES[size : size + step]
        edge = {tile: tiles[tile] for tile in hash_tiles.edge(size)}
        tiles |= hash_tiles.grown(size, fresh, edge)
        size += len(fresh)
    for each in {1, size // 3, size // 2, size} - {0} if size else ():
        assert hash_tiles.hashes_of([(0, each)], tiles) == [defined(LEAVES[:each])]
        path = merkle.inclusion_path(each - 1, size)
        assert hash_tiles.hashes_of(path, tiles) == proof_of(path)
        path = merkle.consistency_path(each, size)
        assert hash_tiles.hashes_of(path, tiles) == proof_of(path)


def test_tiles_hold_together_where_two_levels_fill_at_once() -> None:
    many = [merkle.leaf_hash(number.to_bytes(4)) for number in range(WIDTH * WIDTH + 3)]
    tiles = hash_tiles.grown(0, many, {})
    assert hash_tiles.hashes_of([(0, len(many))], tiles) == [merkle.root(many)]
    assert hash_tiles.edge(len(many)) == [Tile(0, WIDTH), Tile(2, 0)]
    assert len(tiles[Tile(2, 0)]) == 32


def test_what_a_tile_holds_of_a_later_tree_is_left_out() -> None:
    tiles = {Tile(0, 0): b"".join(LEAVES[:9])}
    assert hash_tiles.grown(5, LEAVES[5:7], tiles) == {Tile(0, 0): b"".join(LEAVES[:7])}


def test_tiles_of_another_tree_are_not_added_to() -> None:
    with pytest.raises(ValueError, match="not of this tree"):
        hash_tiles.grown(5, LEAVES[:1], {Tile(0, 0): b"".join(LEAVES[:4])})
    with pytest.raises(ValueError, match="too short"):
        hash_tiles.hashes_of([(0, 4)], {Tile(0, 0): b"".join(LEAVES[:3])})


@given(st.integers(1, 10**7), st.data())
def test_a_proof_needs_a_handful_of_reads_however_long_the_log(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    levels = -(-(size - 1).bit_length() // 8) or 1
    assert len(hash_tiles.needed(merkle.inclusion_path(index, size))) <= 2 * levels
    assert len(hash_tiles.needed(merkle.consistency_path(index + 1, size))) <= 2 * levels
    assert len(hash_tiles.needed([(0, size)])) <= levels + 1
