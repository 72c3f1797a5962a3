"""What became of a factory, as staff put it on record: merged, moved, closed, open again. Each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_fields
from chalicelib.domain.lifecycle import PLACE
from chalicelib.internal import access, body, profiles
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import lifecycle as store
from chalicelib.store.registry.factories import Held
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000
Action = Callable[[Caller, str, Any], Held]


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/merge", scope="staff")
def post_merge(call: Call, factory_id: str) -> Response:
    """Merge a record into another of the same factory: its code leads there from now on, and it keeps what it holds."""
    return _answer(merge, call, factory_id)


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/unmerge", scope="staff")
def post_unmerge(call: Call, factory_id: str) -> Response:
    """Undo a merge: both records show what they showed before."""
    return _answer(unmerge, call, factory_id)


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/move", scope="staff")
def post_move(call: Call, factory_id: str) -> Response:
    """Give a factory another address under its ID, or let its ID lead to that of another place (``into``)."""
    return _answer(move, call, factory_id)


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/close", scope="staff")
def post_close(call: Call, factory_id: str) -> Response:
    """Put on record that a factory closed. Its page stays, and says so."""
    return _answer(close, call, factory_id)


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/reopen", scope="staff")
def post_reopen(call: Call, factory_id: str) -> Response:
    """Put on record that a factory is open: after it closed, or when its move need not be told any more."""
    return _answer(reopen, call, factory_id)


def merge(caller: Caller, factory_id: str, given: Any) -> Held:
    """As ``post_merge``, of what a body or form says."""
    read = body.read(given, {"into": body.code(identity.parse_factory_id), "reason": reason})
    return store.merge(factory_id, read["into"], read["reason"], clock.today(), caller.actor)


def unmerge(caller: Caller, factory_id: str, given: Any) -> Held:
    """As ``post_unmerge``."""
    return store.unmerge(factory_id, body.read(given, {"reason": reason})["reason"], caller.actor)


def move(caller: Caller, factory_id: str, given: Any) -> Held:
    """As ``post_move``."""
    place: dict[str, body.Check] = {name: _field(name) for name in PLACE}
    into: dict[str, body.Check] = {"into": body.code(identity.parse_factory_id), "effective": _past_day}
    read = body.read(given, {"reason": reason}, {**place, **into})
    day = read["effective"] or clock.today()
    said = {name: read[name] for name in PLACE if read[name] is not None}
    if read["into"] is None:
        return store.move(factory_id, said, day, read["reason"], caller.actor)
    if said:
        faults = [Fault(f"/{name}", "goes onto the record that it moved to") for name in said]
        raise Malformed("Give another ID or an address, not both.", faults)
    return store.move_into(factory_id, read["into"], day, read["reason"], caller.actor)


def close(caller: Caller, factory_id: str, given: Any) -> Held:
    """As ``post_close``."""
    read = body.read(given, {"reason": reason}, {"effective": _past_day})
    return store.close(factory_id, read["effective"], clock.today(), read["reason"], caller.actor)


def reopen(caller: Caller, factory_id: str, given: Any) -> Held:
    """As ``post_reopen``."""
    return store.reopen(factory_id, body.read(given, {"reason": reason})["reason"], caller.actor)


ACTIONS: Mapping[str, Action] = {
    "merge": merge,
    "unmerge": unmerge,
    "move": move,
    "close": close,
    "reopen": reopen,
}
"""What staff can do, by the word at the end of its address."""


def reason(value: Any) -> str:
    """Why: a sentence that the history keeps for ever."""
    return text.clean(value, text.LONG)


def _field(name: str) -> body.Check:
    def check(value: Any) -> Any:
        cleaned, faults = clean_fields({name: value}, "")
        if faults:
            raise Malformed(faults[0].detail)
        return cleaned[name]

    return check


def _past_day(value: Any) -> date:
    day = body.day(value)
    if day > clock.today():
        raise Malformed("lies after today (UTC): put it on record when it has happened")
    return day


def _answer(action: Action, call: Call, factory_id: str) -> Response:
    held = action(call.caller, identity.parse_factory_id(factory_id), call.ask.json(MOST_BYTES))
    return responses.json_response(profiles.describe(held), ETag=f'"{held.factory.version}"')
