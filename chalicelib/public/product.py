"""A product: who made it, stage by stage, and how each factory stands today."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import NotFound
from chalicelib.domain.gs1 import DigitalLink
from chalicelib.public import claims, edge, facts, links, scans
from chalicelib.public.factory import answers_today
from chalicelib.store import reader
from chalicelib.store.reader import ProductAndMakers
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(routes, "/p/{code}", "/P/{code}")
def product_by_code(ask: Ask, code: str) -> Response:
    """A product by our own code."""
    return show(ask, identity.parse_product_code(code))


@edge.document(routes, "/v1/products/{product_id}")
def product_document(_ask: Ask, product_id: str) -> Response:
    """A product: the same facts as its page."""
    found = reader.product(identity.parse_product_id(product_id))
    if found is None:
        raise NotFound("No product with this number is on record. Check it once more.")
    body = facts.product(found.product, found.factories, clock.now())
    return responses.json_response(body, cache=responses.REVALIDATE)


def show(ask: Ask, product_id: str, named: DigitalLink | None = None) -> Response:
    """The page of a product, its linkset, or a redirect; ``named`` is the Digital Link by which it was asked for."""
    found = reader.product(product_id)
    if found is None:
        return links.missing(ask, "product", identity.shown(product_id))
    scanned = named.qualifiers if named else {}
    lot = scanned.get("10")
    lot_known = lot is None or lot in found.product.lots
    # Only lots have a record: the linkset is that of the lot if it is known, else that of the product.
    at = DigitalLink("01", product_id, {"10": lot}).path if lot is not None and lot_known else None
    thing = links.of_product(found.product, at)
    other = links.answer(ask, thing)
    if other is not None:
        return other
    serial = scanned.get("21") or scanned.get("235")
    page = edge.render(
        ask,
        "product.html",
        path=identity.product_path(product_id),
        cache=responses.REVALIDATE,
        headers=links.headers(thing),
        product=found.product,
        stages=_stages(found),
        claims=claims.of_product(found.product, found.factories.values(), clock.today()),
        lot=lot,
        variant=scanned.get("22"),
        serial=serial,
        lot_known=lot_known,
    )
    return scans.counted(ask, "p", found.product.product_id, page, serial)


def _stages(found: ProductAndMakers) -> list[dict[str, Any]]:
    stages = []
    for stage in found.product.stages:
        maker = found.factories.get(stage.factory_id)
        answers = answers_today(maker) if maker else []
        stages.append({"process": stage.process, "factory": maker, "certificates": answers})
    return stages
