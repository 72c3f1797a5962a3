"""What the registry signs, in the transaction that changes what it says. What says the same is not signed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalicelib import settings
from chalicelib.domain import credential
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.credential import Document, Registry
from chalicelib.domain.disclosure import PublicFactory, PublicProduct, public_certificate
from chalicelib.store import public_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import signing
from chalicelib.store.registry.commit import Commit

Documents = dict[Key, Document]
"""Unsigned credentials, by the public item that each belongs to."""


def registry_here() -> Registry:
    """The registry at the address that an operator chose."""
    return Registry(settings.load().base_url)


def of_factory(page: PublicFactory | None, certificates: Iterable[Certificate]) -> Documents:
    """The credentials of a factory that shows, and of its certificates."""
    if page is None or not signing.configured():
        return {}
    registry = registry_here()
    said = {public_keys.factory_page(page.factory_id): credential.of_facility(page, registry)}
    for each in certificates:
        key = public_keys.certificate_page(each.code)
        said[key] = credential.of_certificate(public_certificate(each), each.status_index, registry)
    return {key: document for key, document in said.items() if document is not None}


def of_product(page: PublicProduct, makers: Mapping[str, PublicFactory]) -> Documents:
    """The credential of a product."""
    said = credential.of_product(page, makers, registry_here()) if signing.configured() else None
    return {} if said is None else {public_keys.product_page(page.product_id): said}


def show(transaction: Commit, key: Key, body: object, said: Document | None, at: str, *, keeps: bool = True) -> None:
    """Write a public item with a credential, signed now. ``at``: since when it says so (RFC 3339).

    Without one it ``keeps`` the credential that it has, or has none any more.
    """
    item = PublicItem(key.pk, key.sk, body=body)
    if said is not None:
        transaction.show(item, signing.signed_document({"validFrom": at, **said}, credential.HEADER))
    elif keeps:
        transaction.show(item)
    else:
        transaction.show_unsigned(item)
