"""Merkle trees as RFC 6962 and RFC 9162 (section 2.1) hash them: a leaf after the byte 0, a node after the byte 1.

A proof is a list of hashes of stretches of the log, each ``[start, end)``; ``inclusion_path`` and ``consistency_path``
say which. Who keeps the whole log hashes its leaves; who keeps hashes of perfect subtrees needs only few of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Range = tuple[int, int]
Subtree = Callable[[int, int], bytes]
"""The hash of the perfect subtree of ``2**level`` leaves that is the ``index``-th of its size."""

EMPTY = hashlib.sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    layer = list(leaves)
    if not layer:
        return EMPTY
    while len(layer) > 1:
        joined = [node_hash(layer[at], layer[at + 1]) for at in range(0, len(layer) - 1, 2)]
        layer = joined + layer[2 * len(joined) :]  # an odd one goes up as it is
    return layer[0]


def inclusion_path(index: int, size: int) -> tuple[Range, ...]:
    """The stretches whose hashes prove that an entry is in the tree of the first ``size``, the nearest first."""
    if not 0 <= index < size:
        raise ValueError("an entry of the tree")
    start, end, path = 0, size, list[Range]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int) -> tuple[Range, ...]:
    """The stretches whose hashes prove that the first ``old`` entries of a tree of ``new`` are what they were."""
    if not 0 < old <= new:
        raise ValueError("a tree, and a larger one")
    start, end, path = 0, new, list[Range]()
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:
        path.append((start, end))
    return tuple(reversed(path))


def nodes(stretch: Range) -> list[tuple[int, int]]:
    """The perfect subtrees, as level and index, that make up a stretch of a path, from left to right."""
    start, end = stretch
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def stretch_hash(stretch: Range, subtree: Subtree) -> bytes:
    """The hash of a stretch of a path (or of the whole tree), from those of perfect subtrees."""
    *others, last = [subtree(level, index) for level, index in nodes(stretch)] or [EMPTY]
    for each in reversed(others):
        last = node_hash(each, last)
    return last


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether a proof shows that a leaf hash stands at ``index`` of the tree with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of ``old`` entries is the beginning of that of ``new`` (2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not hashes:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two that is less than ``size``."""
    return 1 << (size - 1).bit_length() - 1
