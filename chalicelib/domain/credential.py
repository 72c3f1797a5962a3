"""What the registry signs about a factory, a certificate, a product: UNTP 0.7 credentials (W3C VCDM 2.0), unsigned.

They are made of Public* types only, so they never say more than anyone may see. An audit is in none of them: UNTP would
call it an attestation, and readers might take it for a certificate. No live status is in them either; whether a
certificate was suspended or withdrawn is told by its entries in the status lists (W3C Bitstring Status List v1.0).

Where UNTP wants a value that is not public or not known, it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import identity, status_list
from chalicelib.domain.did import did_of
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory, PublicProduct
from chalicelib.domain.factory import State
from chalicelib.domain.status_list import Purpose

CONTEXT = ("https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/")
MEDIA = "application/vc+jwt"
HEADER: Mapping[str, str] = {"typ": "vc+jwt", "cty": "vc"}
"""What the JWS header says of a credential (W3C Securing Verifiable Credentials using JOSE and COSE, section 3.1)."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Registry:
    """Who issues: the registry at an address."""

    base_url: str

    def url(self, path: str) -> str:
        """A path of ours as an address."""
        return self.base_url + path

    def envelope(self, kind: str, path: str, name: str, subject: Document) -> Document:
        """A credential without the instant from which it is valid: that of signing, unless its subject has one."""
        return {
            "@context": list(CONTEXT),
            "type": [kind, "VerifiableCredential"],
            "id": self.url(path),
            "issuer": issuer(self),
            "name": name,
            "credentialSubject": subject,
        }

    def facility(self, factory_id: str, name: str) -> Document:
        """A factory, named by its page."""
        return {
            "type": ["Facility"],
            "id": self.url(f"/f/{factory_id}"),
            "name": name,
            "registeredId": identity.shown(factory_id),
        }


def issuer(registry: Registry) -> Document:
    """Who issues, as a credential says it."""
    return {"type": ["CredentialIssuer"], "id": did_of(registry.base_url), "name": "Factory ID"}


def path_of(kind: str, identifier: str) -> str:
    """Where a credential is served: ``kind`` is ``f``, ``c`` or ``p``, as in the pages' own addresses."""
    return f"/credentials/{kind}/{identifier}"


def of_facility(page: PublicFactory, registry: Registry) -> Document | None:
    """The DigitalFacilityRecord of a factory; ``None`` for a record that was merged into another."""
    if page.state == State.MERGED:
        return None
    subject = {
        **registry.facility(page.factory_id, page.name),
        "idScheme": _scheme(registry),
        "countryOfOperation": _country(page.country),
        "processCategory": [_process(registry, code) for code in page.fields.get("processes", ())],
        "locationInformation": _location(page),
        "address": _address(page),
    }
    if page.state != State.OPEN:
        subject["description"] = f"{page.state.capitalize()} since {page.state_since}."
    if "gln" in page.fields:
        gln = page.fields["gln"]
        also = {"type": ["Facility"], "id": f"https://id.gs1.org/414/{gln}", "name": page.name, "registeredId": gln}
        subject["facilityAlsoKnownAs"] = [also]
    return registry.envelope("DigitalFacilityRecord", path_of("f", page.factory_id), page.name, subject)


def of_certificate(page: PublicCertificate, index: int | None, registry: Registry) -> Document | None:
    """The DigitalConformityCredential of a certificate that its certifier confirmed; ``None`` for any other.

    ``index``: its place in the status lists.
    """
    if not page.confirmed or index is None:
        return None
    name = f"{page.standard_name}, certificate {page.number}"
    holder = registry.url(f"/f/{page.holder_id}")
    subject = {
        "type": ["ConformityAttestation"],
        "id": registry.url(f"/c/{page.code}"),
        "name": name,
        "description": "; ".join((page.scope, *page.products)),
        "assessorLevel": "3rdParty",
        "assessmentLevel": "scheme-cab",
        "attestationType": "certification",
        "issuedToParty": {
            "type": ["Party"],
            "id": holder,
            "name": page.holder_name,
            "registeredId": identity.shown(page.holder_id),
        },
        "referenceScheme": {
            "type": ["ConformityScheme"],
            "id": registry.url(f"/standards/{page.standard_id}"),
            "name": page.standard_name,
        },
        "conformityCertificate": {
            "linkURL": registry.url(f"/c/{page.code}"),
            "linkName": f"Whether it holds today, as {page.certifier} says",
            "mediaType": "text/html",
        },
    }
    return {
        **registry.envelope("DigitalConformityCredential", path_of("c", page.code), name, subject),
        "validFrom": f"{page.valid_from.isoformat()}T00:00:00Z",
        "validUntil": f"{page.valid_to.isoformat()}T23:59:59Z",
        "credentialStatus": [status_list.entry(purpose, index, registry.base_url) for purpose in Purpose],
    }


def of_product(page: PublicProduct, makers: Mapping[str, PublicFactory], registry: Registry) -> Document | None:
    """The DigitalProductPassport of a product; ``None`` if the last of its stages is at no factory that shows.

    ``makers``: the factories of its stages that anyone may see, as of this writing of the product. Factories are named
    by their IDs: what they are called is theirs to change, and their own records say it.
    """
    made = [stage for stage in page.stages if stage.factory_id in makers]
    if not made or made[-1] != page.stages[-1]:
        return None
    last = made[-1].factory_id
    is_gtin = page.product_id.isdigit()
    path = identity.product_path(page.product_id)
    subject = {
        "type": ["Product"],
        "id": registry.url(path),
        "name": f"{page.brand} {page.name}",
        "idScheme": _gtin_scheme() if is_gtin else _scheme(registry),
        "idGranularity": "model",
        "productCategory": [_category(registry, page.category)],
        "producedAtFacility": registry.facility(last, identity.shown(last)),
        "countryOfProduction": _country(makers[last].country),
        "relatedParty": [
            {
                "role": "manufacturer" if stage == made[-1] else "processor",
                "party": {
                    "type": ["Party"],
                    "id": registry.url(f"/f/{stage.factory_id}"),
                    "name": identity.shown(stage.factory_id),
                    "description": stage.process,
                },
            }
            for stage in made
        ],
    }
    return registry.envelope("DigitalProductPassport", path_of("p", page.product_id), str(subject["name"]), subject)


def _scheme(registry: Registry) -> Document:
    return {"type": ["IdentifierScheme"], "id": registry.url("/docs"), "name": "Factory ID"}


def _gtin_scheme() -> Document:
    return {"type": ["IdentifierScheme"], "id": "https://id.gs1.org/01", "name": "GTIN"}


def _country(code: str) -> Document:
    return {"countryCode": code}


def _process(registry: Registry, code: str) -> Document:
    return _classified(code, registry.url("/docs#processes"), "Processes of Factory ID, an open list")


def _category(registry: Registry, code: str) -> Document:
    return _classified(code, registry.url("/docs#categories"), "Product categories of Factory ID, an open list")


def _classified(code: str, scheme: str, scheme_name: str) -> Document:
    name = code.replace("_", " ").replace("-", " ")
    return {"code": code, "name": name, "schemeId": scheme, "schemeName": scheme_name}


def _location(page: PublicFactory) -> Document:
    place = page.fields.get("coordinates")
    if place is None:
        return {}
    point = {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}
    return {"geoLocation": point}


def _address(page: PublicFactory) -> Document:
    return {
        "streetAddress": page.fields.get("address", ""),
        "postalCode": page.fields.get("postal_code", ""),
        "addressLocality": page.fields.get("city", ""),
        "addressRegion": page.fields.get("region", ""),
        "addressCountry": _country(page.country),
    }
