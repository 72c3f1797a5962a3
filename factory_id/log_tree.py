"""The tree of the log of changes, worked out anew: RFC 9162, section 2.1. Shares no line with the service."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().digest()


def leaf(content: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf, and knows its root at every step: it keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        """Nothing is in it."""
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """One more leaf."""
        joined, size = leaf_hash, self.size
        while size & 1:
            joined, size = node(self._peaks.pop(), joined), size >> 1
        self._peaks.append(joined)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY
        *others, found = self._peaks
        for each in reversed(others):
            found = node(each, found)
        return found


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Tree()
    for each in leaves:
        tree.add(each)
    return tree.root


def is_beginning(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof of consistency shows that the tree of ``old`` leaves is the beginning of that of ``new``."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for each in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node(each, first), node(each, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, each)
        at, last = at >> 1, last >> 1
    return not last and first == old_root and second == new_root
