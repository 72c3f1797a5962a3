"""The rights of people: to be told what is held of them, to take it along, and to have it erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import mailbox, text
from chalicelib.domain.erasure import contact_addresses
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.mailbox import LONGEST
from chalicelib.internal import (
    access,
    body,
    climate,
    confirmations,
    contacts,
    indicator_facts,
    invitations,
    profiles,
    teams,
)
from chalicelib.internal import watches as watching
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec, people_keys
from chalicelib.store.registry import (
    callers,
    coaching,
    efficiency,
    erasure,
    factories,
    history,
    invited,
    learning,
    lookup,
    people,
    photos,
    requests,
    watches,
    whereabouts,
)
from chalicelib.store.registry import climate as plans
from chalicelib.store.registry.factories import Held
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000
PAGE = 100


@access.endpoint(routes, "POST", "/internal/v1/erasures", scope="staff")
def post(call: Call) -> Response:
    """Erase all that is held under an e-mail address. The reason is kept in the histories, the address nowhere."""
    read = body.read(call.ask.json(MOST_BYTES), {"email": _spellings, "reason": text.clean})
    if any(each.casefold() in read["reason"].casefold() for each in read["email"]):
        detail = "must not name the address: the history keeps it for ever"
        raise Malformed("Something is missing or not as it should be.", [Fault("/reason", detail)])
    erased = erasure.person(callers.person(read["email"][0]), call.caller.actor, read["reason"])
    return responses.json_response(codec.to_json(erased))


def _spellings(value: object) -> tuple[str, ...]:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Malformed("must be an e-mail address")
    return mailbox.spellings(value)


def of_person(person: str) -> dict[str, Any]:
    """All that is held of a person, found by the hash of their address."""
    authority = people.authority(person)
    addressed = invited.addressed_to(person)
    sent = lookup.item(people_keys.sign_ins(person))
    colleagues = {role: _colleague(person, role) for role in people.roles(person)}
    entries = [each for each in colleagues.values() if each is not None]
    contact_of = whereabouts.contacts(person)
    watched = watches.of_person(person)
    known = {each.email for each in entries} | {each.email for each in addressed} | _contacts(person, contact_of)
    known |= {each.email for each in watched}
    return {
        "person": person,
        "email_addresses": sorted(known),
        "factories": [_factory(factory_id) for factory_id in authority.factories],
        "roles": [
            {"kind": role.kind, "tenant": role.tenant, "organisation": teams.named(role), "since": each and each.since}
            for role, each in colleagues.items()
        ],
        "contact_of": [_contact_of(factory_id, person) for factory_id in contact_of],
        "invitations": [{"member_id": each.member_id, **invitations.describe(each)} for each in addressed],
        "reports": whereabouts.reports(person),
        "lessons": dict(learning.progress(person).done),
        "watches": [watching.describe(each) for each in watched],
        "language": people.language(person),
        "sign_in_mails": [clock.instant(datetime.fromtimestamp(at, UTC)) for at in sent.body["sent"]] if sent else [],
    }


def is_beyond(factory_id: str, held: Mapping[str, Any]) -> bool:
    """Whether what is held of a person is more than that they run one factory, are its contact and were invited to it.

    Lessons, a language and mails to sign in tell of nothing else that somebody has.
    """
    places = (*held["factories"], *held["contact_of"], *held["invitations"])
    return any(held[name] for name in ("roles", "reports", "watches")) or any(
        each["factory_id"] != factory_id for each in places
    )


def of_factory(caller: Caller, held: Held) -> dict[str, Any]:
    """A factory's whole record with its history, to be taken along."""
    factory_id = held.factory.factory_id
    mine = invited.addressed_to(caller.person) if caller.person else []
    return {
        "photos_waiting": photos.arrived(factory_id),
        "lessons": learning.modules_done([factory_id])[factory_id],
        "exported_at": clock.instant(clock.now()),
        "record": profiles.describe(held),
        "claims": codec.to_json(held.factory.claims),
        "requests": [confirmations.describe(each) for each in requests.of(held.certificates).values()],
        "invitations": [invitations.describe(each) for each in mine if each.factory_id == factory_id],
        "measured": indicator_facts.describe(efficiency.load(factory_id)),
        "programmes": [codec.to_json(place.part) for place in coaching.of_factory(factory_id)],
        "history": _events(f"FACTORY#{factory_id}"),
        "histories_of_programmes": {name: _events(f"{name}#{factory_id}") for name in ("EFFICIENCY", "PARTS")},
        "climate": climate.describe(plans.load(factory_id), clock.today()),
        "history_of_climate": _events(f"CLIMATE#{factory_id}"),
        "histories_of_certificates": {code: _events(f"CERTIFICATE#{code}") for code in held.certificates},
    }


def _events(record: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while part := history.of(record, len(found), PAGE):
        found += part
    return found


def _factory(factory_id: str) -> dict[str, Any]:
    held = factories.load(factory_id)
    return {"factory_id": factory_id, "name": held.factory.value("name") if held else None}


def _contact_of(factory_id: str, person: str) -> dict[str, Any]:
    """A factory whose contact somebody's address is, and whether they confirmed that by a link."""
    held = factories.load(factory_id)
    check = held.factory.contact if held else None
    own = check is not None and check.person == person
    return {**_factory(factory_id), "contact_check": contacts.describe(held.factory) if held and own else None}


def _contacts(person: str, factory_ids: list[str]) -> set[str]:
    """The address of a person, as the records of factories have it."""
    found = set()
    for factory_id in factory_ids:
        held = factories.load(factory_id)
        for said in contact_addresses(held.factory) if held else ():
            if callers.person(said) == person:
                found.add(said)
    return found


def _colleague(person: str, role: people.Role) -> people.Colleague | None:
    return next((each for each in people.team(role) if each.person == person), None)
