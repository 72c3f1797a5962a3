"""What the public may ask: reads of the public table, and nothing else. All reads are consistent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.disclosure import PublicCertificate, PublicFactory, PublicProduct, united
from chalicelib.store import codec, keys
from chalicelib.store.keys import Key
from chalicelib.store.models import NumberItem, PublicItem, reaching
from chalicelib.store.numbers import Entries


@dataclass(frozen=True, slots=True)
class ProductAndMakers:
    """A product with the public pages of the factories of its stages, by Factory ID."""

    product: PublicProduct
    factories: dict[str, PublicFactory]


def factory(factory_id: str) -> PublicFactory | None:
    """One factory: one read, and a second for the records that were merged into it."""
    body = _page(keys.factory_page(factory_id))
    return None if body is None else _whole([codec.public_factory(body)])[factory_id]


def certificate(code: str) -> PublicCertificate | None:
    """One certificate: one read."""
    body = _page(keys.certificate_page(code))
    return None if body is None else codec.public_certificate(body)


def product(product_id: str) -> ProductAndMakers | None:
    """A product and its makers: two reads, one of them a batch."""
    body = _page(keys.product_page(product_id))
    if body is None:
        return None
    found = codec.public_product(body)
    makers = factories({stage.factory_id for stage in found.stages})
    return ProductAndMakers(found, makers)


def has_product(product_id: str) -> bool:
    """Whether a product is on record: one read."""
    return _page(keys.product_page(product_id)) is not None


def factories(factory_ids: Iterable[str]) -> dict[str, PublicFactory]:
    """Several factories by Factory ID; those that are not public are absent."""
    bodies = _pages(keys.factory_page(factory_id) for factory_id in factory_ids)
    return _whole([codec.public_factory(body) for body in bodies])


def _whole(pages: list[PublicFactory]) -> dict[str, PublicFactory]:
    """Factories by Factory ID, each with what stands on the records that were merged into it."""
    bodies = _pages(keys.factory_page(factory_id) for page in pages for factory_id in page.merged)
    merged = [codec.public_factory(body) for body in bodies]
    return {page.factory_id: united(page, merged) if page.merged else page for page in pages}


def certificates(codes: Iterable[str]) -> dict[str, PublicCertificate]:
    """Several certificates by code; those that are not on record are absent."""
    bodies = _pages(keys.certificate_page(code) for code in codes)
    return {page.code: page for page in map(codec.public_certificate, bodies)}


def certificates_by_number(squeezed: str, standard_id: str | None = None) -> list[PublicCertificate]:
    """Certificates that bear a number (``identity.squeeze_number``): those a certifier confirmed come first."""
    key = keys.by_number(squeezed)
    with reaching():
        try:
            item = NumberItem.get(key.pk, key.sk, consistent_read=True)
        except NumberItem.DoesNotExist:
            return []
    entries = Entries(frozenset(item.confirmed or ()), frozenset(item.declared or ()))
    found = certificates(entries.codes(standard_id))
    return sorted(found.values(), key=lambda page: (not page.confirmed, page.valid_to.toordinal() * -1, page.code))


def factories_with_gln(gln: str) -> list[dict[str, Any]]:
    """Cards of the factories that gave this GLN: one, unless somebody erred. Who leads to another record gives way."""
    cards = _postings(keys.by_gln(gln), limit=10)
    return [card for card in cards if not card["successor"]] or cards


def certificates_with_gdti(gdti: str) -> list[PublicCertificate]:
    """Certificates with this GDTI: two reads. What a certifier confirmed goes before what is only declared."""
    found = list(certificates(row["code"] for row in _postings(keys.by_gdti(gdti), limit=10)).values())
    confirmed = [page for page in found if page.confirmed]
    return sorted(confirmed or found, key=lambda page: page.code)


def _page(key: Key) -> codec.Body | None:
    with reaching():
        try:
            item = PublicItem.get(key.pk, key.sk, consistent_read=True)
        except PublicItem.DoesNotExist:
            return None
    return dict(item.body)


def _pages(wanted: Iterable[Key]) -> list[codec.Body]:
    distinct = {(key.pk, key.sk) for key in wanted}
    if not distinct:
        return []
    with reaching():
        return [item.body for item in PublicItem.batch_get(distinct, consistent_read=True)]


def _postings(key: Key, *, limit: int, prefix: str = "") -> list[codec.Body]:
    condition = PublicItem.sk.startswith(prefix) if prefix else None
    with reaching():
        return [item.body for item in PublicItem.query(key.pk, condition, consistent_read=True, limit=limit)]
