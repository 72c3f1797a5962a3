"""A factory's own record: what it says of itself, who may see what, and its history."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, lifecycle
from chalicelib.domain.disclosure import RULES, audience_of, clean_privacy
from chalicelib.domain.errors import Malformed, StaleVersion
from chalicelib.domain.factory import Audience, Factory, Lead, Source, merge_patch
from chalicelib.domain.fields import PERSONAL, clean_fields
from chalicelib.internal import access, body, contacts, links, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Happening
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000


@access.endpoint(routes, "GET", "/internal/v1/factories/{factory_id}", scope="profile:write")
def record(call: Call, factory_id: str) -> Response:
    """The whole record, with an ETag for the next change."""
    return _answer(factories.need(_own(call.caller, factory_id)))


@access.endpoint(routes, "PATCH", "/internal/v1/factories/{factory_id}", scope="profile:write")
def patch(call: Call, factory_id: str) -> Response:
    """Correct and complete the profile: JSON Merge Patch (RFC 7396) of its fields, under ``If-Match``."""
    code = _own(call.caller, factory_id)
    cleaned, faults = clean_fields(call.ask.json(MOST_BYTES), "", removable=True)
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return _answer(edit(call.caller, code, cleaned, versions.asked(call)))


@access.endpoint(routes, "PUT", "/internal/v1/factories/{factory_id}/privacy", scope="profile:write")
def privacy(call: Call, factory_id: str) -> Response:
    """Decide who may see what. Fields that are not named stay as they are."""
    code = _own(call.caller, factory_id)
    wanted = clean_privacy(call.ask.json(MOST_BYTES))
    return _answer(set_privacy(call.caller, code, wanted, versions.if_any(call)))


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/publish", scope="profile:write")
def publish(call: Call, factory_id: str) -> Response:
    """Show a draft to the public."""
    return _answer(show(call.caller, _own(call.caller, factory_id)))


@access.endpoint(routes, "PUT", "/internal/v1/factories/{factory_id}/links/{member_id}", scope="profile:write")
def link(call: Call, factory_id: str, member_id: str) -> Response:
    """Agree, or no longer agree, that the link to a member shows in public. One that the factory ended is taken up."""
    code = _own(call.caller, factory_id)
    agrees = body.read(call.ask.json(MOST_BYTES), {"public": body.boolean})["public"]
    return _answer(links.agree(call.caller, code, member_id, agrees))


@access.endpoint(routes, "DELETE", "/internal/v1/factories/{factory_id}/links/{member_id}", scope="profile:write")
def unlink(call: Call, factory_id: str, member_id: str) -> Response:
    """End the link to a member, from the factory's side: it sees no more than anyone does. PUT takes it up again."""
    code = _own(call.caller, factory_id)
    links.end(call.caller, code, member_id, Source.FACTORY)
    return responses.empty()


@access.endpoint(routes, "PUT", "/internal/v1/factories/{factory_id}/relay", scope="profile:write")
def relay(call: Call, factory_id: str) -> Response:
    """Decide whether buyers may write to the factory through us. Its address is shown to none of them."""
    code = _own(call.caller, factory_id)
    is_open = body.read(call.ask.json(MOST_BYTES), {"open": body.boolean})["open"]
    return _answer(set_relay(call.caller, code, is_open))


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/contact-mail", scope="profile:write")
def contact_mail(call: Call, factory_id: str) -> Response:
    """Mail the link that confirms the contact address once more; the one before works no longer."""
    held = factories.need(_own(call.caller, factory_id))
    return _answer(contacts.send(call.caller, held.factory))


def edit(caller: Caller, factory_id: str, cleaned: dict[str, Any], version: Container[int] | None) -> Held:
    """Apply cleaned fields as the factory's own word. ``StaleVersion`` if somebody changed the record meanwhile."""

    def decide(held: Held) -> Change | None:
        lifecycle.refuse_led(held.factory)
        _same_version(held.factory, version)
        wanted = merge_patch(held.factory, cleaned, clock.today())
        changes = {
            name: _told(name, held.factory.value(name), wanted.value(name))
            for name in cleaned
            if held.factory.own.get(name) != wanted.own.get(name)
        }
        return Change(wanted, (Happening("profile", changes),)) if changes else None

    held = factories.change(factory_id, decide, caller.actor)
    return contacts.after_change(caller, held) if "contact_email" in cleaned else held


