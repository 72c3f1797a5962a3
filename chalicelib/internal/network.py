"""A member's network: the factories that supply it, and how they stand today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import status_on
from chalicelib.domain.disclosure import audience_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.factory import Audience, Link, Source, State
from chalicelib.domain.lifecycle import refuse_led
from chalicelib.internal import access, body
from chalicelib.internal.access import Call
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, lifecycle, lookup
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Happening
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000


@access.endpoint(routes, "GET", "/internal/v1/network", scope="network:write")
def network(call: Call) -> Response:
    """The member's suppliers: what they show to their network, and their certificates as of today."""
    member = call.caller.tenant
    rows = lookup.below(keys.organisation("member", member).pk, "FACTORY#")
    found: dict[str, tuple[Held, Link]] = {}
    for row in rows:
        held = factories.load(row["factory_id"])
        if held is not None and _linked(held, member):
            present = _present(held)
            own = present is held or present.factory.factory_id not in found
            if own:
                found[present.factory.factory_id] = present, held.factory.links[member]
    suppliers = [_supplier(held, link) for held, link in found.values()]
    return responses.json_response({"results": suppliers})


@access.endpoint(routes, "PUT", "/internal/v1/network/{factory_id}", scope="network:write")
def put(call: Call, factory_id: str) -> Response:
    """Add a factory to the network; ``{"public": true}`` is the member's side of a link that all may see."""
    code = identity.parse_factory_id(factory_id)
    public = body.read(call.ask.json(MOST_BYTES), {}, {"public": body.boolean})["public"] or False
    member = call.caller.tenant
    today = clock.today().isoformat()

    def decide(held: Held) -> Change | None:
        if not held.factory.published:
            raise NotFound("There is no such factory.")
        refuse_led(held.factory)
        before = held.factory.links.get(member)
        link = replace(before or Link(Source.MEMBER, today), member_agrees=public)
        if link == before:
            return None
        links = {**held.factory.links, member: link}
        changes = {"member": member, "member_agrees": {"from": before and before.member_agrees, "to": public}}
        happening = Happening("link", changes)
        return Change(replace(held.factory, links=links), (happening,), beside=(listing,))

    def listing(transaction: Commit) -> None:
        key = keys.network(member, code)
        transaction.put(RegistryItem(key.pk, key.sk, body={"factory_id": code}))

    held = factories.change(code, decide, call.caller.actor)
    return responses.json_response(_supplier(held, held.factory.links[member]))


def _linked(held: Held, member: str) -> bool:
    link = held.factory.links.get(member)
    return link is not None and link.ended is None


def _present(held: Held) -> Held:
    """The record that stands for a factory today: a merged one gives way to the one that it leads to."""
    factory = held.factory
    return factories.need(factory.successor) if factory.state is State.MERGED and factory.successor else held


def _supplier(held: Held, link: Link) -> dict[str, Any]:
    factory, today = held.factory, clock.today()
    parts = lifecycle.whole(held)
    shown = {
        name: factory.value(name)
        for name in factory.known_fields
        if audience_of(factory, name) in (Audience.PUBLIC, Audience.NETWORK)
    }
    return {
        "factory_id": factory.factory_id,
        "status": factory.state.value,
        "run_by_factory": factory.claimed,
        "link": codec.to_json(link),
        **shown,
        "audits": [
            {"scope": audit.scope, "type": audit.type, "notice": audit.notice, "date": audit.date}
            for part in parts
            if audience_of(part.factory, "audits") is not Audience.PRIVATE
            for audit in part.factory.audits
        ],
        "certificates": [
            {
                "code": each.code,
                "standard_id": each.standard_id,
                "valid_to": each.valid_to.isoformat(),
                "status": status_on(each, today).value,
                "confirmed_by_certifier": each.confirmed,
            }
            for part in parts
            for each in part.certificates.values()
        ],
        "url": f"{access.SETTINGS.base_url}/f/{factory.factory_id}",
    }
