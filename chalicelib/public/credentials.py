"""What the registry signed: credentials and status lists, as they were signed. Nothing is signed here."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import credential, identity
from chalicelib.domain.errors import NotFound
from chalicelib.domain.status_list import Purpose
from chalicelib.public import edge
from chalicelib.store import public_keys, reader
from chalicelib.store.keys import Key
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.document(routes, "/credentials/{kind}/{identifier}")
def one(_ask: Ask, kind: str, identifier: str) -> Response:
    """The credential of a factory (``f``), a certificate (``c``) or a product (``p``)."""
    return served(place_of(kind, identifier), kind)


@edge.document(routes, "/credentials/status/{purpose}/{number}")
def status_list(_ask: Ask, purpose: str, number: str) -> Response:
    """A status list: which of the certificates in it are withdrawn (``revocation``) or suspended now."""
    if purpose not in tuple(Purpose) or not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFound("There is no such list.")
    return served(public_keys.status_list(purpose, int(number)), "c")


def place_of(kind: str, identifier: str) -> Key:
    """Where the credential of a thing lies. ``NotFound`` for a kind that has none, ``Malformed`` for a bad code."""
    if kind == "f":
        return public_keys.factory_page(identity.parse_factory_id(identifier))
    if kind == "c":
        return public_keys.certificate_page(identity.parse_certificate_code(identifier))
    if kind == "p":
        return public_keys.product_page(identity.parse_product_id(identifier))
    raise NotFound("There is nothing at this address.")


def served(place: Key, kind: str) -> Response:
    """A credential as it was signed. One of a certificate is never kept by a cache; others are asked for each time."""
    found = reader.credential(place)
    if found is None:
        raise NotFound("There is no credential of this. A declared certificate has none, nor has a merged record.")
    cache = responses.NO_STORE if kind == "c" else responses.REVALIDATE
    answer = responses.text_response(found, cache=cache)
    answer.headers["Content-Type"] = credential.MEDIA
    return answer
