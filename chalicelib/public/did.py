"""The registry's own identifier and keys, for whoever verifies what it signed."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import did
from chalicelib.public import edge
from chalicelib.store import reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.document(routes, "/.well-known/did.json", "/did.json")
def did_document(_ask: Ask) -> Response:
    """The keys that sign, and those that signed before them (did:web). A revoked one is not among them."""
    body = did.document(edge.SETTINGS.base_url, reader.signing_keys())
    return responses.json_response(body, cache=responses.REVALIDATE)
