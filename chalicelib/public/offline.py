"""What a code that can be checked offline leads to when there is a network: the page, with what is so today.

Nothing of what such a code says is shown or believed here. The record answers, and the page says whether the signed
part is the one that the registry gives out.
"""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import gs1, identity
from chalicelib.domain.errors import NotFound
from chalicelib.public import certificate, edge, factory, links
from chalicelib.public.asked import day_asked, known_asked
from chalicelib.store import reader
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(routes, "/s/{token}/{kind}/{value}", "/S/{token}/{kind}/{value}")
def scanned(ask: Ask, token: str, kind: str, value: str) -> Response:
    """A certificate by its GDTI (``253``) or code (``C``), a factory by its ID (``F``)."""
    if kind in ("F", "f"):
        return _factory(ask, token, value)
    if kind in ("C", "c"):
        return _certificate(ask, identity.parse_certificate_code(value), token)
    if kind != "253":
        raise NotFound("There is nothing at this address.")
    named = gs1.read([(kind, value)], ask.pairs)
    found = reader.certificates_with_gdti(named.value)
    if len(found) == 1:
        return _certificate(ask, found[0].code, token)
    return links.missing(ask, "certificate", named.value)


def _factory(ask: Ask, token: str, typed: str) -> Response:
    found, code = reader.scanned_factory(identity.parse_factory_id(typed))
    if found is None:
        return links.missing(ask, "factory", identity.shown(identity.parse_factory_id(typed)))
    return factory.show(ask, found, links.of_factory(found), signed_part=_is(token, code))


def _certificate(ask: Ask, code: str, token: str) -> Response:
    day, known = day_asked(ask), known_asked(ask)
    found, current = reader.scanned_certificate(code)
    if found is None:
        return links.missing(ask, "certificate", identity.shown(code))
    return certificate.show(ask, found, day, links.of_certificate(found), known, signed_part=_is(token, current))


def _is(token: str, code: str | None) -> bool:
    """Whether the signed part is the one that is given out now."""
    return code is not None and token.upper() == code.partition("/")[0]
