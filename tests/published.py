"""A factory, its certificate and a product, published, for tests that need the public table and not the road to it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from chalicelib.domain.disclosure import PublicAudit, PublicCertificate, PublicFactory, PublicProduct, PublicStage
from chalicelib.store import codec, public_keys

FACTORY_ID = "BDF8QY40YGE1"
CODE = "C1EWZEPEEX1"
GTIN = "04006381333931"
NAME = "Kolmilata Knit Composite Ltd."
CERTIFICATE = PublicCertificate(
    code=CODE,
    number="GOTS-2026-0417",
    standard_id="gots",
    standard_name="Global Organic Textile Standard",
    certifier="Trueweave Certification",
    holder_id=FACTORY_ID,
    holder_name=NAME,
    scope="Knitting, dyeing, sewing",
    products=("T-shirts",),
    valid_from=date(2026, 1, 1),
    valid_to=date(2099, 12, 31),
    confirmed=True,
    history=(),
)
FACTORY = PublicFactory(
    factory_id=FACTORY_ID,
    state="open",
    state_since=None,
    successor=None,
    claimed=True,
    fields={"name": NAME, "country": "BD", "city": "Gazipur"},
    sources={name: {"source": "ics_audit", "date": "2026-02-11"} for name in ("name", "country", "city")},
    audits=(PublicAudit("social", "initial", "semi_announced", "2026-02-11"),),
    certificates=(CERTIFICATE,),
    members=(),
    updated_at="2026-02-12T08:00:00Z",
)
PRODUCT = PublicProduct(
    product_id=GTIN,
    brand="Maison Lumière",
    name="Jersey T-shirt",
    category="clothing",
    lots=("L26",),
    stages=(PublicStage("sewing", FACTORY_ID),),
    updated_at="2026-02-12T08:00:00Z",
)


def publish(client: Any, table: str) -> None:
    """Put the three pages into ``table`` with a DynamoDB client of boto3."""
    pages = {
        public_keys.factory_page(FACTORY_ID): FACTORY,
        public_keys.certificate_page(CODE): CERTIFICATE,
        public_keys.product_page(GTIN): PRODUCT,
    }
    for key, page in pages.items():
        body = json.dumps(codec.to_json(page), ensure_ascii=False)
        client.put_item(TableName=table, Item={"pk": {"S": key.pk}, "sk": {"S": key.sk}, "body": {"S": body}})
