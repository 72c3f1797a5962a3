"""Is this factory on record already? Asked before a member invites or adds one."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Malformed, NotAllowed
from chalicelib.domain.fields import clean_country
from chalicelib.domain.likeness import Described, Likely
from chalicelib.internal import access, body
from chalicelib.internal.access import Call
from chalicelib.store.registry import duplicates as store
from chalicelib.web import responses

routes = Blueprint(__name__)

MAY_ASK = frozenset({"invitations:write", "network:write", "staff"})
ASKED: dict[str, body.Check] = {
    "name": text.clean,
    "country": lambda code: clean_country(code.upper()),
    "address": text.clean,
    "city": text.clean,
    "site": text.clean,
    "gln": identity.parse_gln,
}


@access.endpoint(routes, "GET", "/internal/v1/duplicates", scope=access.SIGNED_IN)
def duplicates(call: Call) -> Response:
    """Factories on record that are likely to be the one described, the likeliest first, each with why."""
    if MAY_ASK.isdisjoint(call.caller.scopes):
        raise NotAllowed("Members and staff look for duplicates.")
    given = {name: value for name, value in call.ask.query.items() if value.strip()}
    read = body.read(given, {}, ASKED)
    if not (read["name"] or read["site"] or read["gln"]):
        raise Malformed("Give at least a name, an ICS site number or a GLN.")
    found = store.likely(Described.of_fields(read, read["site"] or ""))
    return responses.json_response({"results": [describe(each) for each in found]})


def describe(likely: Likely) -> dict[str, Any]:
    """A likely duplicate, as JSON."""
    return {
        "factory_id": likely.factory_id,
        "name": likely.name,
        "country": likely.country,
        "city": likely.city or None,
        "reasons": [reason.value for reason in likely.reasons],
        "url": f"{access.SETTINGS.base_url}/f/{likely.factory_id}",
    }
