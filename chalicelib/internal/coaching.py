"""Programmes: their organiser plans them and says what was done, each factory decides whether it takes part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import coaching as rules
from chalicelib.domain import identity, text
from chalicelib.domain.coaching import Element, ElementKind, Kind, Part, Participation, Programme
from chalicelib.domain.errors import Conflict, Fault, Malformed
from chalicelib.domain.fields import clean_country
from chalicelib.internal import access, body, cohorts, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.internal.indicators import own
from chalicelib.store import codec, reader
from chalicelib.store.registry import coaching as store
from chalicelib.store.registry import factories
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000
ALL = "/internal/v1/programmes"
ONE = f"{ALL}/{{programme_id}}"
IN_ONE = f"{ONE}/factories/{{factory_id}}"
OWN = "/internal/v1/factories/{factory_id}/programmes"
SCOPE = "programmes:write"
ANSWERS = {"accept": Part.TAKES_PART, "decline": Part.DECLINED, "leave": Part.LEFT}


@access.endpoint(routes, "GET", ALL, scope=SCOPE)
def listed(call: Call) -> Response:
    """The organiser's programmes, the last to begin first."""
    return responses.json_response({"results": [_told(each) for each in store.listed(call.caller.tenant)]})


@access.endpoint(routes, "PUT", ONE, scope=SCOPE)
def put(call: Call, programme_id: str) -> Response:
    """Create or replace a programme. Its name, organiser and days are public."""
    wanted = checked(call.caller, programme_id, call.ask.json(MOST_BYTES))
    programme, created = store.put(wanted, call.caller.actor, versions.if_any(call))
    return _answer(programme, status=201 if created else 200)


@access.endpoint(routes, "GET", ONE, scope=SCOPE)
def one(call: Call, programme_id: str) -> Response:
    """A programme with the factories that were invited. One of another organiser is as good as none."""
    programme = store.need(programme_id, call.caller.tenant)
    return _answer(programme, cohort=[cohorts.told(each) for each in cohorts.of(programme)])


@access.endpoint(routes, "GET", f"{ONE}/cohort.csv", scope=SCOPE)
def table(call: Call, programme_id: str) -> Response:
    """The factories that were invited, and how far each has come, as a table."""
    return cohorts.csv(store.need(programme_id, call.caller.tenant))


@access.endpoint(routes, "PUT", IN_ONE, scope=SCOPE)
def invite(call: Call, programme_id: str, factory_id: str) -> Response:
    """Invite a factory by its Factory ID. It decides."""
    programme = store.need(programme_id, call.caller.tenant)
    return responses.json_response(_standing(programme, asked(call.caller, programme, factory_id)))


@access.endpoint(routes, "DELETE", IN_ONE, scope=SCOPE)
def take_back(call: Call, programme_id: str, factory_id: str) -> Response:
    """Take back an invitation that was not accepted."""
    programme = store.need(programme_id, call.caller.tenant)
    store.take_back(programme, identity.parse_factory_id(factory_id), call.caller.actor)
    return responses.empty()


@access.endpoint(routes, "GET", IN_ONE, scope=SCOPE)
def standing(call: Call, programme_id: str, factory_id: str) -> Response:
    """How far a factory has come; with its indicators, if it shares them with this programme."""
    programme = store.need(programme_id, call.caller.tenant)
    found = cohorts.one(programme, identity.parse_factory_id(factory_id))
    return responses.json_response(cohorts.told(found, whole=True))


@access.endpoint(routes, "PUT", f"{IN_ONE}/done", scope=SCOPE)
def done(call: Call, programme_id: str, factory_id: str) -> Response:
    """Say what was done on which day: ``{"session-1": "2026-03-02", "workshop-1": null}``. Others stay as they are."""
    programme = store.need(programme_id, call.caller.tenant)
    code = identity.parse_factory_id(factory_id)
    return responses.json_response(_standing(programme, mark(call.caller, programme, code, call.ask.json(MOST_BYTES))))


@access.endpoint(routes, "GET", OWN, scope="profile:write")
def of_factory(call: Call, factory_id: str) -> Response:
    """The programmes that the factory was invited to, and how far it has come in each."""
    found = store.of_factory(own(call.caller, factory_id))
    return responses.json_response({"results": [_place(each) for each in found]})


