"""Members publish their products, stage by stage."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.domain.product import Product, Stage
from chalicelib.internal import access, body, repeats
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec, reader
from chalicelib.store.registry import products as store
from chalicelib.store.registry.replies import Row
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000
MOST_STAGES = 30
MOST_LOTS = 1000
PAGE = 100


@access.endpoint(routes, "GET", "/internal/v1/products", scope="products:write")
def listed(call: Call) -> Response:
    """The member's products by GTIN or code, 100 at a time."""
    found, goes_on = page(call.caller, call.ask.query.get("cursor", ""))
    return responses.json_response({"results": [describe(each) for each in found], "next_cursor": goes_on})


@access.endpoint(routes, "GET", "/internal/v1/products/{product_id}", scope="products:write")
def one(call: Call, product_id: str) -> Response:
    """One of the member's products. One of another member is as good as none."""
    return responses.json_response(describe(need(call.caller, identity.parse_product_id(product_id))))


@access.endpoint(routes, "PUT", "/internal/v1/products/{product_id}", scope="products:write")
def put(call: Call, product_id: str) -> Response:
    """Create or replace a product by its GTIN, or replace one that has a code of ours."""
    identifier = identity.parse_product_id(product_id)
    return _put(call, identifier, must_exist=not identifier.isdigit())


@access.endpoint(routes, "POST", "/internal/v1/products", scope="products:write")
def post(call: Call) -> Response:
    """Create a product that has no GTIN: it gets a code of ours. Under an ``Idempotency-Key`` it gets one only."""
    request = repeats.request_of(call)

    def made() -> dict[str, Any]:
        wanted = checked(call.caller, new_code(), call.ask.json(MOST_BYTES))
        return describe(store.put(wanted, call.caller.actor, row=Row(request) if request else None)[0])

    return repeats.answer(request, made, status=201)


def _put(call: Call, product_id: str, *, must_exist: bool) -> Response:
    wanted = checked(call.caller, product_id, call.ask.json(MOST_BYTES))
    product, created = store.put(wanted, call.caller.actor, must_exist=must_exist)
    return responses.json_response(describe(product), status=201 if created else 200)


def new_code() -> str:
    """A code for a product that has no GTIN."""
    return identity.new_product_code(secrets.choice)


def checked(caller: Caller, product_id: str, content: Any, known: Collection[str] | None = None) -> Product:
    """A product as the caller would have it; ``Malformed`` with every fault.

    ``known`` are the factories on record among those that the stages name, where somebody has looked already.
    """
    read = body.read(
        content,
        {"brand": text.clean, "name": text.clean, "category": text.clean_code, "stages": _stages},
        {"lots": body.list_of(_lot, MOST_LOTS)},
    )
    _on_record(read["stages"], known)
    return Product(
        product_id=product_id,
        member_id=caller.tenant,
        brand=read["brand"],
        name=read["name"],
        category=read["category"],
        lots=tuple(dict.fromkeys(read["lots"] or ())),
        stages=tuple(read["stages"]),
    )


def describe(product: Product) -> dict[str, Any]:
    """A product as its member may see it."""
    told = codec.to_json(replace(product, claims=()))
    del told["claims"]  # they have addresses of their own, where they are told as of today
    return {**told, "url": access.SETTINGS.base_url + identity.product_path(product.product_id)}


def need(caller: Caller, product_id: str) -> Product:
    """A product that the caller answers for; ``NotFound`` for any other."""
    found = store.load(product_id)
    if found is None or found.member_id != caller.tenant:
        raise NotFound("There is no such product of yours.")
    return found


def page(caller: Caller, place: str) -> tuple[list[Product], str | None]:
    """The next hundred products of a member, and the cursor to go on with; ``None`` after the last."""
    after = cursor.read_place(place, caller.tenant) if place else ""
    found = store.listed(caller.tenant, after, PAGE + 1)
    goes_on = cursor.write([found[PAGE - 1].product_id], caller.tenant) if len(found) > PAGE else None
    return found[:PAGE], goes_on


def factory_names(factory_ids: Iterable[str]) -> dict[str, str]:
    """What the factories are called that anyone may see, by Factory ID."""
    found = reader.factories(factory_ids)
    return {factory_id: page.name for factory_id, page in found.items()}


def _stages(value: Any) -> list[Stage]:
    stages: list[Stage] = []
    faults: list[Fault] = []
    for number, stage in enumerate(body.listed(value, MOST_STAGES, 1)):
        checks = {"process": text.clean_code, "factory_id": body.code(identity.parse_factory_id)}
        try:
            stages.append(Stage(**body.read(stage, checks, pointer=f"/stages/{number}")))
        except Malformed as error:
            faults.extend(error.faults)
    if faults:
        raise Malformed("Something is missing or not as it should be.", faults)
    return stages


def _lot(value: Any) -> str:
    lot = text.clean(value, 20)
    if not lot.isascii() or " " in lot:
        raise Malformed("must be a lot number of at most 20 letters, digits or signs without blanks")
    return lot


def _on_record(stages: list[Stage], known: Collection[str] | None) -> None:
    if known is None:
        known = factory_names({stage.factory_id for stage in stages})
    faults = [
        Fault(f"/stages/{number}/factory_id", "is not on record")
        for number, stage in enumerate(stages)
        if stage.factory_id not in known
    ]
    if faults:
        raise Malformed("A stage names a factory that is not on record.", faults)
