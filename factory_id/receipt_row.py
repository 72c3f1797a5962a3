"""One row of a list that was checked, proved by itself: RFC 9162, sections 2.1.3.1 and 2.1.3.2."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from factory_id.log_tree import leaf, node, root


def canonical(row: Any) -> bytes:
    """The bytes of a row that are hashed."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def cut_out(token: str, rows: Sequence[Any], number: int) -> dict[str, Any]:
    """A row, counted from 1, with the receipt and the hashes beside it: no other row can be read in that."""
    leaves = [leaf(canonical(row)) for row in rows]
    path = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in _path(number - 1, leaves)]
    return {"receipt": token, "number": number, "row": rows[number - 1], "proof": path}


def holds(told: dict[str, Any], size: int, expected: str) -> bool:
    """Whether that row stood at its place in the list of so many rows that the receipt speaks of."""
    try:
        path = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in told["proof"]]
        number, found = told["number"], leaf(canonical(told["row"]))
    except (KeyError, TypeError, ValueError, binascii.Error):
        return False
    if type(number) is not int or not 1 <= number <= size:
        return False
    at = number - 1
    last = size - 1
    for each in path:
        if not last:
            return False
        if at & 1 or at == last:
            found = node(each, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, each)
        at, last = at >> 1, last >> 1
    return not last and base64.urlsafe_b64encode(found).decode().rstrip("=") == expected


def _path(at: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if at < half:
        return [*_path(at, leaves[:half]), root(leaves[half:])]
    return [*_path(at - half, leaves[half:]), root(leaves[:half])]
