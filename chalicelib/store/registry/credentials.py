"""What the registry signs, in the transaction that changes what it says. What says the same is not signed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib import clock, settings
from chalicelib.domain import cose, credential, offline
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.credential import Document, Registry
from chalicelib.domain.disclosure import PublicFactory, PublicProduct, public_certificate
from chalicelib.domain.offline import Code
from chalicelib.store import public_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import signing
from chalicelib.store.registry.commit import Commit


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to sign about one thing: its credential, and its code for checking offline."""

    document: Document | None = None
    code: Code | None = None


NOTHING = Said()
Documents = dict[Key, Said]
"""What there is to sign, by the public item that it belongs to."""


def registry_here() -> Registry:
    """The registry at the address that an operator chose."""
    return Registry(settings.load().base_url)


def of_factory(page: PublicFactory | None, certificates: Iterable[Certificate]) -> Documents:
    """What there is to sign of a factory that shows, and of its certificates."""
    if page is None or not signing.configured():
        return {}
    registry = registry_here()
    facility = Said(credential.of_facility(page, registry), offline.of_factory(page, registry.base_url))
    said = {public_keys.factory_page(page.factory_id): facility}
    for each in certificates:
        shown = public_certificate(each)
        said[public_keys.certificate_page(each.code)] = Said(
            credential.of_certificate(shown, each.status_index, registry),
            offline.of_certificate(shown, registry.base_url),
        )
    return said


def of_product(page: PublicProduct, makers: Mapping[str, PublicFactory]) -> Documents:
    """The credential of a product. It has no code of this kind: there is nothing in it that ends."""
    said = credential.of_product(page, makers, registry_here()) if signing.configured() else None
    return {} if said is None else {public_keys.product_page(page.product_id): Said(said)}


def show(transaction: Commit, item: PublicItem, was: Said, now: Said, at: str, *, again: bool = False) -> None:
    """Write a public item with what it says newly, signed now; ``again``: with all that it says.

    ``at``: since when it says so (RFC 3339).
    """
    document = code = None
    if now.document is None:
        document = "" if was.document is not None else None
    elif again or now.document != was.document:
        document = signing.signed_document({"validFrom": at, **now.document}, credential.HEADER)
    if now.code is None:
        code = "" if was.code is not None or again else None
    elif again or now.code != was.code:
        code = _signed(now.code, at)
    transaction.show(item, document, code)


def _signed(code: Code, at: str) -> str:
    """A code as it stands after ``/S/``."""
    header, claims = cose.protected(signing.current()), code.said(clock.parsed(at))
    signature = signing.signature_over(cose.signing_input(header, claims, code.bound))
    return f"{cose.base32(cose.sign1(header, claims, signature))}/{code.tail}"
