"""How standards become the JSON of items, and back: the same body in the registry and on the public page of the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.domain.standard import Card, Criterion, Degree, Fact, Kind, Source, Standard, card
from chalicelib.store.codec import Body, to_json

_Told = TypeVar("_Told")


def to_body(standard: Standard) -> Body:
    """A standard as JSON. What is not known is left out."""
    body: Body = to_json(standard)
    del body["version"]
    return _named(body)


def standard(standard_id: str, body: Body, version: int = 0) -> Standard:
    """A standard. A body of before the map has names only."""
    return Standard(
        standard_id=standard_id,
        name=body["name"],
        owner=body.get("owner", ""),
        short_name=body.get("short_name"),
        website=body.get("website"),
        kind=_kind(body),
        summary=body.get("summary"),
        sectors=tuple(body.get("sectors", ())),
        countries=tuple(body.get("countries", ())),
        facts=_each(body, "facts", lambda each: Fact(each["topic"], each["text"], source(each["source"]))),
        criteria=_each(body, "criteria", _criterion),
        sources=_each(body, "sources", source),
        reviewed=body.get("reviewed"),
        reviewed_by=body.get("reviewed_by"),
        version=version,
    )


def to_card(standard: Standard) -> Body:
    """The card of a standard as JSON."""
    return _named(to_json(card(standard)))


def public_card(body: Body) -> Card:
    """A card of the map."""
    return Card(
        standard_id=body["id"],
        name=body["name"],
        owner=body["owner"],
        short_name=body.get("short_name"),
        kind=_kind(body),
        sectors=tuple(body.get("sectors", ())),
        countries=tuple(body.get("countries", ())),
        topics={topic: Degree(degree) for topic, degree in body.get("topics", {}).items()},
        reviewed=body.get("reviewed"),
        reviewed_by=body.get("reviewed_by"),
    )


def source(body: Body) -> Source:
    """Where something is to be read."""
    return Source(body["title"], body.get("url"))


def _criterion(body: Body) -> Criterion:
    return Criterion(body["topic"], Degree(body["degree"]), source(body["source"]), body.get("title"))


def _kind(body: Body) -> Kind | None:
    return Kind(body["kind"]) if body.get("kind") else None


def _each(body: Body, name: str, read: Callable[[Body], _Told]) -> tuple[_Told, ...]:
    return tuple(read(each) for each in body.get(name, ()))


def _named(body: Body) -> Body:
    known: Body = _known({"id": body.pop("standard_id"), **body})
    return known


def _known(value: Any) -> Any:
    """Without members that say nothing."""
    if isinstance(value, dict):
        return {name: _known(each) for name, each in value.items() if each not in (None, [], {})}
    return [_known(each) for each in value] if isinstance(value, list) else value
