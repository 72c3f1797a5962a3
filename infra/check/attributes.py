"""Which attributes an item of the public table may have. Who asks for one gets all that lies there."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.store import keys
from chalicelib.store.keys import Key
from chalicelib.store.public_table import Raw
from infra.check.faults import PUBLIC, Fault, named

_KEY = frozenset({"pk", "sk"})
_BODY = _KEY | {"body"}
_ADVICE = "Find out who wrote it, and take it away: nothing of ours writes it, and anybody may read it."


def foreign(key: Key, raw: Raw) -> list[str]:
    """The attributes that an item should not have."""
    return sorted(raw.keys() - _allowed(key))


def how(names: list[str]) -> str:
    """What is said of them."""
    return "has what nothing of ours writes there: " + ", ".join(names)


def wrong_free(key: Key, raw: Raw) -> Iterator[Fault]:
    """Of an item that comes from no single record: named, for nothing tells what it should be."""
    names = foreign(key, raw)
    if names:
        yield Fault(PUBLIC, named(key), how(names), advice=_ADVICE)


def _allowed(key: Key) -> frozenset[str]:
    kind = key.pk.partition("#")[0]
    if kind == "NUMBER":
        return _KEY | {"confirmed", "declared"}
    if key.sk == keys.PAGE and kind in ("FACTORY", "CERTIFICATE"):
        return _BODY | {"credential", "code"}
    if key.sk == keys.PAGE and kind in ("PRODUCT", "STATUS_LIST"):
        return _BODY | {"credential"}
    return _BODY
