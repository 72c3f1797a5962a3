"""Credentials: every member of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import credential
from chalicelib.domain.credential import Registry
from chalicelib.domain.disclosure import PublicStage
from tests.published import CERTIFICATE, CODE, FACTORY, FACTORY_ID, GTIN, NAME, PRODUCT

HERE = "https://id.example"
REGISTRY = Registry(HERE)
ENVELOPE = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
    "issuer": {"type": ["CredentialIssuer"], "id": "did:web:id.example", "name": "Factory ID"},
}
OURS = {"type": ["IdentifierScheme"], "id": "https://id.example/docs", "name": "Factory ID"}
SHOWN = "BD-F8QY4-0YGE1"


def test_the_record_of_a_factory_says_what_is_public_and_leaves_the_rest_empty() -> None:
    assert credential.of_facility(replace(FACTORY, fields={"name": NAME, "country": "BD"}), REGISTRY) == {
        **ENVELOPE,
        "type": ["DigitalFacilityRecord", "VerifiableCredential"],
        "id": f"https://id.example/credentials/f/{FACTORY_ID}",
        "name": NAME,
        "credentialSubject": {
            "type": ["Facility"],
            "id": f"https://id.example/f/{FACTORY_ID}",
            "name": NAME,
            "registeredId": SHOWN,
            "idScheme": OURS,
            "countryOfOperation": {"countryCode": "BD"},
            "processCategory": [],
            "locationInformation": {},
            "address": {
                "streetAddress": "",
                "postalCode": "",
                "addressLocality": "",
                "addressRegion": "",
                "addressCountry": {"countryCode": "BD"},
            },
        },
    }


def test_the_record_of_a_factory_has_its_place_its_processes_its_number_and_its_fate() -> None:
    fields = {
        "name": NAME,
        "country": "BD",
        "address": "17 Mill Road",
        "postal_code": "1700",
        "city": "Gazipur",
        "region": "Dhaka",
        "gln": "4006381333931",
        "processes": ["cut_make-trim"],
        "coordinates": {"latitude": 24, "longitude": 90.5},
    }
    said = credential.of_facility(replace(FACTORY, fields=fields, state="closed", state_since="2026-05-05"), REGISTRY)
    assert said is not None
    subject = said["credentialSubject"]
    assert subject["address"] == {
        "streetAddress": "17 Mill Road",
        "postalCode": "1700",
        "addressLocality": "Gazipur",
        "addressRegion": "Dhaka",
        "addressCountry": {"countryCode": "BD"},
    }
    assert subject["processCategory"] == [
        {
            "code": "cut_make-trim",
            "name": "cut make trim",
            "schemeId": "https://id.example/docs#processes",
            "schemeName": "Processes of Factory ID, an open list",
        }
    ]
    assert subject["locationInformation"] == {"geoLocation": {"latitude": 24.0, "longitude": 90.5}}
    assert subject["description"] == "Closed since 2026-05-05."
    assert subject["facilityAlsoKnownAs"] == [
        {
            "type": ["Facility"],
            "id": "https://id.gs1.org/414/4006381333931",
            "name": NAME,
            "registeredId": "4006381333931",
        }
    ]


def test_a_record_that_was_merged_has_no_credential() -> None:
    assert credential.of_facility(replace(FACTORY, state="merged"), REGISTRY) is None


def test_the_credential_of_a_certificate_says_what_it_says_and_where_to_ask_whether_it_holds() -> None:
    name = "Global Organic Textile Standard, certificate GOTS-2026-0417"
    status = {
        "type": "BitstringStatusListEntry",
        "statusListIndex": "0",
    }
    lists = [
        {
            **status,
            "id": f"https://id.example/credentials/status/{purpose}/0#0",
            "statusPurpose": purpose,
            "statusListCredential": f"https://id.example/credentials/status/{purpose}/0",
        }
        for purpose in ("revocation", "suspension")
    ]
    assert credential.of_certificate(replace(CERTIFICATE, products=("T-shirts", "Socks")), 0, REGISTRY) == {
        **ENVELOPE,
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": f"https://id.example/credentials/c/{CODE}",
        "name": name,
        "credentialSubject": {
            "type": ["ConformityAttestation"],
            "id": f"https://id.example/c/{CODE}",
            "name": name,
            "description": "Knitting, dyeing, sewing; T-shirts; Socks",
            "assessorLevel": "3rdParty",
            "assessmentLevel": "scheme-cab",
            "attestationType": "certification",
            "issuedToParty": {
                "type": ["Party"],
                "id": f"https://id.example/f/{FACTORY_ID}",
                "name": NAME,
                "registeredId": SHOWN,
            },
            "referenceScheme": {
                "type": ["ConformityScheme"],
                "id": "https://id.example/standards/gots",
                "name": "Global Organic Textile Standard",
            },
            "conformityCertificate": {
                "linkURL": f"https://id.example/c/{CODE}",
                "linkName": "Whether it holds today, as Trueweave Certification says",
                "mediaType": "text/html",
            },
        },
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2099-12-31T23:59:59Z",
        "credentialStatus": lists,
    }


def test_what_is_only_declared_or_has_no_place_in_the_lists_has_no_credential() -> None:
    assert credential.of_certificate(replace(CERTIFICATE, confirmed=False), 1, REGISTRY) is None
    assert credential.of_certificate(CERTIFICATE, None, REGISTRY) is None


SPINNER, SEWER = "TR4J7K2M9QXD", "BD7K3M9Q2XWC"
STAGES = (PublicStage("spinning", SPINNER), PublicStage("dyeing", FACTORY_ID), PublicStage("sewing", SEWER))
MAKERS = {
    SPINNER: replace(FACTORY, factory_id=SPINNER, fields={"name": "Spinner", "country": "TR"}),
    SEWER: replace(FACTORY, factory_id=SEWER, fields={"name": "Sewer", "country": "BD"}),
}


def party(role: str, factory_id: str, shown: str, process: str) -> dict[str, Any]:
    told = {"type": ["Party"], "id": f"https://id.example/f/{factory_id}", "name": shown, "description": process}
    return {"role": role, "party": told}


def test_the_passport_of_a_product_names_the_factories_that_show_by_their_ids() -> None:
    assert credential.of_product(replace(PRODUCT, stages=STAGES), MAKERS, REGISTRY) == {
        **ENVELOPE,
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "id": f"https://id.example/credentials/p/{GTIN}",
        "name": "Maison Lumière Jersey T-shirt",
        "credentialSubject": {
            "type": ["Product"],
            "id": f"https://id.example/01/{GTIN}",
            "name": "Maison Lumière Jersey T-shirt",
            "idScheme": {"type": ["IdentifierScheme"], "id": "https://id.gs1.org/01", "name": "GTIN"},
            "idGranularity": "model",
            "productCategory": [
                {
                    "code": "clothing",
                    "name": "clothing",
                    "schemeId": "https://id.example/docs#categories",
                    "schemeName": "Product categories of Factory ID, an open list",
                }
            ],
            "producedAtFacility": {
                "type": ["Facility"],
                "id": f"https://id.example/f/{SEWER}",
                "name": "BD-7K3M9-Q2XWC",
                "registeredId": "BD-7K3M9-Q2XWC",
            },
            "countryOfProduction": {"countryCode": "BD"},
            "relatedParty": [
                party("processor", SPINNER, "TR-4J7K2-M9QXD", "spinning"),
                party("manufacturer", SEWER, "BD-7K3M9-Q2XWC", "sewing"),
            ],
        },
    }


def test_the_last_of_all_makers_is_the_manufacturer_and_its_country_that_of_production() -> None:
    said = credential.of_product(replace(PRODUCT, stages=STAGES), {**MAKERS, FACTORY_ID: FACTORY}, REGISTRY)
    assert said is not None
    subject = said["credentialSubject"]
    assert [each["role"] for each in subject["relatedParty"]] == ["processor", "processor", "manufacturer"]
    assert subject["producedAtFacility"]["id"] == f"{HERE}/f/{SEWER}"


def test_a_product_without_a_gtin_is_named_by_our_code() -> None:
    said = credential.of_product(replace(PRODUCT, product_id="P4J7K2M9QXD", stages=STAGES), MAKERS, REGISTRY)
    assert said is not None
    assert (said["credentialSubject"]["id"], said["credentialSubject"]["idScheme"]) == (f"{HERE}/p/P4J7K2M9QXD", OURS)


@pytest.mark.parametrize(
    "stages", [(), (PublicStage("dyeing", FACTORY_ID),), (STAGES[0], STAGES[1]), (STAGES[2], STAGES[1])]
)
def test_a_product_has_no_passport_if_its_last_maker_does_not_show(stages: tuple[PublicStage, ...]) -> None:
    assert credential.of_product(replace(PRODUCT, stages=stages), MAKERS, REGISTRY) is None
