"""Products and their stages, each answered for by one member."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from chalicelib import clock
from chalicelib.domain.claim import Claims
from chalicelib.domain.disclosure import public_product
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.product import Product
from chalicelib.store import codec, keys, public_keys, reader
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import credentials, history, lookup, records
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening, Head
from chalicelib.store.registry.replies import Row


def load(product_id: str) -> Product | None:
    """One product; ``None`` if there is none."""
    item = lookup.item(keys.product(product_id))
    return None if item is None else records.product(item.body, int(item.version))


def listed(member_id: str, after: str = "", limit: int = 50) -> list[Product]:
    """The products that a member answers for, by GTIN or code, from the one after ``after``."""
    pointers = lookup.following(keys.member_product(member_id), after, limit)
    return several(pointer["product_id"] for pointer in pointers)


def several(product_ids: Iterable[str]) -> list[Product]:
    """Products by GTIN or code; those that are not on record are absent."""
    found = lookup.items(keys.product(product_id) for product_id in product_ids)
    return sorted((records.product(each.body, int(each.version)) for each in found), key=lambda each: each.product_id)


def put(
    wanted: Product, actor: Actor, *, must_exist: bool = False, version: int | None = None, row: Row | None = None
) -> tuple[Product, bool]:
    """Create or replace a product; says whether it is new. The same once more changes nothing. Its claims stay.

    ``row``: of which request this is a row; what an earlier try made for it is the answer, under the code it got then.

    Raises ``Conflict`` if another member answers for it, or it is not at the ``version`` that was seen; ``NotFound`` if
    it ``must_exist`` and does not.
    """

    def attempt() -> tuple[Product, bool]:
        made = _made_for(row)
        if made is not None:
            return made, False
        item = lookup.item(keys.product(wanted.product_id))
        held = records.product(item.body, int(item.version)) if item is not None else None
        if held is None and must_exist:
            raise NotFound("There is no product with this code. POST to /internal/v1/products to get one.")
        if held is not None and held.member_id != wanted.member_id:
            raise Conflict("Another member answers for this product.")
        kept = replace(wanted, claims=held.claims) if held is not None else wanted
        if held is not None and replace(kept, updated_at=held.updated_at, version=held.version) == held:
            return held, False
        if version is not None and (held.version if held else 0) != version:
            raise Conflict(
                "A colleague changed this product while your form was open. What you typed is still here, and not "
                "saved. Save once more to put it in the place of what is on record now."
            )
        head = history.head_of(item)
        return _write(held, kept, head, actor, row=row), held is None

    return persistently(attempt)


def _made_for(row: Row | None) -> Product | None:
    noted = row.noted() if row is not None else None
    return None if noted is None else load(noted["product_id"])


def change_claims(
    product_id: str, decide: Callable[[Product], tuple[Claims, Happening] | None], actor: Actor
) -> Product:
    """Change what is claimed of a product; ``decide`` says to what, and what is told of it (``None``: nothing)."""

    def attempt() -> Product:
        item = lookup.item(keys.product(product_id))
        if item is None:
            raise NotFound("There is no such product of yours.")
        held = records.product(item.body, int(item.version))
        wanted = decide(held)
        if wanted is None:
            return held
        return _write(held, replace(held, claims=wanted[0]), history.head_of(item), actor, wanted[1])

    return persistently(attempt)


def sign_anew(product_id: str, reason: str, actor: Actor) -> Product:
    """Sign anew what the registry says of a product. ``NotFound`` if there is none."""

    def attempt() -> Product:
        item = lookup.item(keys.product(product_id))
        if item is None:
            raise NotFound("There is no such product.")
        held = records.product(item.body, int(item.version))
        happening = Happening("signed_anew", {}, reason)
        return _write(held, held, history.head_of(item), actor, happening, sign=True)

    return persistently(attempt)


def _write(
    held: Product | None,
    wanted: Product,
    head: Head,
    actor: Actor,
    happening: Happening | None = None,
    *,
    sign: bool = False,
    row: Row | None = None,
) -> Product:
    at = clock.instant(clock.now())
    version = held.version if held else 0
    after = replace(wanted, updated_at=at, version=version + 1)
    key = keys.product(after.product_id)
    body = codec.to_json(after)
    del body["version"]
    item = RegistryItem(key.pk, key.sk, body=body)
    changes = {"from": codec.to_json(held) if held else None, "to": body}
    event, head = history.appended(key.pk, head, happening or Happening("put", changes), actor, at)
    item.events, item.event_hash = head.events, head.hash
    transaction = Commit()
    transaction.create(event)
    transaction.replace(item, version)
    place = keys.member_product(after.member_id, after.product_id)
    transaction.put(RegistryItem(place.pk, place.sk, body={"product_id": after.product_id}))
    if row is not None:
        row.note(transaction, {"product_id": after.product_id})
    _show(transaction, held, after, sign=sign)
    transaction.now()
    return after


def _show(transaction: Commit, held: Product | None, after: Product, *, sign: bool) -> None:
    """Have the public items written, and signed anew if what they say is another, or if that is wished."""
    page = public_keys.product_page(after.product_id)
    shown, items = public_product(after), public_items(after)
    makers = reader.factories({stage.factory_id for each in (held, after) if each for stage in each.stages})
    before = credentials.of_product(public_product(held), makers).get(page) if held and not sign else None
    said = credentials.of_product(shown, makers).get(page)
    shown_item = PublicItem(page.pk, page.sk, body=items.pop(page))
    if said is None:
        transaction.show(shown_item, credential="")
    else:
        credentials.show(transaction, shown_item, before or credentials.NOTHING, said, after.updated_at)
    for listed, card in items.items():
        transaction.put(PublicItem(listed.pk, listed.sk, body=card))


def public_items(product: Product) -> dict[Key, Body]:
    """All that the public table holds of a product."""
    shown = public_product(product)
    return {
        public_keys.product_page(product.product_id): codec.to_json(shown),
        public_keys.members_product(product.member_id, product.product_id): codec.to_json(
            replace(shown, lots=(), claims=())
        ),
    }
