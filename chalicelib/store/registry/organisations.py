"""Members, certifiers and standards: who they are, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from datetime import date
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.phrase import phrase
from chalicelib.store import keys, standard_codec
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import history, lookup, member_pages, standards
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

_KINDS = {
    "member": phrase("member"),
    "certifier": phrase("certifier"),
    "organiser": phrase("organiser"),
    "standard": phrase("standard"),
}
ACTING = ("member", "certifier", "organiser")
"""The kinds that people and keys act for, until it takes part no more."""

_ENDED, _PAGE = "ended", "page"


def load(kind: str, identifier: str) -> dict[str, Any] | None:
    """A ``member``, ``certifier`` or ``standard`` as it was put; ``None`` if there is none."""
    item = lookup.item(keys.organisation(kind, identifier))
    return None if item is None else {name: value for name, value in item.body.items() if name != _PAGE}


def need(kind: str, identifier: str) -> dict[str, Any]:
    """As ``load``, but ``NotFound`` if there is none."""
    body = load(kind, identifier)
    if body is None:
        raise NotFound(phrase("There is no %(kind)s %(id)s on record.", kind=_KINDS[kind], id=identifier))
    return body


def put(kind: str, identifier: str, body: dict[str, Any], actor: Actor) -> bool:
    """Create or replace one; says whether anything changed. Whether it still takes part is not said here.

    Of a standard, names alone leave what the map knows of it as it is (``standards.put``).
    """
    if kind == "standard":
        return standards.put(standard_codec.standard(identifier, body), actor)

    def decide(held: dict[str, Any]) -> tuple[dict[str, Any], Happening] | None:
        wanted = {**body, **{name: held[name] for name in (_ENDED, _PAGE) if name in held}}
        return None if held == wanted else (wanted, Happening("put", {"from": held or None, "to": wanted}))

    return _change(kind, identifier, decide, actor)


def end(kind: str, identifier: str, reason: str, actor: Actor) -> None:
    """A member or certifier takes part no more: its keys, its people and its open invitations act no longer.

    What is on record stays, its name too; public pages that name it follow when they are next written.
    """
    _takes_part(kind, identifier, clock.today().isoformat(), reason, actor)


def resume(kind: str, identifier: str, reason: str, actor: Actor) -> None:
    """A member or certifier takes part again."""
    _takes_part(kind, identifier, None, reason, actor)


def page(member_id: str) -> tuple[dict[str, Any], int]:
    """A member's record with what it says of itself (``page``), and its version; ``NotFound`` if there is none."""
    item = lookup.item(keys.organisation("member", member_id))
    if item is None:
        need("member", member_id)
    assert item is not None  # nosec B101: else there was none to need
    return dict(item.body), int(item.version)


def set_page(member_id: str, said: dict[str, Any], version: Container[int], actor: Actor) -> None:
    """What a member says of itself from now on. ``StaleVersion`` if its record was changed meanwhile."""

    def decide(held: dict[str, Any]) -> tuple[dict[str, Any], Happening] | None:
        before = held.get(_PAGE, {})
        names = sorted(name for name in {*before, *said} if before.get(name) != said.get(name))
        changes = {name: {"from": before.get(name), "to": said.get(name)} for name in names}
        return ({**held, _PAGE: said}, Happening("page", changes)) if changes else None

    _change("member", member_id, decide, actor, version)


def ended_on(kind: str, identifier: str) -> date | None:
    """The day on which a member or certifier ended; ``None`` if it takes part. ``NotFound`` if there is none."""
    ended = need(kind, identifier).get(_ENDED)
    return date.fromisoformat(ended) if ended else None


def takes_part(kind: str, identifier: str) -> bool:
    """Whether a member or certifier is on record and has not ended; others always do."""
    return bool(those_that_take_part([(kind, identifier)]))


def those_that_take_part(wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of organisations by kind and identifier, those that ``takes_part`` is true of: one read for all of them."""
    named = set(wanted)
    asked = {pair: keys.organisation(*pair) for pair in named if pair[0] in ACTING}
    held = lookup.bodies(asked.values())
    return {pair for pair in named if pair not in asked or _ENDED not in held.get(asked[pair], {_ENDED: ""})}


def _takes_part(kind: str, identifier: str, ended: str | None, reason: str, actor: Actor) -> None:
    need(kind, identifier)

    def decide(held: dict[str, Any]) -> tuple[dict[str, Any], Happening] | None:
        if (_ENDED in held) == (ended is not None):
            return None
        wanted = {name: value for name, value in held.items() if name != _ENDED} | ({_ENDED: ended} if ended else {})
        changes = {"ended": {"from": held.get(_ENDED), "to": ended}}
        return wanted, Happening("ended" if ended else "resumed", changes, reason)

    _change(kind, identifier, decide, actor)


def _change(
    kind: str,
    identifier: str,
    decide: Callable[[dict[str, Any]], tuple[dict[str, Any], Happening] | None],
    actor: Actor,
    version: Container[int] | None = None,
) -> bool:
    key = keys.organisation(kind, identifier)

    def attempt() -> bool:
        held = lookup.item(key)
        if version is not None and (held is None or int(held.version) not in version):
            raise StaleVersion("The record was changed meanwhile.")
        wanted = decide(dict(held.body) if held is not None else {})
        if wanted is None:
            return False
        body, happening = wanted
        item = RegistryItem(key.pk, key.sk, body=body)
        head = history.head_of(held)
        event, head = history.appended(key.pk, head, happening, actor, clock.instant(clock.now()))
        item.events, item.event_hash = head.events, head.hash
        transaction = Commit()
        transaction.create(event)
        transaction.replace(item, int(held.version) if held is not None else 0)
        listing = keys.organisation_listed(kind, identifier)
        transaction.put(RegistryItem(listing.pk, listing.sk, body={"id": identifier, "name": body["name"]}))
        if kind == "member":
            member_pages.publish(transaction, identifier, body)
        transaction.now()
        return True

    return persistently(attempt)


def listed(kind: str) -> list[dict[str, str]]:
    """All of a kind that are on record, as ``{id, name}``, by name."""
    place = keys.organisation_listed(kind, "")
    found = lookup.below(place.pk, place.sk)
    return sorted(found, key=lambda each: (each["name"].casefold(), each["id"]))


def member_names(member_ids: Iterable[str]) -> dict[str, str]:
    """The names of the members that are on record."""
    return names("member", member_ids)


def names(kind: str, identifiers: Iterable[str]) -> dict[str, str]:
    """The names of those of a kind that are on record."""
    found = lookup.bodies(keys.organisation(kind, identifier) for identifier in identifiers)
    return {key.pk.partition("#")[2]: body["name"] for key, body in found.items()}
