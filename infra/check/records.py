"""One record after the other: whether all that it answers for is there, byte for byte."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib import clock
from chalicelib.domain import jws, log, status_list
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.errors import Malformed
from chalicelib.domain.status_list import Purpose
from chalicelib.store import codec, keys, log_keys, log_reader, public_keys, public_table
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.models import CompactJSON, NumberItem, PublicItem, RegistryItem
from chalicelib.store.numbers import Move
from chalicelib.store.public_table import Raw
from chalicelib.store.registry import changelog, credentials, lookup, signing, status_lists
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.credentials import Said
from infra.check import attributes, faults, signatures
from infra.check.faults import Fault, Mend, named
from infra.check.owned import Owned, of
from infra.check.signatures import Ring

_text = CompactJSON().serialize
_ROUNDS = 5
_ANYTHING = Said({})  # what may be there and goes, unless it is to be said


def wrong(root: Key) -> tuple[Owned | None, list[Fault]]:
    """What is wrong with what a record answers for. One that is changed while it is looked at is looked at again."""
    for _ in range(_ROUNDS):
        owned = of(root)
        if owned is None:
            return None, []
        found = list(_wrong(owned))
        now = lookup.item(root)
        if not found or (now is not None and int(now.version) == owned.version):
            return owned, found
    return owned, []  # somebody is at work on it: the next run looks again


def _wrong(owned: Owned) -> Iterator[Fault]:
    held = raw_items([*owned.public, *map(public_keys.by_number, owned.numbers)])
    known = signatures.ring() if owned.said else ()
    for key, body in owned.public.items():
        raw = held.get(key)
        extra = attributes.foreign(key, raw) if raw is not None else []
        if raw is not None and extra:
            yield _fault(owned, faults.PUBLIC, named(key), attributes.how(extra), partial(_put_alone, owned, key, raw))
        elif raw is None or raw.get("body", {}).get("S") != _text(body):
            how = "is not there" if raw is None else "differs from its record"
            mend = partial(_put_public if raw is not None else _put_signed, owned, key)
            yield _fault(owned, faults.PUBLIC, named(key), how, mend)
        if raw is not None and signing.configured() and key in owned.said:
            yield from _wrongly_signed(owned, key, raw, known)
    yield from _wrong_numbers(owned, held)
    pointers = {item.key: item for item in lookup.items(owned.pointers)}
    for key, body in owned.pointers.items():
        item = pointers.get(key)
        if item is None or item.body != body:
            how = "is not there" if item is None else "leads elsewhere"
            yield _pointer_fault(owned, key, body, how, item)
    yield from _wrong_hints(owned)
    for each in owned.certificates.values():
        yield from _wrong_bits(owned, each)
        if owned.public:
            yield from _not_logged(owned, each)


def raw_items(wanted: Iterable[Key]) -> dict[Key, Raw]:
    """Items of the public table as they are stored."""
    left = list(dict.fromkeys(wanted))
    found: dict[Key, Raw] = {}
    while left:
        items, unread = public_table.batch(left[: public_table.AT_ONCE])
        left = unread + left[public_table.AT_ONCE :]
        found.update((public_table.key_of(raw), raw) for raw in items)
    return found


def _fault(owned: Owned, kind: str, name: str, how: str, mend: Mend | None = None, advice: str = "") -> Fault:
    return Fault(kind, name, how, mend, advice, root=owned.root, version=owned.version)


def _put_public(owned: Owned, key: Key, transaction: Commit) -> None:
    transaction.show(PublicItem(key.pk, key.sk, body=owned.public[key]))


def _put_alone(owned: Owned, key: Key, raw: Raw, transaction: Commit) -> None:
    """With what is signed about it and nothing else."""
    allowed = {"credential", "code"} & raw.keys() - set(attributes.foreign(key, raw))
    transaction.put(PublicItem(key.pk, key.sk, body=owned.public[key], **{each: raw[each]["S"] for each in allowed}))


def _put_signed(owned: Owned, key: Key, transaction: Commit) -> None:
    item, said = PublicItem(key.pk, key.sk, body=owned.public[key]), owned.said.get(key, credentials.NOTHING)
    credentials.show(transaction, item, _ANYTHING, said, clock.instant(clock.now()), again=True)


def _pointer_fault(owned: Owned, key: Key, body: codec.Body, how: str, item: RegistryItem | None) -> Fault:
    elsewhere = item is not None and item.body.get("factory_id") not in (None, body.get("factory_id"))
    if elsewhere and key.pk.partition("#")[0] in ("NUMBER", "GDTI", "SITE", "CERTIFICATE"):
        advice = "Two records claim it. Compare both histories; withdraw or merge the one that should not."
        return _fault(owned, faults.POINTERS, named(key), how, advice=advice)

    def put(transaction: Commit) -> None:
        transaction.put(RegistryItem(key.pk, key.sk, body=body))

    return _fault(owned, faults.POINTERS, named(key), how, put)


def _wrong_numbers(owned: Owned, held: dict[Key, Raw]) -> Iterator[Fault]:
    for number, wanted in owned.numbers.items():
        key = public_keys.by_number(number)
        there = Entries.of(held.get(key, {}))
        missing = Entries(wanted.confirmed - there.confirmed, wanted.declared - there.declared)
        if missing != Entries():
            move = Move(NumberItem(key.pk, key.sk), missing, Entries())
            how = "does not name " + ", ".join(sorted(missing.confirmed | missing.declared))

            def add(transaction: Commit, move: Move = move) -> None:
                transaction.move(move)

            yield _fault(owned, faults.PUBLIC, named(key), how, add)


def _wrong_hints(owned: Owned) -> Iterator[Fault]:
    held = raw_items(owned.hints)
    for key in sorted(owned.hints - held.keys()):

        def put(transaction: Commit, key: Key = key) -> None:
            transaction.put(PublicItem(key.pk, key.sk, body={}))

        yield _fault(owned, faults.PUBLIC, named(key), "is not there", put)


def _wrongly_signed(owned: Owned, key: Key, raw: Raw, known: Ring) -> Iterator[Fault]:
    how = _how_signed(owned.said[key], key, raw, known)
    if how:
        mend = partial(_put_signed, owned, key) if signatures.can_be_mended(known) else None
        yield _fault(owned, faults.SIGNED, named(key), how, mend, signatures.ROTATE)


def _how_signed(said: Said, key: Key, raw: Raw, known: Ring) -> str:
    """What is wrong with what is signed of an item; empty if nothing is."""
    credential, code = raw.get("credential", {}).get("S"), raw.get("code", {}).get("S")
    if not _says_the_same(credential, said.document, key):
        return "says something else than its record"
    if said.code is None and code is not None:
        return "has a code that must not be given out"
    if said.code is not None and code is not None and code.partition("/")[2] != said.code.tail:
        return "has a code for something else"
    if said.code is not None and code is None and key.sk == keys.PAGE and key.pk.startswith("FACTORY#"):
        return "has no code"
    wrong = signatures.wrong_document(credential, known) if credential is not None else ""
    if not wrong and said.code is not None and code is not None:
        return signatures.wrong_code(code, said.code, known)
    return wrong


def _says_the_same(credential: str | None, wanted: Any, key: Key) -> bool:
    """Whether a document says what it is to say. A product's says what its factories were when it was written."""
    there, wanted = _document(credential), _plain(wanted)
    if not key.pk.startswith("PRODUCT#") or there is None or not isinstance(there, dict):
        return bool(there == wanted)
    return wanted is None or _but_for_factories(there) == _but_for_factories(wanted)


