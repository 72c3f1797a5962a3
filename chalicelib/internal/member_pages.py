"""What an ICS member says of itself on its public page: for machines here, for the portal's form by the same rules."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import brand, brand_words
from chalicelib.domain.errors import NotFound
from chalicelib.internal import access, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import organisations
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000


@access.endpoint(routes, "GET", "/internal/v1/members/{member_id}/page", scope="page:write")
def record(call: Call, member_id: str) -> Response:
    """What the member says of itself, with an ETag for the next change."""
    return _answer(_own(call.caller, member_id))


@access.endpoint(routes, "PATCH", "/internal/v1/members/{member_id}/page", scope="page:write")
def patch(call: Call, member_id: str) -> Response:
    """Change it: JSON Merge Patch (RFC 7396), under ``If-Match``. It is public at once."""
    code = _own(call.caller, member_id)
    given = call.ask.json(MOST_BYTES)
    edit(call.caller, given, versions.asked(call))
    return _answer(code)


def edit(caller: Caller, patch: Any, version: Container[int]) -> None:
    """Apply a patch of the caller's own page. ``StaleVersion`` if the record was changed since that version."""
    held, _ = organisations.page(caller.tenant)
    said = brand_words.merged(held.get("page", {}), patch)
    organisations.set_page(caller.tenant, said, version, caller.actor)


def described(member_id: str) -> tuple[dict[str, Any], int]:
    """The page as its member may see it: its own words and what shows; and the version for the next change."""
    held, version = organisations.page(member_id)
    shown = brand.of_record(member_id, held)
    own = held.get("page", {})
    told = {
        "member_id": shown.member_id,
        "name": shown.name,
        "country": shown.country,
        "website": own.get("website"),
        "texts": own.get("texts", {}),
        "website_shown": shown.website,
        "url": f"{access.SETTINGS.base_url}/members/{shown.member_id}",
    }
    return told, version


def _own(caller: Caller, member_id: str) -> str:
    """The caller's own identifier; the page of another member is as good as none."""
    if member_id != caller.tenant:
        raise NotFound("There is no such page of yours.")
    return member_id


def _answer(member_id: str) -> Response:
    told, version = described(member_id)
    return responses.json_response(told, ETag=f'"{version}"')
