"""For staff: finding any factory, and what can be done with its record."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import finding, identity
from chalicelib.domain.errors import Malformed
from chalicelib.domain.factory import Factory, State
from chalicelib.domain.finding import Card, Wish
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store import finder, keys, reader
from chalicelib.store.registry import factories, lookup
from chalicelib.web import event_words, staff_words

FIND = "/portal/staff/factories"
MOST_SHOWN = 50
_MOST_READ = 300


@door.page("GET", FIND, who=door.STAFF)
def find(visit: Visit) -> Response:
    """Find a factory by ID, ICS site number, GLN, or words of a name."""
    typed = visit.ask.query.get("q", "").strip()[:200]
    factory_id = _named(typed) if typed else None
    if factory_id is not None:
        return view.go(visit, f"{FIND}/{factory_id}")
    cards = _cards(typed) if typed else []
    return view.render(
        visit,
        "portal/staff_find.html",
        typed=typed,
        cards=cards[:MOST_SHOWN],
        cut=len(cards) > MOST_SHOWN,
        states=event_words.STATES,
    )


@door.page("GET", f"{FIND}/{{factory_id}}", who=door.STAFF)
def record(visit: Visit, factory_id: str) -> Response:
    """What is on record of a factory, and what can be done with it."""
    held = factories.need(identity.parse_factory_id(factory_id))
    done = staff_words.ACTIONS.get(visit.ask.query.get("done", ""))
    return view.render(
        visit,
        "portal/staff_factory.html",
        factory=held.factory,
        certificates=list(held.certificates.values()),
        actions={name: staff_words.ACTIONS[name] for name in possible(held.factory)},
        states=event_words.STATES,
        told=done.done if done else None,
    )


def possible(factory: Factory) -> tuple[str, ...]:
    """What can be done with a record as it is."""
    if factory.state is State.MERGED:
        return ("unmerge",)
    if factory.successor is not None:
        return ("reopen",)
    if factory.state is State.CLOSED:
        return ("reopen", "close", "merge")
    return ("move", "close", "merge", *(("reopen",) if factory.state is State.MOVED else ()))


def _named(typed: str) -> str | None:
    """The record that a code or a number names for certain."""
    try:
        code = identity.parse_factory_id(typed)
    except Malformed:
        site = lookup.item(keys.site(typed)) if typed else None
        return str(site.body["factory_id"]) if site is not None else None
    return code if factories.load(code) is not None else None


def _cards(typed: str) -> list[Card]:
    try:
        return [*reader.factories_with_gln(identity.parse_gln(typed))]
    except Malformed:
        wish = Wish(typed=finding.asked(typed))
    if not wish.words:
        return []
    today = clock.today()
    rows: list[Any] = finder.rows("word", wish.words[0], None, None, _MOST_READ)
    return [card for _, card in rows if wish.admits(card, today)]
