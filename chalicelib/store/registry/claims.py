"""Claims of factories, products and members: read with what they may rest on, changed under their record's version."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib import clock
from chalicelib.domain import claim as rules
from chalicelib.domain import identity, lifecycle
from chalicelib.domain.claim import Claim, Claims, Holder
from chalicelib.domain.disclosure import PublicCertificate, public_certificate
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.store import codec, keys, public_keys, reader
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import factories, history, lookup, organisations, products
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening

Decided = tuple[Claims, Happening]
Decide = Callable[[Claims], Decided | None]
"""What becomes of the claims of a record, and what is told of it; ``None``: nothing."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The claims of one record. ``name`` is what the record is called, ``path`` where it is shown.

    ``certificates``: by code, those on which its claims may rest, as anyone may see them; of a member, those on which
    they do rest. ``public``: whether anyone may see the record.
    """

    kind: Holder
    identifier: str
    name: str
    path: str
    claims: Claims
    version: int
    public: bool = True
    certificates: Mapping[str, PublicCertificate] = field(default_factory=dict)


def need(kind: Holder, identifier: str) -> Shelf:
    """What a factory, product or member claims; ``NotFound`` if there is no such record."""
    match kind:
        case Holder.FACTORY:
            return _of_factory(factories.need(identifier))
        case Holder.PRODUCT:
            return _of_product(identifier)
        case Holder.MEMBER:
            return _of_member(identifier)


def change(kind: Holder, identifier: str, decide: Decide, actor: Actor, version: Container[int] | None = None) -> Shelf:
    """Let ``decide`` say what becomes of the claims, and write it with its event and the public item.

    ``StaleVersion`` if the record is not at the ``version`` that was seen. A record that was merged into another takes
    no claims that it does not have.
    """
    match kind:
        case Holder.FACTORY:
            factories.change(identifier, _decided_of_factory(decide, version), actor)
        case Holder.PRODUCT:
            products.change_claims(identifier, lambda held: _decided(held.claims, held.version, decide, version), actor)
        case Holder.MEMBER:
            _change_member(identifier, decide, actor, version)
    return need(kind, identifier)


def of_one(action: str, claim_id: str, rule: Callable[[Claims], Claims | None], reason: str | None = None) -> Decide:
    """What a rule makes of the claims of a record, told as what became of one of them."""

    def decide(held: Claims) -> Decided | None:
        wanted = rule(held)
        if wanted is None:
            return None
        told = [next((each for each in some if each.claim_id == claim_id), None) for some in (held, wanted)]
        was, is_now = (each and codec.to_json(each) for each in told)
        return wanted, Happening(action, {"claim": {"from": was, "to": is_now}}, reason)

    return decide


def _decided(held: Claims, at: int, decide: Decide, version: Container[int] | None) -> Decided | None:
    if version is not None and at not in version:
        raise StaleVersion("The record was changed meanwhile. GET it again, and apply your change to what it says now.")
    return decide(held)


def _decided_of_factory(decide: Decide, version: Container[int] | None) -> Callable[[Held], Change | None]:
    def of_factory(held: Held) -> Change | None:
        wanted = _decided(held.factory.claims, held.factory.version, decide, version)
        if wanted is None:
            return None
        if not {_words(each) for each in wanted[0]} <= {_words(each) for each in held.factory.claims}:
            lifecycle.refuse_led(held.factory)
        return Change(replace(held.factory, claims=wanted[0]), (wanted[1],))

    return of_factory


def _words(claim: Claim) -> tuple[str, int]:
    return claim.claim_id, claim.version


def _of_factory(held: Held) -> Shelf:
    factory = held.factory
    certificates = {code: public_certificate(each) for code, each in held.certificates.items()}
    path = f"/f/{factory.factory_id}"
    name = str(factory.value("name") or identity.shown(factory.factory_id))
    return Shelf(
        Holder.FACTORY,
        factory.factory_id,
        name,
        path,
        factory.claims,
        factory.version,
        factory.published,
        certificates,
    )


def _of_product(product_id: str) -> Shelf:
    product = products.load(product_id)
    if product is None:
        raise NotFound("There is no such product of yours.")
    makers = reader.factories({stage.factory_id for stage in product.stages})
    held = {each.code: each for maker in makers.values() for each in maker.certificates}
    path = identity.product_path(product_id)
    return Shelf(Holder.PRODUCT, product_id, product.name, path, product.claims, product.version, certificates=held)


def _of_member(member_id: str) -> Shelf:
    name = str(organisations.need("member", member_id)["name"])
    item = lookup.item(keys.member_claims(member_id))
    claims = codec.claims(item.body["claims"]) if item is not None else ()
    held = on_record(rules.codes(claims))
    version = int(item.version) if item is not None else 0
    return Shelf(Holder.MEMBER, member_id, name, f"/members/{member_id}", claims, version, certificates=held)


def on_record(codes: Iterable[str]) -> dict[str, PublicCertificate]:
    """Certificates that anyone may see, by code."""
    wanted = list(codes)
    return reader.certificates(wanted) if wanted else {}


def _change_member(member_id: str, decide: Decide, actor: Actor, version: Container[int] | None) -> None:
    organisations.need("member", member_id)
    key = keys.member_claims(member_id)

    def attempt() -> None:
        held = lookup.item(key)
        at = int(held.version) if held is not None else 0
        before = codec.claims(held.body["claims"]) if held is not None else ()
        wanted = _decided(before, at, decide, version)
        if wanted is None:
            return
        body = {"claims": codec.to_json(wanted[0])}
        moment = clock.instant(clock.now())
        event, head = history.appended(key.pk, history.head_of(held), wanted[1], actor, moment)
        item = RegistryItem(key.pk, key.sk, body=body, events=head.events, event_hash=head.hash)
        transaction = Commit()
        transaction.create(event)
        transaction.replace(item, at)
        for page, shown in public_items(member_id, body).items():
            transaction.put(PublicItem(page.pk, page.sk, body=shown))
        transaction.now()

    persistently(attempt)


def public_items(member_id: str, body: codec.Body) -> dict[Key, codec.Body]:
    """What the public table holds of a member's claims."""
    return {public_keys.member_claims(member_id): body}
