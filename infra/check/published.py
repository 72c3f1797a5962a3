"""What is signed or published beside records: the keys, the status lists, and the checkpoints of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib import settings
from chalicelib.domain import jws, status_list
from chalicelib.domain.did import SigningKey
from chalicelib.domain.log import Checkpoint
from chalicelib.domain.status_list import Purpose
from chalicelib.store import codec, keys, log_keys, log_reader, public_keys, public_table
from chalicelib.store.keys import Key
from chalicelib.store.models import CompactJSON, PublicItem, RegistryItem
from chalicelib.store.registry import checkpoints, lookup, signing, signing_keys, status_lists
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.credentials import registry_here
from infra.check import signatures
from infra.check.faults import KEYS, LISTS, LOG, Fault, named
from infra.check.signatures import Ring
from infra.check.state import State

_AT_ONCE = 100
_ADVICE = (
    "`python -m infra.migrate --only signing-keys --again` puts it on record. "
    "If it is none of yours: delete the item, then run this with --repair."
)
_CHECKPOINT = 'A new one speaks for all entries: curl -X POST -H "$STAFF" $BASE/internal/v1/log/checkpoints.'
_RESTORE = "The log is never mended. `factory-id log-audit` tells more; restore both tables to one instant."


def wrong(state: State) -> Iterator[Fault]:
    """What is wrong with any of these."""
    yield from _wrong_keys(state)
    if signing.configured():
        known = signatures.ring()
        yield from _wrong_lists(state, known)
        yield from _wrong_checkpoints(state, known)


def _wrong_keys(state: State) -> Iterator[Fault]:
    """Each key stands in public as it does on record. A revocation is never taken back, whichever table tells of it."""
    held, shown = signing_keys.recorded(), signing_keys.published()
    for kid in sorted(held.keys() | shown.keys()):
        state.checked(KEYS)
        there, item = shown.get(kid), lookup.item(public_keys.signing_key(kid))
        place = public_keys.signing_key(kid)
        if item is None:
            yield Fault(KEYS, named(place), "is a key that is not on record", advice=_ADVICE)
        elif there is not None and there.revoked is not None and item.body["revoked"] is None:
            yield Fault(KEYS, named(place), "is revoked, and its record does not say so", advice=_ADVICE)
        else:
            yield from _wrong_key(item)


def _wrong_key(item: RegistryItem) -> Iterator[Fault]:
    for place, body in signing_keys.public_items(codec.made(SigningKey, item.body)).items():
        raw, text = public_table.get(place), CompactJSON().serialize(body)
        if raw is None or raw != {"pk": {"S": place.pk}, "sk": {"S": place.sk}, "body": {"S": text}}:

            def put(transaction: Commit, place: Key = place, body: codec.Body = body) -> None:
                transaction.put(PublicItem(place.pk, place.sk, body=body))

            how = "is not there" if raw is None else "differs from its record"
            yield Fault(KEYS, named(place), how, put, root=item.key, version=int(item.version))


def _wrong_lists(state: State, known: Ring) -> Iterator[Fault]:
    """Each list is signed by a key that counts. Its bits are looked at with the certificates that they are of."""
    counter = lookup.item(keys.status_index())
    drawn = int(counter.counter or 0) if counter is not None else 0
    for number in range(max(drawn - 1, state.highest_index()) // status_list.PLACES + 1):
        held = lookup.item(keys.status_list(number))
        for purpose in Purpose if held is not None else ():
            state.checked(LISTS)
            how = _wrong_list(purpose, number, known)
            if how:
                mend = partial(_sign_list, number) if signatures.can_be_mended(known) else None
                name, version = f"STATUS_LIST#{purpose.value}#{number}", int(held.version)
                yield Fault(LISTS, name, how, mend, signatures.ROTATE, keys.status_list(number), version)


def _sign_list(number: int, transaction: Commit) -> None:
    status_lists.sign_anew(transaction, number)


def _wrong_list(purpose: Purpose, number: int, known: Ring) -> str:
    raw = public_table.get(public_keys.status_list(purpose.value, number))
    if raw is None or "credential" not in raw:
        return "is not there"
    token = raw["credential"]["S"]
    wrong = signatures.wrong_document(token, known)
    if wrong:
        return wrong
    said, wanted = jws.read(token)[1], status_lists.document(purpose, number, b"", registry_here())
    return "" if _but_for_bits(said) == _but_for_bits(wanted) else "says that it is another list"


def _but_for_bits(document: Mapping[str, Any]) -> dict[str, Any]:
    subject = {name: value for name, value in document["credentialSubject"].items() if name != "encodedList"}
    kept = {name: value for name, value in document.items() if name != "validFrom"}
    return {**kept, "credentialSubject": subject}


def _wrong_checkpoints(state: State, known: Ring) -> Iterator[Fault]:
    """Each says what its signature says. By a key that was revoked may be all but the last: that speaks for all."""
    last = log_reader.extent().checkpoint
    place, part = "", log_reader.checkpoints("", _AT_ONCE)
    while part:
        state.checked(LOG, len(part))
        for place, each in part:
            how = _wrong_checkpoint(each, known)
            if how and how != signatures.REVOKED:
                yield Fault(LOG, f"{log_keys.checkpoint().pk} {place}", how, advice=_RESTORE)
        part = log_reader.checkpoints(place, _AT_ONCE)
    how = "" if last is None else _wrong_checkpoint(last, known)
    if how:
        yield Fault(LOG, named(log_keys.latest()), f"ends with a checkpoint that {how}", advice=_CHECKPOINT)


def _wrong_checkpoint(each: Checkpoint, known: Ring) -> str:
    if each.signed is None:
        return ""  # of a time at which this registry did not sign
    wrong = signatures.wrong_document(each.signed, known, checkpoints.HEADER["typ"])
    said = {"log": settings.load().base_url, **codec.to_json(each)}
    del said["signed"]
    if wrong in ("", signatures.REVOKED) and jws.read(each.signed)[1] != said:
        return "says something else than what is signed"
    return wrong
