"""Factories, certificates and products in the vocabulary of schema.org, as JSON-LD for machines that read pages.

A search engine keeps what it read for months. So nothing here says how a certificate stands: what is told of it is
what is printed on it, and only of one whose certifier confirmed that it was issued.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from chalicelib.domain.disclosure import PublicCertificate, PublicFactory, PublicProduct

_CONTEXT = "https://schema.org"
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def organisation(factory: PublicFactory, base_url: str) -> dict[str, Any]:
    """A factory: who and where it is."""
    named = {"streetAddress": "address", "addressLocality": "city", "addressRegion": "region"}
    address = {term: factory.fields[name] for term, name in named.items() if factory.fields.get(name)}
    return {
        "@context": _CONTEXT,
        **_called(f"{base_url}/f/{factory.factory_id}", "Organization", factory.name),
        "identifier": factory.factory_id,
        "address": {"@type": "PostalAddress", "addressCountry": factory.country, **address},
    }


def certification(certificate: PublicCertificate, base_url: str) -> dict[str, Any] | None:
    """A certificate as it was issued; ``None`` where only the factory says so: a declaration names no issuer."""
    if not certificate.confirmed:
        return None
    holder = _called(f"{base_url}/f/{certificate.holder_id}", "Organization", certificate.holder_name)
    return {
        "@context": _CONTEXT,
        **_called(f"{base_url}/c/{certificate.code}", "Certification", certificate.standard_name),
        "certificationIdentification": certificate.number,
        "issuedBy": {"@type": "Organization", "name": certificate.certifier},
        "about": {**holder, "identifier": certificate.holder_id},
        "validFrom": certificate.valid_from.isoformat(),
        "expires": certificate.valid_to.isoformat(),
    }


def product(made: PublicProduct, url: str) -> dict[str, Any]:
    """A product: its brand, its name and its number."""
    number = {"gtin14" if made.product_id.isdigit() else "productID": made.product_id}
    brand = {"@type": "Brand", "name": made.brand}
    return {"@context": _CONTEXT, **_called(url, "Product", made.name), "brand": brand, **number}


def element(value: Mapping[str, Any] | None) -> Markup:
    """The element that holds it in a page: no text in it can end the element. Nothing for ``None``."""
    if value is None:
        return Markup()
    text = _written(value)
    for unsafe, written in _UNSAFE.items():
        if unsafe in text:
            text = text.replace(unsafe, written)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # nosec B704: nothing unsafe is left


def _called(url: str, kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "@id": url, "url": url, "name": name}
