"""What pages tell machines in the vocabulary of schema.org: facts that last, and never how a certificate stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from chalicelib.domain.disclosure import answer_on
from tests.test_pages_render import (
    ANSWERS,
    CERTIFICATE,
    EVIL,
    FACTORY,
    PRODUCT,
    TODAY,
    Outline,
    certificate_page,
    factory_page,
    product_page,
)

SITE = "https://factory-id.example"


def linked(html: str) -> dict:
    outline = Outline(html)
    assert [script.get("type") for script in outline.all("script")] == ["application/ld+json"]
    (text,) = [data for tag, data in outline.texts if tag == "script"]
    return json.loads(text)


def test_a_certificate_is_described_as_it_was_issued():
    assert linked(certificate_page(ANSWERS["valid"])) == {
        "@context": "https://schema.org",
        "@type": "Certification",
        "@id": f"{SITE}/c/CCYYS9E9R0N",
        "url": f"{SITE}/c/CCYYS9E9R0N",
        "name": "GOTS 7.0",
        "certificationIdentification": "CU-7190442-2026",
        "issuedBy": {"@type": "Organization", "name": "Control Union Certifications"},
        "about": {
            "@type": "Organization",
            "@id": f"{SITE}/f/BDF8QY40YGE1",
            "url": f"{SITE}/f/BDF8QY40YGE1",
            "name": "Meghna Knit Composite Ltd.",
            "identifier": "BDF8QY40YGE1",
        },
        "validFrom": "2026-01-15",
        "expires": "2027-01-14",
    }


def test_its_holder_is_the_factory_that_the_factory_s_own_page_describes():
    assert linked(certificate_page(ANSWERS["valid"]))["about"]["@id"] == linked(factory_page(FACTORY))["@id"]


def test_machines_that_keep_what_they_read_are_never_told_how_a_certificate_stands():
    told = {status: linked(certificate_page(answer)) for status, answer in ANSWERS.items()}
    assert told["suspended"] == told["withdrawn"] == told["valid"]
    for said in told.values():
        assert not re.search(r"status|suspend|withdr|\bvalid\b|active", json.dumps(said), re.IGNORECASE)
    past = certificate_page(answer_on(CERTIFICATE, CERTIFICATE.valid_to.replace(year=2030)), today=False)
    assert linked(past) == told["valid"]


def test_a_certificate_that_only_the_factory_declares_names_no_issuer_to_machines():
    declared = certificate_page(answer_on(replace(CERTIFICATE, confirmed=False), TODAY))
    assert not Outline(declared).all("script")


@pytest.mark.parametrize(
    ("product_id", "number"), [("04012345123456", "gtin14"), ("P4J7K2M9QXD", "productID")], ids=["gtin", "own code"]
)
def test_a_product_has_its_brand_its_name_and_its_number(product_id, number):
    said = linked(product_page(product=replace(PRODUCT, product_id=product_id)))
    assert said["@type"] == "Product"
    assert said["name"] == "T-shirt"
    assert said["brand"] == {"@type": "Brand", "name": "Maison Exemple"}
    assert said[number] == product_id
    assert said["@id"].startswith(f"{SITE}/")
    assert len({"gtin14", "productID"} & said.keys()) == 1


def test_no_name_can_end_the_element_that_holds_the_data():
    certificate = replace(CERTIFICATE, number=EVIL, standard_name=EVIL, certifier=EVIL, holder_name=EVIL)
    said = linked(certificate_page(answer_on(certificate, TODAY)))
    assert said["name"] == said["certificationIdentification"] == said["issuedBy"]["name"] == EVIL
    assert said["about"]["name"] == EVIL
    said = linked(product_page(product=replace(PRODUCT, name=EVIL, brand=EVIL)))
    assert said["name"] == said["brand"]["name"] == EVIL
