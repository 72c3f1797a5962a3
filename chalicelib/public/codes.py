"""QR codes of factories, certificates and products, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable

from chalice.app import Blueprint, Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.public import edge
from chalicelib.web import qr, responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_PARSERS: dict[str, Callable[[str], str]] = {
    "f": identity.parse_factory_id,
    "c": identity.parse_certificate_code,
    "p": identity.parse_product_id,
}
_LONGEST_LABEL = 60


@edge.document(routes, "/qr/{kind}/{file}")
def code(ask: Ask, kind: str, file: str) -> Response:
    """A QR code that leads to our own page and nowhere else. ``?size=`` in mm, ``?label=`` printed below."""
    stem, _, ending = file.rpartition(".")
    parse = _PARSERS.get(kind.lower())
    if parse is None or ending.lower() != "svg":
        raise NotFound("There are codes at /qr/f/{id}.svg, /qr/c/{code}.svg and /qr/p/{code}.svg.")
    return responses.svg_response(
        qr.svg(payload(kind.lower(), parse(stem)), size_mm=_size(ask), label=_label(ask, parse(stem)))
    )


def payload(kind: str, identifier: str) -> str:
    """What a code says: the address of the page, in capitals where that makes it smaller."""
    if kind == "p" and identifier.isdigit():
        return qr.payload(edge.SETTINGS.base_url, "01", identifier)
    return qr.payload(edge.SETTINGS.base_url, kind, identifier)


def _size(ask: Ask) -> float | None:
    given = ask.query.get("size")
    if given is None:
        return None
    try:
        size = float(given)
    except ValueError as error:
        raise Malformed("The size is a number of millimetres.") from error
    if not math.isfinite(size):
        raise Malformed("The size is a number of millimetres.")
    return size


def _label(ask: Ask, identifier: str) -> str:
    given = ask.query.get("label", identity.shown(identifier))
    if len(given) > _LONGEST_LABEL:
        raise Malformed(f"A label has at most {_LONGEST_LABEL} characters.")
    return given
