"""The log of changes, for programs: entries, checkpoints, and proofs that the one is in the other."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, log, merkle
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.log import Entry
from chalicelib.domain.phrase import phrase
from chalicelib.public import edge
from chalicelib.store import codec, log_reader
from chalicelib.store.log_reader import Extent
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

MOST = 1000
_DIGITS = 12


@edge.document(routes, "/v1/log/checkpoint")
def checkpoint(_ask: Ask) -> Response:
    """The last checkpoint: size and root of the log, signed (JWS, ES256) where the registry signs."""
    last = log_reader.extent().checkpoint
    if last is None:
        raise NotFound("There is no checkpoint yet.")
    return _json(codec.to_json(last))


@edge.document(routes, "/v1/log/checkpoints")
def checkpoints(ask: Ask) -> Response:
    """All checkpoints, the earliest first: one a day at least."""
    after, limit = ask.query.get("after", ""), _limit(ask)
    if len(after) > 40 or not after.isascii() or not after.isprintable():
        raise Malformed("after is next_after of the page before.").at("/after")
    found = log_reader.checkpoints(after, limit)
    following = found[-1][0] if len(found) == limit else None
    return _json({"results": [codec.to_json(each) for _, each in found], "next_after": following})


@edge.document(routes, "/v1/log/entries")
def entries(ask: Ask) -> Response:
    """Entries as they were hashed, from number ``from`` on; with ``code``, those about one certificate."""
    if "code" in ask.query:
        found = log_reader.of_certificate(identity.parse_certificate_code(ask.query["code"]))
        return _json({"results": [log.body(each) for each in found], "next_from": None})
    start, limit = _number(ask, "from", 0), _limit(ask)
    found = log_reader.entries(start, limit)
    following = start + limit if len(found) == limit else None
    return _json({"results": [log.body(each) for each in found], "next_from": following})


@edge.document(routes, "/v1/log/proof/inclusion")
def inclusion(ask: Ask) -> Response:
    """Proof that an entry is in the log of a size: by its number, or by certificate code and line (its last)."""
    extent = log_reader.extent()
    found = _entry(ask)
    size = _size(ask, "size", extent)
    if found.number >= size:
        raise NotFound("This entry is in no checkpoint yet, or not in one of that size.")
    proof = log_reader.hashes(merkle.inclusion_path(found.number, size))
    return _json(
        {
            "entry": log.body(found),
            "backdated": found.backdated,
            "leaf_hash": log.leaf(found).hex(),
            "size": size,
            "proof": [each.hex() for each in proof],
            "checkpoint": _of_size(extent, size),
        }
    )


@edge.document(routes, "/v1/log/proof/consistency")
def consistency(ask: Ask) -> Response:
    """Proof that the log of a smaller size is the beginning of that of a larger one."""
    extent = log_reader.extent()
    old, new = _number(ask, "from", None), _size(ask, "to", extent)
    if not 0 < old <= new:
        raise Malformed("from is a size of the log, from 1 up to the size that to names.").at("/from")
    proof = log_reader.hashes(merkle.consistency_path(old, new))
    body = {"from": old, "to": new, "proof": [each.hex() for each in proof], "checkpoint": _of_size(extent, new)}
    return _json(body)


def _entry(ask: Ask) -> Entry:
    if "code" in ask.query:
        held = log_reader.of_certificate(identity.parse_certificate_code(ask.query["code"]))
        line = _number(ask, "line", len(held))
        found = held[line - 1 : line] if line else []
    else:
        found = log_reader.entries(_number(ask, "entry", None), 1)
    if not found:
        raise NotFound("There is no such entry.")
    return found[0]


def _size(ask: Ask, name: str, extent: Extent) -> int:
    """A size of the log: that of the last checkpoint unless one is given."""
    if name not in ask.query:
        if extent.checkpoint is None:
            raise NotFound("There is no checkpoint yet.")
        return extent.checkpoint.size
    size = _number(ask, name, None)
    if size > extent.size:
        raise NotFound("The log does not have so many entries.")
    return size


def _of_size(extent: Extent, size: int) -> dict[str, Any] | None:
    last = extent.checkpoint
    return codec.to_json(last) if last is not None and last.size == size else None


def _limit(ask: Ask) -> int:
    limit = _number(ask, "limit", 256)
    if not 1 <= limit <= MOST:
        raise Malformed(phrase("limit is a whole number from 1 to %(most)s.", most=MOST)).at("/limit")
    return limit


def _number(ask: Ask, name: str, otherwise: int | None) -> int:
    given = ask.query.get(name, "")
    if not given and otherwise is not None:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS):
        raise Malformed(phrase("%(name)s is a whole number.", name=name)).at(f"/{name}")
    return int(given)


def _json(body: Any) -> Response:
    return responses.json_response(body, cache=responses.REVALIDATE)
