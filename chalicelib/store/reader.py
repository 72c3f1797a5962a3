"""What the public may ask: reads of the public table, and nothing else. All reads are consistent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.claim import Claims, codes
from chalicelib.domain.did import SigningKey
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory, PublicProduct, united
from chalicelib.domain.public_efficiency import PublicEfficiency, PublicPart, PublicProgramme
from chalicelib.domain.standard import Card, Standard
from chalicelib.store import codec, programme_keys, public_keys, public_table, standard_codec
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key

_MOST_STANDARDS = 500
_MOST_CLAIMING = 1000  # records that claim one number: who goes before the others is looked for among all of these
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ProductAndMakers:
    """A product with the public pages of the factories of its stages, by Factory ID."""

    product: PublicProduct
    factories: dict[str, PublicFactory]


@dataclass(frozen=True, slots=True)
class Taken:
    """A programme and a factory's part in it."""

    programme: PublicProgramme
    part: PublicPart


@dataclass(frozen=True, slots=True)
class Measured:
    """A factory, what it publishes of its use of resources, and the programmes of which it shows that it takes part."""

    factory: PublicFactory
    told: PublicEfficiency
    programmes: list[Taken]


def factory(factory_id: str) -> PublicFactory | None:
    """One factory: one read, and a second for the records that were merged into it."""
    body = _page(public_keys.factory_page(factory_id))
    return None if body is None else _whole([codec.public_factory(body)])[factory_id]


def programme(factory_id: str, programme: str) -> tuple[PublicFactory, codec.Body] | None:
    """A factory and what it shows of a programme: one read, of both. ``None`` unless both are there."""
    places = public_keys.factory_page(factory_id), public_keys.programme_page(factory_id, programme)
    page, told = map(public_table.several(places).get, places)
    return None if page is None or told is None else (codec.public_factory(page), told)


def efficiency(factory_id: str) -> Measured | None:
    """A factory with what it publishes of its use of resources: one read, and a second where it shows programmes."""
    page, told, parts = (
        public_keys.factory_page(factory_id),
        public_keys.programme_page(factory_id, "efficiency"),
        programme_keys.shown_parts(factory_id),
    )
    found = public_table.several([page, told, parts])
    if page not in found or told not in found:
        return None
    taken = [codec.made(PublicPart, part) for part in found[parts]["parts"]] if parts in found else []
    cards = {
        body["programme_id"]: codec.made(PublicProgramme, body)
        for body in _pages(programme_keys.programme_card(part.programme_id) for part in taken)
    }
    programmes = [Taken(cards[part.programme_id], part) for part in taken if part.programme_id in cards]
    return Measured(codec.public_factory(found[page]), codec.public_efficiency(found[told]), programmes)


def certificate(code: str) -> PublicCertificate | None:
    """One certificate: one read."""
    body = _page(public_keys.certificate_page(code))
    return None if body is None else codec.public_certificate(body)


def scanned_factory(factory_id: str) -> tuple[PublicFactory | None, str | None]:
    """As ``factory``, and with it what stands in its code that can be checked offline."""
    raw = public_table.get(public_keys.factory_page(factory_id))
    if raw is None:
        return None, None
    return _whole([codec.public_factory(public_table.body(raw))])[factory_id], _code(raw)


def scanned_certificate(code: str) -> tuple[PublicCertificate | None, str | None]:
    """As ``certificate``, and with it what stands in its code that can be checked offline."""
    raw = public_table.get(public_keys.certificate_page(code))
    return (None, None) if raw is None else (codec.public_certificate(public_table.body(raw)), _code(raw))


def product(product_id: str) -> ProductAndMakers | None:
    """A product and its makers: two reads, one of them a batch."""
    body = _page(public_keys.product_page(product_id))
    if body is None:
        return None
    found = codec.public_product(body)
    makers = factories({stage.factory_id for stage in found.stages})
    return ProductAndMakers(found, makers)


def has_product(product_id: str) -> bool:
    """Whether a product is on record: one read."""
    return _page(public_keys.product_page(product_id)) is not None


def factories(factory_ids: Iterable[str]) -> dict[str, PublicFactory]:
    """Several factories by Factory ID; those that are not public are absent."""
    bodies = _pages(public_keys.factory_page(factory_id) for factory_id in factory_ids)
    return _whole([codec.public_factory(body) for body in bodies])


def member_claims(member_id: str) -> tuple[Claims, dict[str, PublicCertificate]]:
    """What a member claims, and the certificates that this rests on, by code: one read, and a batch if there are any.

    Those that are not on record are absent; ``Unavailable`` if anything could not be read.
    """
    body = _page(public_keys.member_claims(member_id))
    claims = codec.claims(body["claims"]) if body is not None else ()
    return claims, certificates(codes(claims)) if claims else {}


