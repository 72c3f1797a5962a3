"""Programmes and who takes part: a programme is its organiser's record, how a factory stands to it the factory's."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.domain import coaching as rules
from chalicelib.domain.coaching import Part, Participation, Parts, Programme
from chalicelib.domain.errors import Conflict, NotFound, StaleVersion
from chalicelib.domain.phrase import phrase
from chalicelib.domain.public_efficiency import PublicPart, PublicProgramme
from chalicelib.store import codec, measured, programme_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import history, lookup, organisations
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

_NO_PROGRAMME = "There is no such programme of yours."


@dataclass(frozen=True, slots=True)
class Place:
    """A factory in a programme: the programme, who organises it, and how the factory stands to it."""

    programme: Programme
    organiser: str
    part: Participation


def need(programme_id: str, organiser_id: str) -> Programme:
    """A programme of this organiser; one of another is as good as none."""
    item = lookup.item(programme_keys.programme(programme_id))
    if item is None or item.body["organiser_id"] != organiser_id:
        raise NotFound(_NO_PROGRAMME)
    return measured.programme(item.body, int(item.version))


def listed(organiser_id: str) -> list[Programme]:
    """The programmes of an organiser, the last to begin first."""
    place = programme_keys.organised(organiser_id)
    named = [each["programme_id"] for each in lookup.below(place.pk, place.sk)]
    found = lookup.items(map(programme_keys.programme, named))
    held = [measured.programme(item.body, int(item.version)) for item in found]
    return sorted(held, key=lambda each: (each.starts, each.programme_id), reverse=True)


def put(wanted: Programme, actor: Actor, version: Container[int] | None = None) -> tuple[Programme, bool]:
    """Create or replace a programme; says whether it is new. The same once more changes nothing.

    ``Conflict`` if another organiser has the identifier, ``StaleVersion`` if it is not at the ``version`` seen.
    """

    def attempt() -> tuple[Programme, bool]:
        item = lookup.item(programme_keys.programme(wanted.programme_id))
        held = measured.programme(item.body, int(item.version)) if item is not None else None
        if held is not None and held.organiser_id != wanted.organiser_id:
            raise Conflict("This identifier is taken. Choose another one.")
        if version is not None and (held is None or held.version not in version):
            raise StaleVersion("The record was changed meanwhile. GET it again, and apply your change to that.")
        if held is not None and replace(wanted, updated_at=held.updated_at, version=held.version) == held:
            return held, False
        return _write(item, held, rules.checked(wanted), actor), held is None

    return persistently(attempt)


def _write(item: RegistryItem | None, held: Programme | None, wanted: Programme, actor: Actor) -> Programme:
    after = replace(wanted, updated_at=clock.instant(clock.now()), version=(held.version if held else 0) + 1)
    body = _without_version(after)
    changes = {"from": _without_version(held) if held else None, "to": body}
    transaction = Commit()
    _append(transaction, programme_keys.programme(after.programme_id), item, body, Happening("put", changes), actor)
    place = programme_keys.organised(after.organiser_id, after.programme_id)
    transaction.put(_at(place, {"programme_id": after.programme_id}))
    for card, shown in public_items(after).items():
        transaction.put(PublicItem(card.pk, card.sk, body=shown))
    transaction.now()
    return after


def public_items(programme: Programme) -> dict[Key, codec.Body]:
    """What the public table holds of a programme."""
    organiser = str(organisations.need("organiser", programme.organiser_id)["name"])
    said = (programme.programme_id, programme.name, organiser, programme.kind.value, programme.starts, programme.ends)
    card = PublicProgramme(*said, len(programme.sessions))
    return {programme_keys.programme_card(programme.programme_id): codec.to_json(card)}


def cohort(programme: Programme) -> list[Participation]:
    """The factories that were invited, by Factory ID, as they stand."""
    place = programme_keys.cohort(programme.programme_id)
    named = [each["factory_id"] for each in lookup.below(place.pk, place.sk)]
    found = (measured.parts(item.body, int(item.version)) for item in lookup.items(map(programme_keys.parts, named)))
    standing = [parts.of(programme.programme_id) for parts in found]
    return sorted((each for each in standing if each is not None), key=lambda each: each.factory_id)


def part(factory_id: str, programme_id: str) -> Participation:
    """How a factory stands to a programme; ``NotFound`` if it was never invited."""
    return _read(factory_id)[0].need(programme_id)


def of_factory(factory_id: str) -> list[Place]:
    """The programmes that a factory was invited to, the last first."""
    parts = _read(factory_id)[0].parts
    found = lookup.items(programme_keys.programme(each.programme_id) for each in parts)
    held = {item.body["programme_id"]: measured.programme(item.body, int(item.version)) for item in found}
    names = organisations.names("organiser", {each.organiser_id for each in held.values()})
    known = [(held[each.programme_id], each) for each in reversed(parts) if each.programme_id in held]
    return [Place(each, names.get(each.organiser_id, each.organiser_id), part) for each, part in known]


def invite(programme: Programme, factory_id: str, actor: Actor) -> Participation:
    """Invite a factory. Once more changes nothing, while it has not answered or takes part."""
    place = programme_keys.cohort(programme.programme_id)
    if len(lookup.below(place.pk, place.sk)) >= rules.MOST_FACTORIES:
        raise Conflict(phrase("A programme has at most %(most)s factories.", most=rules.MOST_FACTORIES))

    def decide(parts: Parts) -> Participation | None:
        return rules.invite(parts.of(programme.programme_id), programme.programme_id, factory_id, clock.today())

    return _change(programme.programme_id, factory_id, decide, "programme_invited", actor)


def take_back(programme: Programme, factory_id: str, actor: Actor) -> None:
    """Take back an invitation that the factory has not accepted; ``Conflict`` if it has."""

    def attempt() -> None:
        parts, item = _read(factory_id)
        if parts.need(programme.programme_id).active:
            raise Conflict("This factory takes part. Only the factory itself can leave.")
        happening = Happening("programme_taken_back", {"programme": programme.programme_id})
        transaction = Commit()
        _put(transaction, parts.without(programme.programme_id), item, happening, actor)
        transaction.delete(_at(programme_keys.cohort(programme.programme_id, factory_id), {}))
        transaction.now()

    persistently(attempt)


def answer(factory_id: str, programme_id: str, wanted: Part, actor: Actor) -> Participation:
    """The factory accepts, declines or leaves."""

    def decide(parts: Parts) -> Participation:
        return rules.answer(parts.need(programme_id), wanted, clock.today())

    return _change(programme_id, factory_id, decide, f"programme_{wanted.value}", actor)


def tick(factory_id: str, programme_id: str, actor: Actor, *, shares: bool | None, shows: bool | None) -> Participation:
    """The factory decides whether the organiser sees its readings, and whether anyone sees that it takes part.

    ``None``: as it stands when this is written.
    """

    def decide(parts: Parts) -> Participation:
        held = parts.need(programme_id)
        return rules.ticked(
            held,
            shares=held.shares if shares is None else shares,
            shows=held.shows if shows is None else shows,
        )

    return _change(programme_id, factory_id, decide, "programme_ticked", actor)


def mark(
    programme: Programme, factory_id: str, marked: Callable[[Participation], Participation], actor: Actor
) -> Participation:
    """The organiser says what was done on which day: ``marked`` says so of what is on record when it is written."""

    def decide(parts: Parts) -> Participation:
        held = parts.need(programme.programme_id)
        if not held.active:
            raise Conflict("This factory does not take part.")
        return marked(held)

    return _change(programme.programme_id, factory_id, decide, "programme_done", actor)


def _change(
    programme_id: str,
    factory_id: str,
    decide: Callable[[Parts], Participation | None],
    action: str,
    actor: Actor,
) -> Participation:
    def attempt() -> Participation:
        parts, item = _read(factory_id)
        before, wanted = parts.of(programme_id), decide(parts)
        if wanted is None or wanted == before:
            return parts.need(programme_id)
        changes = {"from": codec.to_json(before) if before else None, "to": codec.to_json(wanted)}
        transaction = Commit()
        _put(transaction, parts.with_part(wanted), item, Happening(action, changes), actor)
        place = programme_keys.cohort(programme_id, factory_id)
        transaction.put(_at(place, {"factory_id": factory_id}))
        transaction.now()
        return wanted

    return persistently(attempt)


def _read(factory_id: str) -> tuple[Parts, RegistryItem | None]:
    item = lookup.item(programme_keys.parts(factory_id))
    return (measured.parts(item.body, int(item.version)) if item is not None else Parts(factory_id)), item


def _put(transaction: Commit, after: Parts, item: RegistryItem | None, happening: Happening, actor: Actor) -> None:
    """The factory's record, its event, and what it shows to all."""
    body = _without_version(after)
    _append(transaction, programme_keys.parts(after.factory_id), item, body, happening, actor)
    items = public_parts(after)
    for place, shown in items.items():
        transaction.put(PublicItem(place.pk, place.sk, body=shown))
    if not items:
        place = programme_keys.shown_parts(after.factory_id)
        transaction.delete(PublicItem(place.pk, place.sk, body={}))


def public_parts(parts: Parts) -> dict[Key, codec.Body]:
    """What the public table holds of the programmes in which a factory takes part."""
    shown = [_shown(each) for each in parts.parts if each.active and each.shows]
    return {programme_keys.shown_parts(parts.factory_id): {"parts": codec.to_json(shown)}} if shown else {}


def _shown(part: Participation) -> PublicPart:
    programme = lookup.item(programme_keys.programme(part.programme_id))
    done = part.sessions_done(measured.programme(programme.body, int(programme.version))) if programme else 0
    return PublicPart(part.programme_id, part.answered or part.invited, done)


def _append(
    transaction: Commit,
    key: Key,
    item: RegistryItem | None,
    body: codec.Body,
    happening: Happening,
    actor: Actor,
) -> None:
    root = _at(key, body)
    event, head = history.appended(key.pk, history.head_of(item), happening, actor, clock.instant(clock.now()))
    root.events, root.event_hash = head.events, head.hash
    transaction.create(event)
    transaction.replace(root, int(item.version) if item is not None else 0)


def _without_version(record: Programme | Parts) -> codec.Body:
    body: codec.Body = codec.to_json(record)
    del body["version"]
    return body


def _at(key: Key, body: codec.Body) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body=body)
