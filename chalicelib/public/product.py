"""A product: who made it, stage by stage, and how each factory stands today."""

from __future__ import annotations

import re

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.public import edge, facts
from chalicelib.public.factory import answers_today
from chalicelib.store import reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

# GS1 General Specifications, figure 7.11-1: what a lot or serial number may consist of.
_SET_82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}\Z""")


@edge.page(routes, "/p/{code}", "/P/{code}")
def product_by_code(ask: Ask, code: str) -> Response:
    """A product by our own code."""
    return _page(ask, identity.parse_product_code(code))


@edge.page(
    routes,
    "/01/{gtin}",
    "/01/{gtin}/10/{lot}",
    "/01/{gtin}/21/{serial}",
    "/01/{gtin}/10/{lot}/21/{serial}",
)
def product_by_gtin(ask: Ask, gtin: str, lot: str | None = None, serial: str | None = None) -> Response:
    """A product by GS1 Digital Link."""
    for name, value in (("lot", lot), ("serial number", serial)):
        if value is not None and not _SET_82.match(value):
            raise Malformed(f"A {name} has 1 to 20 letters, digits or signs of GS1's character set 82.")
    return _page(ask, identity.parse_gtin(gtin), lot, serial)


@edge.document(routes, "/v1/products/{product_id}")
def product_document(_ask: Ask, product_id: str) -> Response:
    """A product: the same facts as its page."""
    found = reader.product(identity.parse_product_id(product_id))
    if found is None:
        raise NotFound("No product with this number is on record. Check it once more.")
    body = facts.product(found.product, found.factories, clock.now())
    return responses.json_response(body, cache=responses.REVALIDATE)


def _page(ask: Ask, product_id: str, lot: str | None = None, serial: str | None = None) -> Response:
    found = reader.product(product_id)
    if found is None:
        typed = identity.shown(product_id)
        return edge.render(ask, "not_found.html", http_status=404, what="product", typed=typed)
    stages = []
    for stage in found.product.stages:
        maker = found.factories.get(stage.factory_id)
        stages.append(
            {
                "process": stage.process,
                "factory": maker,
                "certificates": answers_today(maker) if maker else [],
            }
        )
    return edge.render(
        ask,
        "product.html",
        path=facts.product_path(product_id),
        cache=responses.REVALIDATE,
        product=found.product,
        stages=stages,
        lot=lot,
        serial=serial,
        lot_known=lot is None or lot in found.product.lots,
    )
