"""The registry's signing keys, and signing anew, as staff asks for it."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import identity
from chalicelib.internal import access
from chalicelib.internal.access import Call
from chalicelib.internal.lifecycle import MOST_BYTES
from chalicelib.internal.staff import reason_of
from chalicelib.store import codec
from chalicelib.store.registry import factories, products, signing_keys
from chalicelib.web import responses

routes = Blueprint(__name__)


@access.endpoint(routes, "GET", "/internal/v1/signing-keys", scope="staff")
def get_keys(_call: Call) -> Response:
    """The public halves of the keys that sign and once signed, those that were revoked too."""
    return responses.json_response({"results": [codec.to_json(each) for each in signing_keys.every()]})


@access.endpoint(routes, "DELETE", "/internal/v1/signing-keys/{kid}", scope="staff")
def delete_key(_call: Call, kid: str) -> Response:
    """Revoke a key that leaked: nothing that it signed verifies any longer. Then sign anew, with another key."""
    return responses.json_response(codec.to_json(signing_keys.revoke(kid)))


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/sign", scope="staff")
def sign_factory(call: Call, factory_id: str) -> Response:
    """Sign anew what is said of a factory, its certificates and their status lists."""
    code = identity.parse_factory_id(factory_id)
    factories.sign_anew(code, reason_of(call.ask.json(MOST_BYTES)), call.caller.actor)
    return responses.empty()


@access.endpoint(routes, "POST", "/internal/v1/products/{product_id}/sign", scope="staff")
def sign_product(call: Call, product_id: str) -> Response:
    """Sign anew what is said of a product."""
    code = identity.parse_product_id(product_id)
    products.sign_anew(code, reason_of(call.ask.json(MOST_BYTES)), call.caller.actor)
    return responses.empty()
