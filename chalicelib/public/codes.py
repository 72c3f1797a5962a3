"""QR codes of factories, certificates and products: as SVG, and a page on which to choose how one is printed."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass

from chalice.app import Blueprint, Response
from markupsafe import Markup

from chalicelib.domain import identity, offline
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.public import badge, edge
from chalicelib.store import reader
from chalicelib.web import print_code, qr, responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_PARSERS: dict[str, Callable[[str], str]] = {
    "f": identity.parse_factory_id,
    "c": identity.parse_certificate_code,
    "p": identity.parse_product_id,
}
_LONGEST_LABEL = 60
_COLOURS = ("dark", "light", "color", "colour", "fg", "bg", "fill", "background", "foreground")
_DPIS = (203, 300, 600, 1200)


@edge.page_or_file(routes, "/qr/{kind}/{file}", "/QR/{kind}/{file}")
def code(ask: Ask, kind: str, file: str) -> Response:
    """A code that leads to our own page and nowhere else. ``?size=`` in mm, ``?level=``, ``?label=`` printed below.

    Without ``.svg``: the page on which to choose, ``?dpi=`` too.
    """
    stem, _, ending = file.rpartition(".")
    parse = _PARSERS.get(kind.lower())
    if parse is None or (stem and ending.lower() != "svg"):
        raise NotFound("There are codes at /qr/f/{id}.svg, /qr/c/{code}.svg and /qr/p/{code}.svg.")
    if any(name.lower() in _COLOURS for name in ask.query):
        raise Malformed("Codes are always black on white: other colours are not read safely.")
    if not stem:
        return _page(ask, kind.lower(), parse(file))
    identifier = parse(stem)
    content, cache = payload(kind.lower(), identifier), responses.LASTING
    if offline_asked(ask):  # what is signed goes with a withdrawal
        content, cache = _named(kind.lower(), identifier, signed=True)[1], responses.NO_STORE
    size, level = _number(ask, "size"), print_code.level_of(ask.query.get("level", "M"))
    if size is not None:
        dpi = _dpi(ask.query["dpi"]) if "dpi" in ask.query else None
        print_code.refuse_unreadable(content, level, size, dpi if print_code.is_measured(content, level, dpi) else None)
    return responses.svg_response(qr.svg(content, size_mm=size, label=_label(ask, identifier), level=level), cache)


def payload(kind: str, identifier: str) -> str:
    """What a code says: the address of the page, in capitals where that makes it smaller."""
    if kind == "p" and identifier.isdigit():
        return qr.payload(edge.SETTINGS.base_url, "01", identifier)
    return qr.payload(edge.SETTINGS.base_url, kind, identifier)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a code is to be printed, as it stands in the form."""

    size: str
    dpi: str
    level: str


def _page(ask: Ask, kind: str, identifier: str) -> Response:
    signed = offline_asked(ask)
    name, content = _named(kind, identifier, signed=signed)
    if name is None:
        what = {"f": "factory", "c": "certificate", "p": "product"}[kind]
        return edge.render(ask, "not_found.html", http_status=404, what=what, typed=identity.shown(identifier))
    chosen = Chosen(
        ask.query.get("size", "50" if signed else "30"),
        ask.query.get("dpi", "300"),
        ask.query.get("level", "M").upper(),
    )
    fault, picture, printed, level, size = None, b"", 0.0, print_code.LEVELS[1], 30.0
    try:
        level = print_code.level_of(chosen.level)
        size = _number(ask, "size") or (50.0 if signed else 30.0)
        picture, printed = print_code.png(content, size_mm=size, dpi=_dpi(chosen.dpi), level=level)
    except Malformed as error:
        fault = error.detail
    return edge.render(
        ask,
        "qr.html",
        path=f"/qr/{kind}/{identifier}",
        http_status=400 if fault else 200,
        kind=kind,
        identifier=identifier,
        name=name,
        address=content,
        page_path=identity.product_path(identifier) if kind == "p" else f"/{kind}/{identifier}",
        chosen=chosen,
        signed=signed,
        dpis=_DPIS,
        fault=fault,
        picture=base64.b64encode(picture).decode(),
        printed=f"{printed:.1f}",
        far=print_code.read_from_mm(content, level, printed) // 10,
        svg=None if fault else Markup(qr.svg(content, size_mm=printed, level=level)),  # nosec B704: our own markup
        needs_dpi=printed < print_code.smallest_mm(content, level),
        snippet=None if kind == "p" else badge.snippet(kind, identifier, name),
    )


def offline_asked(ask: Ask) -> bool:
    """Whether the code is to be one that can be checked without a network."""
    return ask.yes("offline")


def signed_content(code: str | None) -> str:
    """What such a code says, from what is on record. ``NotFound`` if nothing is."""
    if code is None:
        raise NotFound("There is no code of this that can be checked offline. Leave out offline=1 for a plain one.")
    return offline.address(edge.SETTINGS.base_url, code)


def _named(kind: str, identifier: str, *, signed: bool) -> tuple[str | None, str]:
    """What the page calls the thing, ``None`` if it is not on record; and what its code says."""
    name, code = None, None
    if kind == "f":
        factory, code = reader.scanned_factory(identifier)
        name = factory.name if factory else None
    elif kind == "c":
        certificate, code = reader.scanned_certificate(identifier)
        name = f"{certificate.standard_name}, {certificate.number}" if certificate else None
    elif found := reader.product(identifier):
        name = f"{found.product.brand} {found.product.name}"
    return name, signed_content(code) if signed and name else payload(kind, identifier)


def _number(ask: Ask, name: str) -> float | None:
    given = ask.query.get(name)
    if not given:
        return None
    try:
        size = float(given)
    except ValueError as error:
        raise Malformed("The size is a number of millimetres.").at(f"/{name}") from error
    if not math.isfinite(size):
        raise Malformed("The size is a number of millimetres.").at(f"/{name}")
    return size


def _dpi(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise Malformed("The resolution is a whole number of dots to the inch, such as 300.").at("/dpi")
    return int(given)


def _label(ask: Ask, identifier: str) -> str:
    given = ask.query.get("label", identity.shown(identifier))
    if len(given) > _LONGEST_LABEL:
        raise Malformed(phrase("A label has at most %(most)s characters.", most=_LONGEST_LABEL)).at("/label")
    return given
