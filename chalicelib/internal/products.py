"""Members publish their products, stage by stage."""

from __future__ import annotations

import secrets
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.product import Product, Stage
from chalicelib.internal import access, body
from chalicelib.internal.access import Call
from chalicelib.store import codec, keys
from chalicelib.store.registry import lookup
from chalicelib.store.registry import products as store
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000
MOST_STAGES = 30


@access.endpoint(routes, "PUT", "/internal/v1/products/{product_id}", scope="products:write")
def put(call: Call, product_id: str) -> Response:
    """Create or replace a product by its GTIN, or replace one that has a code of ours."""
    identifier = identity.parse_product_id(product_id)
    return _put(call, identifier, must_exist=not identifier.isdigit())


@access.endpoint(routes, "POST", "/internal/v1/products", scope="products:write")
def post(call: Call) -> Response:
    """Create a product that has no GTIN: it gets a code of ours."""
    return _put(call, identity.new_product_code(secrets.choice), must_exist=False)


def _put(call: Call, product_id: str, *, must_exist: bool) -> Response:
    read = body.read(
        call.ask.json(MOST_BYTES),
        {"brand": text.clean, "name": text.clean, "category": text.clean_code, "stages": _stages},
        {"lots": body.list_of(_lot, 1000)},
    )
    _on_record(read["stages"])
    wanted = Product(
        product_id=product_id,
        member_id=call.caller.tenant,
        brand=read["brand"],
        name=read["name"],
        category=read["category"],
        lots=tuple(dict.fromkeys(read["lots"] or ())),
        stages=tuple(read["stages"]),
    )
    product, created = store.put(wanted, call.caller.actor, must_exist=must_exist)
    answer = {**codec.to_json(product), "url": access.SETTINGS.base_url + identity.product_path(product_id)}
    return responses.json_response(answer, status=201 if created else 200)


def _stages(value: Any) -> list[Stage]:
    stages = []
    for number, stage in enumerate(body.listed(value, MOST_STAGES, 1)):
        checks = {"process": text.clean_code, "factory_id": body.code(identity.parse_factory_id)}
        stages.append(Stage(**body.read(stage, checks, pointer=f"/stages/{number}")))
    return stages


def _lot(value: Any) -> str:
    lot = text.clean(value, 20)
    if not lot.isascii() or " " in lot:
        raise Malformed("must be a lot number of at most 20 letters, digits or signs without blanks")
    return lot


def _on_record(stages: list[Stage]) -> None:
    known = lookup.bodies(keys.factory(stage.factory_id) for stage in stages)
    faults = [
        Fault(f"/stages/{number}/factory_id", "is not on record")
        for number, stage in enumerate(stages)
        if not known.get(keys.factory(stage.factory_id), {}).get("published")
    ]
    if faults:
        raise Malformed("A stage names a factory that is not on record.", faults)