def set_privacy(caller: Caller, factory_id: str, wanted: dict[str, Any], version: Container[int] | None) -> Held:
    """Apply audiences. A change takes effect on every public answer at once.

    The factory's page shows the audits of the records that were merged into it: who hides audits hides those, too.
    """
    if (audits := wanted.get("audits", Audience.PUBLIC)) is not Audience.PUBLIC:
        before = factories.need(factory_id).factory
        _same_version(before, version)
        for other in sorted(each for each, lead in before.led.items() if lead is Lead.MERGED):
            if audience_of(factories.need(other).factory, "audits") is Audience.PUBLIC:
                set_privacy(caller, other, {"audits": audits}, None)

    def decide(held: Held) -> Change | None:
        _same_version(held.factory, version)
        changes = {
            name: {"from": audience_of(held.factory, name).value, "to": audience.value}
            for name, audience in wanted.items()
            if audience_of(held.factory, name) != audience
        }
        if not changes:
            return None
        factory = replace(held.factory, privacy={**held.factory.privacy, **wanted})
        return Change(factory, (Happening("privacy", changes),))

    return factories.change(factory_id, decide, caller.actor)


def set_relay(caller: Caller, factory_id: str, is_open: bool) -> Held:
    """Whether buyers may write to the factory. It shows on its page at once."""

    def decide(held: Held) -> Change | None:
        if held.factory.relay == is_open:
            return None
        happening = Happening("relay", {"relay": {"from": held.factory.relay, "to": is_open}})
        return Change(replace(held.factory, relay=is_open), (happening,))

    return factories.change(factory_id, decide, caller.actor)


def show(caller: Caller, factory_id: str) -> Held:
    """Publish a draft."""

    def decide(held: Held) -> Change | None:
        if held.factory.published:
            return None
        lifecycle.refuse_led(held.factory)
        return Change(replace(held.factory, published=True), (Happening("published", {}),))

    return factories.change(factory_id, decide, caller.actor)


def describe(held: Held) -> dict[str, Any]:
    """The whole record as its owner may see it: each field's value, source, date and audience."""
    factory = held.factory
    told = {name: factory.said(name) for name in factory.known_fields}
    return {
        "factory_id": factory.factory_id,
        "status": factory.state.value,
        "status_since": factory.state_since,
        "successor": factory.successor,
        "led_here": {factory_id: lead.value for factory_id, lead in factory.led.items()},
        "published": factory.published,
        "run_by_factory": factory.claimed,
        "relay": factory.relay,
        "site": factory.site,
        "fields": {name: said.value for name, said in told.items() if said is not None},
        "sources": {name: {"source": said.source, "date": said.on} for name, said in told.items() if said is not None},
        "ics": dict(factory.ics.fields) if factory.ics else None,
        "privacy": {name: audience_of(factory, name).value for name in RULES},
        "audits": codec.to_json(factory.audits),
        "links": codec.to_json(factory.links),
        "contact_check": contacts.describe(factory),
        "photos": codec.to_json(factory.photos),
        "programmes": list(factory.programmes),
        "certificates": codec.to_json(list(held.certificates.values())),
        "updated_at": factory.updated_at,
        "url": f"{access.SETTINGS.base_url}/f/{factory.factory_id}",
    }


def _answer(held: Held) -> Response:
    return responses.json_response(describe(held), ETag=f'"{held.factory.version}"')


def _own(caller: Caller, factory_id: str) -> str:
    code = identity.parse_factory_id(factory_id)
    access.need_factory(caller, code)
    return code


def _same_version(factory: Factory, version: Container[int] | None) -> None:
    if version is not None and factory.version not in version:
        raise StaleVersion("The record was changed meanwhile. GET it again, and apply your change to what it says now.")


def _told(name: str, before: Any, after: Any) -> dict[str, Any]:
    return {"personal": True} if name in PERSONAL else {"from": before, "to": after}