def _but_for_factories(document: Mapping[str, Any]) -> dict[str, Any]:
    subject = document["credentialSubject"]
    kept = {name: value for name, value in subject.items() if name not in ("countryOfProduction", "relatedParty")}
    return {**document, "credentialSubject": kept}


def _document(credential: str | None) -> Any:
    try:
        return None if credential is None else _plain(jws.read(credential)[1])
    except Malformed:
        return "no signed document"


def _plain(document: Any) -> Any:
    """A document but for since when it says so."""
    if document is None:
        return None
    return {name: value for name, value in json.loads(json.dumps(document)).items() if name != "validFrom"}


def _wrong_bits(owned: Owned, each: Certificate) -> Iterator[Fault]:
    if status_lists.lacks_place(each):
        advice = f"`POST /internal/v1/factories/{each.holder_id}/sign` gives it one, and signs it."
        yield _fault(owned, faults.LISTS, each.code, "is confirmed and has no place", advice=advice)
    if each.status_index is None or not signing.configured():
        return
    place = status_list.place(each.status_index)
    wanted = {purpose: status_list.is_set(purpose, each) for purpose in Purpose}
    if {purpose: _on_record(purpose, place) for purpose in Purpose} != wanted or (
        {purpose: _published(purpose, place) for purpose in Purpose} != wanted
    ):
        mend = partial(_note, each)
        how = f"says something else at {place.position} than {each.code}"
        yield _fault(owned, faults.LISTS, f"STATUS_LIST#{place.number}", how, mend)


def _note(each: Certificate, transaction: Commit) -> None:
    status_lists.note(transaction, {}, {each.code: each})


def _on_record(purpose: Purpose, place: status_list.Place) -> bool | None:
    item = lookup.item(keys.status_list(place.number))
    return None if item is None else _bit(status_list.unpacked(item.body[purpose.value]), place.position)


def _published(purpose: Purpose, place: status_list.Place) -> bool | None:
    raw = public_table.get(public_keys.status_list(purpose.value, place.number))
    if raw is None or "credential" not in raw:
        return None
    try:
        packed = jws.read(raw["credential"]["S"])[1]["credentialSubject"]["encodedList"].removeprefix("u")
        bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (Malformed, KeyError, AttributeError, ValueError, OSError, EOFError, zlib.error):
        return None
    return _bit(bits, place.position)


def _bit(bits: bytes, position: int) -> bool:
    return bool(bits and bits[position // 8] & (0x80 >> position % 8))


def _not_logged(owned: Owned, each: Certificate) -> Iterator[Fault]:
    lines = log.lines_of(each)
    logged = log_reader.of_certificate(each.code)
    if [_line(entry) for entry in logged] != [_line(line) for line in lines[: len(logged)]]:
        advice = "The log cannot be changed. Restore both tables to one instant, or have the certifier say it anew."
        yield _fault(owned, faults.LOG, each.code, "differs from what was logged of it", advice=advice)
    elif len(logged) < len(lines):
        line = lines[-1]
        key = log_keys.waiting(log_keys.shard_of(each.code), line.recorded, each.code, line.line)
        if lookup.item(key) is None and len(log_reader.of_certificate(each.code)) < len(lines):
            how = "has changes that are neither logged nor waiting"
            yield _fault(owned, faults.LOG, each.code, how, partial(_adopt, each))


def _adopt(each: Certificate, _transaction: Commit) -> None:
    changelog.adopt(each)


def _line(line: log.Line) -> tuple[Any, ...]:
    return line.code, line.line, line.what, line.standing, line.effective, line.recorded, line.standard