def _whole(pages: list[PublicFactory]) -> dict[str, PublicFactory]:
    """Factories by Factory ID, each with what stands on the records that were merged into it."""
    wanted = [public_keys.factory_page(factory_id) for page in pages for factory_id in page.merged]
    parts = [wanted[start : start + public_table.AT_ONCE] for start in range(0, len(wanted), public_table.AT_ONCE)]
    merged = [codec.public_factory(body) for part in parts for body in _pages(part)]
    return {page.factory_id: united(page, merged) if page.merged else page for page in pages}


def certificates(codes: Iterable[str]) -> dict[str, PublicCertificate]:
    """Several certificates by code; those that are not on record are absent."""
    bodies = _pages(public_keys.certificate_page(code) for code in codes)
    return {page.code: page for page in map(codec.public_certificate, bodies)}


def certificates_by_number(squeezed: str, standard_id: str | None = None) -> list[PublicCertificate]:
    """Certificates that bear a number (``identity.squeeze_number``): those a certifier confirmed come first."""
    raw = public_table.get(public_keys.by_number(squeezed))
    if raw is None:
        return []
    found = certificates(Entries.of(raw).codes(standard_id))
    return sorted(found.values(), key=lambda page: (not page.confirmed, page.valid_to.toordinal() * -1, page.code))


def factories_with_gln(gln: str) -> list[dict[str, Any]]:
    """Cards of the factories that gave this GLN: one, unless somebody erred. Who leads to another record gives way."""
    cards = _postings(public_keys.by_gln(gln), limit=_MOST_CLAIMING)
    return ([card for card in cards if not card["successor"]] or cards)[:_MOST_SHOWN]


def certificates_with_gdti(gdti: str) -> list[PublicCertificate]:
    """Certificates with this GDTI: two reads, and one for each further hundred that claim it.

    What a certifier confirmed goes before what is only declared, however many declare it.
    """
    rows = _postings(public_keys.by_gdti(gdti), limit=_MOST_CLAIMING)
    found = list(certificates(row["code"] for row in rows).values())
    confirmed = [page for page in found if page.confirmed]
    return sorted(confirmed or found, key=lambda page: page.code)[:_MOST_SHOWN]


def standard(standard_id: str) -> Standard | None:
    """A standard on record: one read, and a second for one that was put before there was a map, to say its name."""
    body = _page(public_keys.standard_page(standard_id))
    if body is None:
        facet = _page(public_keys.facet("standard", standard_id))
        return None if facet is None else Standard(standard_id, facet["name"], "")
    return standard_codec.standard(standard_id, body)


def standards(standard_ids: Iterable[str]) -> dict[str, Standard]:
    """Several standards by identifier: one batch. Those that the map has no page of are absent."""
    bodies = _pages(public_keys.standard_page(standard_id) for standard_id in standard_ids)
    return {body["id"]: standard_codec.standard(body["id"], body) for body in bodies}


def standard_cards(standard_ids: Iterable[str] | None = None) -> dict[str, Card]:
    """Cards of the map by identifier: all of them in one query, or at most a hundred named ones in one batch."""
    if standard_ids is None:
        bodies = _postings(public_keys.standard_card(), limit=_MOST_STANDARDS)
    else:
        bodies = _pages(public_keys.standard_card(standard_id) for standard_id in standard_ids)
    return {body["id"]: standard_codec.public_card(body) for body in bodies}


def credential(place: Key) -> str | None:
    """What the registry signed about what lies at a place, as a JWT; ``None`` if it is not there, or not signed."""
    raw = public_table.get(place)
    return None if raw is None or "credential" not in raw else str(raw["credential"]["S"])


def signing_keys() -> list[SigningKey]:
    """The keys that sign, and those that once signed."""
    place = public_keys.signing_key()
    return [codec.made(SigningKey, body) for body in _postings(place, limit=200)]


def _code(raw: public_table.Raw) -> str | None:
    return str(raw["code"]["S"]) if "code" in raw else None


def _page(key: Key) -> codec.Body | None:
    raw = public_table.get(key)
    return None if raw is None else public_table.body(raw)


def _pages(wanted: Iterable[Key]) -> list[codec.Body]:
    return list(public_table.several(wanted).values())


def _postings(key: Key, *, limit: int) -> list[codec.Body]:
    return [public_table.body(raw) for raw in public_table.query(key.pk, limit=limit)]
