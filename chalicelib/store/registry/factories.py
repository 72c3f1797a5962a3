"""A factory with the certificates that it holds: read together, changed under the factory's version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib import clock, journal
from chalicelib.domain import brand, finding
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.disclosure import PublicFactory, public_certificate, public_factory
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.factory import Factory
from chalicelib.store import both_tables, codec, keys, numbers, public_keys
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.plain import Raw
from chalicelib.store.registry import (
    changelog,
    credentials,
    hints,
    history,
    organisations,
    outbox,
    records,
    signing,
    status_lists,
    watch,
    whereabouts,
)
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening, Head


@dataclass(frozen=True, slots=True)
class Held:
    """What is on record of a factory, and how far each history has come."""

    factory: Factory
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    heads: Mapping[str, Head] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted: the factory and certificates after it, what happened to each, and items that go with it.

    A certificate with which nothing happened (``None``) gets its place in the status lists, and no event.
    ``sign``: sign its credentials and status lists anew, even if they say what they said.
    """

    factory: Factory
    happenings: tuple[Happening, ...] = ()
    certificates: Mapping[str, tuple[Certificate, Happening | None]] = field(default_factory=dict)
    beside: tuple[Callable[[Commit], None], ...] = ()
    sign: bool = False


def _hint(before: PublicFactory | None, after: PublicFactory | None) -> None:
    """What is on record stays so if only the hints fail: one that is missing costs a suggestion."""
    try:
        hints.note(before, after)
    except Unavailable as error:
        journal.failed("hints_not_written", error)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a change gets to the tables: how its transaction is sent, and what is done about its hints then."""

    send: Callable[[Commit], None]
    hint: Callable[[PublicFactory | None, PublicFactory | None], None]


AT_ONCE = Manner(Commit.now, _hint)


def load(factory_id: str) -> Held | None:
    """A factory and its certificates: one consistent query."""
    items = {raw["sk"]["S"]: raw for raw in both_tables.partition(keys.factory(factory_id).pk)}
    root = items.get(keys.RECORD)
    if root is None:
        return None
    held = [_read(raw) for sk, raw in items.items() if sk.startswith("CERTIFICATE#")]
    certificates = {body["code"]: records.certificate(body, version) for body, version in held}
    heads = {_record_of(raw): _head(raw) for raw in items.values() if "events" in raw}
    return Held(records.factory(*_read(root)), certificates, heads)


def _read(raw: Raw) -> tuple[Body, int]:
    return json.loads(raw["body"]["S"]), int(raw["version"]["N"])


def _head(raw: Raw) -> Head:
    return Head(int(raw["events"]["N"]), raw["event_hash"]["S"])


def _record_of(raw: Raw) -> str:
    pk, sk = raw["pk"]["S"], raw["sk"]["S"]
    return str(pk if sk == keys.RECORD else sk)


def need(factory_id: str) -> Held:
    """As ``load``, but ``NotFound`` if there is none."""
    held = load(factory_id)
    if held is None:
        raise NotFound("There is no such factory.")
    return held


def change(factory_id: str, decide: Callable[[Held], Change | None], actor: Actor) -> Held:
    """Load, let ``decide`` say what is wanted (``None``: nothing), commit; again with fresh state if others wrote."""

    def attempt() -> Held:
        held = need(factory_id)
        wanted = decide(held)
        return held if wanted is None else commit(held, wanted, actor, clock.now())

    return persistently(attempt)


def sign_anew(factory_id: str, reason: str, actor: Actor) -> Held:
    """Sign anew what the registry says of a factory and its certificates: after a key was revoked, or came to be.

    Certificates that were confirmed before there was a key get their place in the status lists.
    """
    happening = Happening("signed_anew", {}, reason)

    def decide(held: Held) -> Change:
        lacking = {code: (each, None) for code, each in held.certificates.items() if status_lists.lacks_place(each)}
        return Change(held.factory, (happening,), lacking, sign=True)

    return change(factory_id, decide, actor)


def change_both(
    one_id: str, other_id: str, decide: Callable[[Held, Held], tuple[Change, Change] | None], actor: Actor
) -> tuple[Held, Held]:
    """As ``change``, of two factories in one transaction."""

    def attempt() -> tuple[Held, Held]:
        one, other = need(one_id), need(other_id)
        wanted = decide(one, other)
        if wanted is None:
            return one, other
        after = _commit([(one, wanted[0]), (other, wanted[1])], actor, clock.now())
        return after[0], after[1]

    return persistently(attempt)


def commit(held: Held | None, wanted: Change, actor: Actor, moment: datetime, manner: Manner = AT_ONCE) -> Held:
    """Record, events and public items in one transaction under the condition that ``held`` is still what is held."""
    return _commit([(held, wanted)], actor, moment, manner)[0]


def _commit(
    changes: Sequence[tuple[Held | None, Change]], actor: Actor, moment: datetime, manner: Manner = AT_ONCE
) -> list[Held]:
    transaction = Commit()
    at = clock.instant(moment)
    after = [_write(transaction, held, wanted, actor, at) for held, wanted in changes]
    pages = [
        (_shown(held.factory) if held else None, _shown(now.factory))
        for (held, _), now in zip(changes, after, strict=True)
    ]
    for was, is_now in pages:
        watch.note(was, is_now, actor, moment)
    manner.send(transaction)
    for was, is_now in pages:
        manner.hint(was, is_now)
    return after


def _write(transaction: Commit, held: Held | None, wanted: Change, actor: Actor, at: str) -> Held:
    version = held.factory.version if held else 0
    contact = whereabouts.check_of(wanted.factory)
    factory = replace(wanted.factory, contact=contact, updated_at=at, version=version + 1)
    certificates = dict(held.certificates) if held else {}
    heads = dict(held.heads) if held else {}

    for code, (wished, happening) in wanted.certificates.items():
        before = certificates.get(code)
        certificate = status_lists.numbered(wished)
        certificates[code] = replace(certificate, version=(before.version if before else 0) + 1)
        key = keys.held_certificate(factory.factory_id, code)
        item = _record_item(key, certificate)
        record = f"CERTIFICATE#{code}"
        _append(transaction, item, record, heads, (happening,) if happening else (), actor, at)
        changelog.note(transaction, before, certificate, heads[record])
        transaction.replace(item, before.version if before else 0)
        if happening:
            outbox.note_certificate(transaction, before, certificates[code], happening.action, heads[record], at)

    root = _record_item(keys.factory(factory.factory_id), factory)
    record = f"FACTORY#{factory.factory_id}"
    _append(transaction, root, record, heads, wanted.happenings, actor, at)
    transaction.replace(root, version)
    outbox.note_factory(transaction, factory, wanted.happenings, heads[record], at)
    for addition in wanted.beside:
        addition(transaction)
    whereabouts.note_contacts(transaction, held.factory if held else None, factory)
    _publish(transaction, held, Held(factory, certificates), at, sign=wanted.sign)
    return Held(factory, certificates, heads)


def _record_item(key: Key, record: Factory | Certificate) -> RegistryItem:
    body = codec.to_json(record)
    del body["version"]
    if body.get("ics") and not body["ics"]["tenant"]:
        del body["ics"]["tenant"]  # a release that knew no such member can't read it
    return RegistryItem(key.pk, key.sk, body=body)


def _append(
    transaction: Commit,
    root: RegistryItem,
    record: str,
    heads: dict[str, Head],
    happenings: Iterable[Happening],
    actor: Actor,
    at: str,
) -> None:
    head = heads.get(record, Head())
    for happening in happenings:
        event, head = history.appended(record, head, happening, actor, at)
        transaction.create(event)
    heads[record] = head
    root.events, root.event_hash = head.events, head.hash


def _publish(transaction: Commit, held: Held | None, now: Held, at: str, *, sign: bool) -> None:
    factory, certificates = now.factory, now.certificates
    links = [*(held.factory.links.items() if held else ()), *factory.links.items()]
    names = organisations.member_names({member for member, link in links if link.is_public})
    before = public_items(held.factory, held.certificates.values(), names) if held else {}
    after = public_items(factory, certificates.values(), names)
    said_before = _said(held) if held else {}
    said = _said(now)
    page = public_keys.factory_page(factory.factory_id)
    for key, body in after.items():
        was_said, now_said = said_before.get(key, credentials.NOTHING), said.get(key, credentials.NOTHING)
        if key == page or (sign and key in said) or was_said != now_said or before.get(key) != body:
            item = PublicItem(key.pk, key.sk, body=body)
            credentials.show(transaction, item, was_said, now_said, at, again=sign and key in said)
    if signing.configured():
        status_lists.note(transaction, held.certificates if held and not sign else {}, certificates)
    for key in before.keys() - after.keys():
        transaction.delete(PublicItem(key.pk, key.sk, body={}))
    for move in numbers.moves(
        numbers.entries_of(held.certificates.values()) if held and before else {},
        numbers.entries_of(certificates.values()) if after else {},
    ):
        transaction.move(move)


def _said(held: Held) -> credentials.Documents:
    return credentials.of_factory(_shown(held.factory), held.certificates.values())


def _shown(factory: Factory) -> PublicFactory | None:
    return public_factory(factory, (), {})


def public_items(
    factory: Factory, certificates: Iterable[Certificate], member_names: Mapping[str, str]
) -> dict[Key, Body]:
    """All that the public table holds of a factory and its certificates. A draft has nothing there."""
    certificates = list(certificates)
    page = public_factory(factory, certificates, member_names)
    if page is None:
        return {}
    items = {public_keys.factory_page(page.factory_id): codec.to_json(page)}
    for certificate in certificates:
        items[public_keys.certificate_page(certificate.code)] = codec.to_json(public_certificate(certificate))
        if certificate.gdti is not None:
            items[public_keys.by_gdti(certificate.gdti, certificate.code)] = {"code": certificate.code}
    items.update(_postings(page))
    listed = {"card": brand.card(page)}
    items.update((public_keys.members_factory(each.member_id, page.factory_id), listed) for each in page.members)
    return items


def _postings(page: PublicFactory) -> dict[Key, Body]:
    card, listed = finding.card(page), finding.entries(page)
    place = public_keys.place(page.country, finding.sort_name(page), page.factory_id)
    lists = [("directory", "")]
    lists += [("word", word) for word in listed.words]
    lists += [("category", code) for code in listed.categories]
    lists += [("standard", standard_id) for standard_id in listed.standards]
    lists += [("certified", "")] if page.certificates else []
    places = [public_keys.listing(kind, value, place) for kind, value in lists]
    if "gln" in page.fields:
        places.append(public_keys.by_gln(page.fields["gln"], page.factory_id))
    return dict.fromkeys(places, card)
