"""The status lists on record and in public: written in the transaction that changes a certificate's standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from chalicelib import clock
from chalicelib.domain import credential, status_list
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.credential import Registry
from chalicelib.domain.did import did_of
from chalicelib.domain.status_list import Purpose
from chalicelib.store import keys, public_keys
from chalicelib.store.models import PublicItem, RegistryItem, reaching
from chalicelib.store.registry import lookup, signing
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.credentials import registry_here

_Bits = dict[Purpose, bytes]


def lacks_place(certificate: Certificate) -> bool:
    """Whether a certificate is confirmed and has no index: since before the registry signed."""
    return certificate.confirmed and certificate.status_index is None and signing.configured()


def numbered(certificate: Certificate) -> Certificate:
    """A certificate with an index in the lists, if it is confirmed. An index given to no avail is never used."""
    if not lacks_place(certificate):
        return certificate
    key = keys.status_index()
    counter = RegistryItem(key.pk, key.sk)
    with reaching():
        counter.update(actions=[RegistryItem.counter.add(1)])
    return replace(certificate, status_index=int(counter.counter or 1) - 1)


def note(transaction: Commit, before: Mapping[str, Certificate], after: Mapping[str, Certificate]) -> None:
    """Put what changed of the certificates' standing into the lists, and these under the version that was read.

    Without a ``before`` the lists are signed anew, whatever they say.
    """
    registry = registry_here()
    for number, members in _by_list(after).items():
        _note(transaction, number, before, members, registry)


def sign_anew(transaction: Commit, number: int) -> None:
    """Sign both lists of a number anew, as they are on record."""
    held = lookup.item(keys.status_list(number))
    if held is None:
        return
    for purpose in Purpose:
        _show(transaction, purpose, number, status_list.unpacked(held.body[purpose]), registry_here())


def _by_list(certificates: Mapping[str, Certificate]) -> dict[int, list[Certificate]]:
    found: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in certificates.values():
        if certificate.status_index is not None:
            found[status_list.place(certificate.status_index).number].append(certificate)
    return found


def _note(
    transaction: Commit, number: int, before: Mapping[str, Certificate], members: list[Certificate], registry: Registry
) -> None:
    flips = []
    for each in members:
        was = before.get(each.code)
        fresh = was is None or was.status_index is None
        bits = {purpose: status_list.is_set(purpose, each) for purpose in Purpose}
        if fresh or was is None or bits != {purpose: status_list.is_set(purpose, was) for purpose in Purpose}:
            flips.append((status_list.place(each.status_index or 0).position, bits))
    if not flips:
        return
    key = keys.status_list(number)
    held = lookup.item(key)
    old: _Bits = {purpose: status_list.unpacked(held.body[purpose]) for purpose in Purpose} if held else {}
    new: _Bits = dict(old) if held else dict.fromkeys(Purpose, b"")
    for position, bits in flips:
        for purpose, value in bits.items():
            new[purpose] = status_list.with_bit(new[purpose], position, value)
    if new == old and before:
        return
    body = {purpose.value: status_list.packed(new[purpose]) for purpose in Purpose}
    transaction.replace(RegistryItem(key.pk, key.sk, body=body), int(held.version) if held else 0)
    for purpose in Purpose:
        if new[purpose] != old.get(purpose) or not before:
            _show(transaction, purpose, number, new[purpose], registry)


def document(purpose: Purpose, number: int, bits: bytes, registry: Registry) -> credential.Document:
    """What a list says, but for since when."""
    return {
        "@context": [credential.CONTEXT[0]],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": registry.url(status_list.path_of(purpose, number)),
        "issuer": did_of(registry.base_url),
        "credentialSubject": status_list.subject(purpose, number, bits, registry.base_url),
    }


def _show(transaction: Commit, purpose: Purpose, number: int, bits: bytes, registry: Registry) -> None:
    said = {"validFrom": clock.instant(clock.now()), **document(purpose, number, bits, registry)}
    item = PublicItem(*public_keys.status_list(purpose.value, number), body={})
    transaction.show(item, signing.signed_document(said, credential.HEADER))
