"""What each record answers for in both tables, made by the very functions that publish it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import finding, identity
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.disclosure import PublicFactory, public_factory, public_product
from chalicelib.domain.erasure import contact_addresses
from chalicelib.domain.product import Product
from chalicelib.store import (
    keys,
    measured,
    numbers,
    people_keys,
    programme_keys,
    public_keys,
    standard_codec,
    watch_keys,
)
from chalicelib.store.codec import Body
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import (
    callers,
    claims,
    climate,
    coaching,
    credentials,
    efficiency,
    factories,
    hints,
    lookup,
    member_pages,
    organisations,
    products,
    records,
    signing,
    standards,
)
from chalicelib.store.registry.factories import Held


@dataclass(frozen=True, slots=True)
class Owned:
    """What a record answers for. ``root`` is where it lies: what is mended is mended under its ``version``.

    ``public`` and ``pointers`` are items of the public and of the registry table, ``numbers`` entries of shared items,
    ``hints`` words that forgive a typing error and what the directory can be narrowed to, ``said`` what is signed.
    ``others`` are records that it is made from besides its own and its certificates.
    """

    root: Key
    version: int
    public: Mapping[Key, Body] = field(default_factory=dict)
    pointers: Mapping[Key, Body] = field(default_factory=dict)
    numbers: Mapping[str, Entries] = field(default_factory=dict)
    hints: frozenset[Key] = frozenset()
    said: credentials.Documents = field(default_factory=dict)
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    others: frozenset[Key] = frozenset()

    @property
    def sources(self) -> list[Key]:
        """The records that all this follows from."""
        held = [keys.held_certificate(self.root.pk.partition("#")[2], code) for code in self.certificates]
        return [self.root, *held, *sorted(self.others)]


def of(root: Key) -> Owned | None:
    """What the record at a place answers for, read now; ``None`` if there is none, or none of this kind."""
    kind, _, name = root.pk.partition("#")
    make = _KINDS.get(kind)
    if make is None or root.sk != keys.RECORD:
        return None
    if kind == "FACTORY":
        held = factories.load(name)
        return None if held is None else _factory(held)
    item = lookup.item(root)
    return None if item is None else make(name, item)


def is_root(key: Key) -> bool:
    """Whether a record lies at a place of the registry table that answers for other items."""
    return key.sk == keys.RECORD and key.pk.partition("#")[0] in _KINDS


def _factory(held: Held) -> Owned:
    factory, certificates = held.factory, held.certificates
    members = [member for member, link in factory.links.items() if link.is_public]
    names = organisations.member_names(members)
    public = factories.public_items(factory, certificates.values(), names)
    shown = public_factory(factory, (), {})
    return Owned(
        keys.factory(factory.factory_id),
        factory.version,
        public,
        _pointers(held),
        numbers.entries_of(certificates.values()) if public else {},
        _hints(shown) if shown else frozenset(),
        credentials.of_factory(shown, certificates.values()),
        certificates,
        frozenset(keys.organisation("member", member) for member in members),
    )


def _hints(shown: PublicFactory) -> frozenset[Key]:
    words = finding.entries(shown).forgiven
    halves = {public_keys.half(half, word) for word in words for half in finding.halves(word)}
    return frozenset(halves | hints.facets(shown))


def _pointers(held: Held) -> dict[Key, Body]:
    factory = held.factory
    here: Body = {"factory_id": factory.factory_id}
    found = {keys.network(member, factory.factory_id): here for member, link in factory.links.items() if not link.ended}
    if factory.site is not None:
        found[keys.site(factory.site)] = here
    for address in contact_addresses(factory):
        found[people_keys.contact_of(callers.person(address), factory.factory_id)] = here
    for code, each in held.certificates.items():
        found[keys.certificate(code)] = here
        found[watch_keys.ending(each.valid_to.isoformat(), code)] = {"code": code, **here}
        if each.confirmed:
            found.update(_confirmed(each, {**here, "code": code}))
    return found


def _confirmed(each: Certificate, body: Body) -> dict[Key, Body]:
    number = identity.squeeze_number(each.number)
    found = {keys.confirmed_number(each.standard_id, number): body}
    if each.certifier_id is not None:
        found[keys.confirmed_by(each.certifier_id, each.code)] = body
    if each.gdti is not None:
        found[keys.confirmed_gdti(each.gdti)] = {**body, "standard_id": each.standard_id, "number": number}
    return found


def _product(name: str, item: RegistryItem) -> Owned:
    product = records.product(item.body, int(item.version))
    place = keys.member_product(product.member_id, name)
    items = products.public_items(product)
    makers = frozenset(keys.factory(stage.factory_id) for stage in product.stages)
    listed: Mapping[Key, Body] = {place: {"product_id": name}}
    return Owned(item.key, product.version, items, listed, said=_said_of_product(product), others=makers)


def _said_of_product(product: Product) -> credentials.Documents:
    if not signing.configured():
        return {}
    held = {stage.factory_id: factories.load(stage.factory_id) for stage in product.stages}
    shown = {name: public_factory(each.factory, (), {}) for name, each in held.items() if each is not None}
    makers = {name: each for name, each in shown.items() if each is not None}
    page = public_keys.product_page(product.product_id)
    return {page: credentials.of_product(public_product(product), makers).get(page, credentials.NOTHING)}


def _organisation(name: str, item: RegistryItem) -> Owned:
    kind = str(item.pk).partition("#")[0].lower()
    listed = {keys.organisation_listed(kind, name): {"id": name, "name": item.body["name"]}}
    public: Mapping[Key, Body] = {}
    if kind == "member":
        public = member_pages.public_items(name, item.body)
    elif kind == "standard":
        public = standards.public_items(standard_codec.standard(name, item.body, int(item.version)))
    return Owned(item.key, int(item.version), public, listed)


def _climate(name: str, item: RegistryItem) -> Owned:
    return Owned(item.key, int(item.version), climate.public_items(climate.read(name, item)))


def _efficiency(_name: str, item: RegistryItem) -> Owned:
    record = measured.efficiency(item.body, int(item.version))
    return Owned(item.key, record.version, efficiency.public_items(record))


def _programme(name: str, item: RegistryItem) -> Owned:
    programme = measured.programme(item.body, int(item.version))
    place = programme_keys.organised(programme.organiser_id, name)
    return Owned(
        item.key,
        programme.version,
        coaching.public_items(programme),
        {place: {"programme_id": name}},
        others=frozenset({keys.organisation("organiser", programme.organiser_id)}),
    )


def _parts(name: str, item: RegistryItem) -> Owned:
    parts = measured.parts(item.body, int(item.version))
    listed = {programme_keys.cohort(each.programme_id, name): {"factory_id": name} for each in parts.parts}
    others = frozenset(programme_keys.programme(each.programme_id) for each in parts.parts)
    return Owned(item.key, parts.version, coaching.public_parts(parts), listed, others=others)


def _claims(name: str, item: RegistryItem) -> Owned:
    return Owned(item.key, int(item.version), claims.public_items(name, item.body))


def _never(_name: str, _item: RegistryItem) -> Owned:
    raise AssertionError("a factory is loaded with its certificates")


_KINDS: dict[str, Callable[[str, RegistryItem], Owned]] = {
    "FACTORY": _never,
    "PRODUCT": _product,
    "MEMBER": _organisation,
    "CERTIFIER": _organisation,
    "ORGANISER": _organisation,
    "STANDARD": _organisation,
    "CLIMATE": _climate,
    "EFFICIENCY": _efficiency,
    "PROGRAMME": _programme,
    "PARTS": _parts,
    "CLAIMS": _claims,
}
_OF_FACTORIES = ("DIRECTORY", "WORD", "CATEGORY", "CERTIFIED", "STANDARD", "GLN")
_FREE = ("SIGNING_KEYS", "STATUS_LIST", "LOG", "LOG_ENTRIES", "LOG_OF", "LOG_HASHES", "LOG_CHECKPOINTS", "HALF")


def answers_for_public(key: Key) -> Key | None:
    """Which record an item of the public table must come from, as its key tells.

    ``None`` for what comes from no single record. ``KeyError`` if nothing of ours is called so.
    """
    kind, _, name = key.pk.partition("#")
    if kind in _FREE or (kind == "FACETS" and not key.sk.startswith("standard#")):
        return None
    if key.sk in ("CLIMATE", "EFFICIENCY", "PARTS", "CLAIMS"):
        return Key(f"{key.sk}#{name}", keys.RECORD)
    if kind in _OF_FACTORIES:
        return keys.factory(key.sk.rpartition("#")[2])
    if kind in ("CERTIFICATE", "GDTI"):
        return holder(name if kind == "CERTIFICATE" else key.sk)
    named = {
        "FACETS": ("STANDARD", key.sk.removeprefix("standard#")),
        "MEMBERS": ("MEMBER", key.sk),
        "STANDARDS": ("STANDARD", key.sk),
        "STANDARD_MAP": ("STANDARD", name),
        "FACTORY": ("FACTORY", name),
        "PRODUCT": ("PRODUCT", name),
        "PROGRAMME": ("PROGRAMME", name),
        "MEMBER": ("MEMBER", name),
    }
    if kind == "MEMBER" and key.sk != keys.PAGE:
        return Key(key.sk, keys.RECORD)
    return Key("#".join(named[kind]), keys.RECORD)


def answers_for(key: Key, body: Mapping[str, Any]) -> Key | None:
    """Which record a pointer of the registry table must come from; ``None`` for what is no pointer."""
    kind = key.pk.partition("#")[0]
    within = key.sk.partition("#")[0]
    if kind in ("SITE", "NUMBER", "GDTI", "ENDING") or (kind, key.sk) == ("CERTIFICATE", keys.RECORD):
        return keys.factory(body["factory_id"])
    if (kind, within) == ("CERTIFIER", "CERTIFICATE"):
        return keys.factory(body["factory_id"])
    if (kind, within) in (("MEMBER", "FACTORY"), ("ADDRESS", "CONTACT")):
        return keys.factory(key.sk.partition("#")[2])
    if kind == "LIST" or (kind, within) in (("MEMBER", "PRODUCT"), ("ORGANISER", "PROGRAMME")):
        return Key(key.sk, keys.RECORD)
    if (kind, within) == ("PROGRAMME", "FACTORY"):
        return programme_keys.parts(key.sk.partition("#")[2])
    return None


def holder(code: str) -> Key:
    """The record of the factory that holds a certificate."""
    pointer = lookup.item(keys.certificate(code))
    return keys.factory(pointer.body["factory_id"] if pointer is not None else "")