@access.endpoint(routes, "PUT", f"{OWN}/{{programme_id}}", scope="profile:write")
def answer(call: Call, factory_id: str, programme_id: str) -> Response:
    """Accept, decline or leave (``answer``); decide who sees what (``shares``, ``shows``)."""
    code = own(call.caller, factory_id)
    read = body.read(
        call.ask.json(MOST_BYTES),
        {},
        {"answer": body.one_of(*ANSWERS), "shares": body.boolean, "shows": body.boolean},
    )
    decide(call.caller, code, programme_id, read)
    found = next(each for each in store.of_factory(code) if each.programme.programme_id == programme_id)
    return responses.json_response(_place(found))


def decide(caller: Caller, factory_id: str, programme_id: str, read: Mapping[str, Any]) -> None:
    """What a factory answers, and what it ticks; ``None`` stays as it is."""
    if read["answer"] is not None:
        store.answer(factory_id, programme_id, ANSWERS[read["answer"]], caller.actor)
    if read["shares"] is None and read["shows"] is None:
        return
    shows = store.part(factory_id, programme_id).shows if read["shows"] is None else read["shows"]
    if shows and not factories.need(factory_id).factory.published:
        raise Conflict("Publish your page first: this shows beside it.")
    store.tick(factory_id, programme_id, caller.actor, shares=read["shares"], shows=read["shows"])


def asked(caller: Caller, programme: Programme, factory_id: str) -> Participation:
    """Invite a factory that anyone may see; ``Malformed`` for any other, in the words used for one not on record."""
    code = identity.parse_factory_id(factory_id)
    page = reader.factory(code)
    if page is None:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/factory_id", "is not on record")])
    if page.successor is not None:
        detail = "leads to another record: use that one"
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/factory_id", detail)])
    return store.invite(programme, code, caller.actor)


def mark(caller: Caller, programme: Programme, factory_id: str, given: Any) -> Participation:
    """Put what was done on record, and leave the days of what is not ``given``; ``Malformed`` with every fault."""
    checks = {each.element_id: body.day for each in programme.elements}
    read = body.read(given, {}, checks)

    def marked(held: Participation) -> Participation:
        faults: list[Fault] = []
        for name in given:
            try:
                held = rules.mark(programme, held, name, read[name], clock.today())
            except Malformed as error:
                faults.extend(error.faults)
        if faults:
            raise Malformed("Some fields cannot be taken as sent.", faults)
        return held

    return store.mark(programme, factory_id, marked, caller.actor)


def checked(caller: Caller, programme_id: str, given: Any) -> Programme:
    """A programme as its organiser would have it; ``Malformed`` with every fault."""
    read = body.read(
        given,
        {"name": text.clean, "kind": body.one_of(*Kind), "starts": body.day, "ends": body.day, "elements": _elements},
        {"countries": body.list_of(clean_country, 250)},
    )
    return rules.checked(
        Programme(
            programme_id=text.clean_tenant(programme_id),
            organiser_id=caller.tenant,
            name=read["name"],
            kind=Kind(read["kind"]),
            starts=read["starts"].isoformat(),
            ends=read["ends"].isoformat(),
            countries=tuple(sorted(set(read["countries"] or ()))),
            elements=read["elements"],
        )
    )


def _elements(value: Any) -> tuple[Element, ...]:
    elements: list[Element] = []
    faults: list[Fault] = []
    for number, each in enumerate(body.listed(value, rules.MOST_ELEMENTS)):
        required: Mapping[str, body.Check] = {
            "element_id": text.clean_code,
            "kind": body.one_of(*ElementKind),
            "title": text.clean,
        }
        try:
            read = body.read(each, required, {"on": body.day}, pointer=f"/elements/{number}")
        except Malformed as error:
            faults.extend(error.faults)
            continue
        elements.append(Element(read["element_id"], ElementKind(read["kind"]), read["title"], _iso(read["on"])))
    if faults:
        raise Malformed("Something is missing or not as it should be.", faults)
    return tuple(elements)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _told(programme: Programme) -> dict[str, Any]:
    told: dict[str, Any] = codec.to_json(programme)
    return {name: value for name, value in told.items() if name not in ("version", "organiser_id")}


def _answer(programme: Programme, *, status: int = 200, **more: Any) -> Response:
    return responses.json_response({**_told(programme), **more}, status=status, ETag=f'"{programme.version}"')


def _standing(programme: Programme, part: Participation) -> dict[str, Any]:
    return cohorts.told(cohorts.one(programme, part.factory_id))


def _place(place: store.Place) -> dict[str, Any]:
    part: dict[str, Any] = codec.to_json(place.part)
    return {**part, "programme": {**_told(place.programme), "organiser": place.organiser}}
