"""The small world that the guard asks about: made where moto stands, by the registry itself, which signs."""

from __future__ import annotations

import base64
from typing import Any

from tests.local_kms import LocalKms

GTIN = "09521234543206"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "SIGNING_KEY": "credentials",
    "RECEIPT_KEY": "receipts",
    "SYNC_WORKERS": "1",  # moto takes no second thread
}
PARTS = {"ai2": "21", "value2": "S9", "ai3": "22", "value3": "2A", "ai4": "254", "value4": "1"}
PLAN = {
    "steps": {"risks": {"words": "Flood maps of 2004 and 2024", "opportunities": ["Shade"], "done": True}},
    "risks": [{"hazard": "flood", "likelihood": 4, "impact": 4, "measure": "Raise the switchboards by a metre"}],
}
INDICATOR = {
    "resource": "energy",
    "name": "Electricity, sewing hall",
    "unit": "kWh",
    "output_unit": "piece",
    "baseline": {"period": "2024", "amount": 5000, "output": 1000},
    "target": {"value": 4, "by": "2027"},
}
READINGS = [{"period": "2026-01", "amount": 4800, "output": 1000}]


def made() -> dict[str, Any]:
    """The items of its public table, the names of what is in it, and what its KMS says of the key for receipts."""
    import pytest
    from moto import mock_aws

    from chalicelib import settings
    from chalicelib.store import models
    from infra import tables
    from tests import local_kms, moto_wire, world
    from tests.stack import Tables

    moto_wire.install()
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        import boto3

        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(world, "_foundation", {})  # what others keep there was not made by a registry that signs
        chosen = settings.load()
        models.connect(chosen)
        client = boto3.client("dynamodb", region_name=chosen.region)
        tables.create_tables(client)
        with local_kms.keys_in_process() as kms:
            held = Tables(client, chosen.registry_table, chosen.public_table)
            for begun in world.World.begun(held, patch):
                names = _numbered() | _grown(begun)
            items = client.scan(TableName=chosen.public_table)["Items"]
            told = _kms(kms)
    models.connect(settings.load())
    return {"items": items, "names": names | _codes(items, names), "kms": told}


def _numbered() -> dict[str, str]:
    """Two factories, two certificates, two products."""
    import tests.numbered as made
    from chalicelib.domain.product import Product, Stage
    from chalicelib.store.registry import products

    made.a_factory(made.MILL, "Meghna Mill", made.GLN)
    made.a_factory(made.OTHER, "Padma Sewing", made.SHARED_GLN)
    code = made.a_certificate(made.MILL, "N-1", made.GDTI)
    made.a_certificate(made.MILL, "N-2", None, certifier=None)
    stages = (Stage("dyeing", made.MILL), Stage("sewing", made.OTHER))
    products.put(Product(made.GTIN, "maison", "Maison", "Shirt", "apparel", (made.LOT,), stages), made.ACTOR)
    products.put(Product(made.OWN_CODE, "maison", "Maison", "Scarf", "apparel", (), ()), made.ACTOR)
    return {
        "factory_id": made.MILL,
        "code": code,
        "gtin": made.GTIN,
        "product_id": made.GTIN,
        "product": made.OWN_CODE,
        "gln": made.GLN,
        "gdti": made.GDTI,
        "ai1": "10",
        "value1": made.LOT,
        "kind": "f",
        "file": f"{made.MILL}.svg",
        "sheet": "poster",
        "topic": "look-up",
        "map": "BD.xml",
        "purpose": "revocation",
        "number": "0",
        "slug": "audit-dates",
    }


def _grown(world: Any) -> dict[str, str]:
    """A factory that shows its climate plan and what it measures, and whose member shows it; standards; a log."""
    from chalicelib.store.registry import checkpoints, sequencer
    from tests.standards import ENTRIES

    for identifier, entry in ENTRIES.items():
        world.staff("PUT", f"/internal/v1/standards/{identifier}", entry).ok()
    mill = world.a_factory(factory={"name": "Jamuna Knit", "country": "BD", "city": "Gazipur"})
    owner, own = world.run_by(mill), f"/internal/v1/factories/{mill}"
    owner("POST", f"{own}/publish").ok()
    owner("PUT", f"{own}/climate", PLAN, If_Match=owner.get(f"{own}/climate").etag).ok()
    owner("POST", f"{own}/climate/publish").ok()
    owner("PUT", f"{own}/indicators/energy", INDICATOR).ok()
    owner("POST", f"{own}/indicators/energy/readings", {"readings": READINGS}).ok()
    owner("POST", f"{own}/efficiency/publish").ok()
    world.a_certificate(mill)
    world.a_product(mill, GTIN)
    world.member("PUT", f"/internal/v1/network/{mill}", {"public": True}).ok()
    owner("PUT", f"{own}/links/maison", {"public": True}).ok()
    sequencer.run()
    checkpoints.make()
    return {"mill": mill, "member": "maison", "standard": "gots", "subject": "chemicals", "letter": "F", **PARTS}


def _codes(items: list[Any], names: dict[str, str]) -> dict[str, str]:
    """The signed part of a factory's code, and the file of the reader by its name of today."""
    from chalicelib.public.scan import READER

    page = next(each for each in items if each["pk"]["S"] == f"FACTORY#{names['factory_id']}" and "code" in each)
    return {"token": page["code"]["S"].partition("/")[0], "reader": f"{READER}.js"}


def _kms(kms: LocalKms) -> dict[str, str]:
    """A public half, and any signature by it: whoever counts calls does not verify it."""
    digest = base64.b64encode(bytes(32)).decode()
    signed = kms.call("Sign", {"KeyId": "receipts", "Message": digest})
    return kms.call("GetPublicKey", {"KeyId": "receipts"}) | signed
