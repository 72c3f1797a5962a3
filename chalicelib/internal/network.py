"""A member's network: the factories that supply it, how they stand today, and the same to take home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from urllib.parse import urlencode

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, sought
from chalicelib.domain.errors import Malformed, NotFound, TooLarge
from chalicelib.domain.factory import Source
from chalicelib.domain.network import Supplier, stands_for, supplier
from chalicelib.domain.sought import Wish
from chalicelib.internal import access, body, links, suppliers
from chalicelib.internal.access import Call, Caller
from chalicelib.store import reader
from chalicelib.store.registry import factories, networks
from chalicelib.store.registry.factories import Held
from chalicelib.web import cursor, responses, sheet, workbook

routes = Blueprint(__name__)

MOST_BYTES = 10_000
PAGE = 100
MOST_LOOKED = 1000
MOST_IN_FILE = 2500
MOST_FILE_BYTES = 4_500_000  # a function's answer has at most six megabytes, as JSON
MARK = "\ufeff"
"""Without this mark spreadsheets take a CSV for the alphabet of the machine that they run on."""


@dataclass(frozen=True, slots=True)
class Found:
    """Suppliers that were sought, and after which Factory ID to go on; empty where there are no more."""

    suppliers: list[Supplier]
    goes_on: str


@access.endpoint(routes, "GET", "/internal/v1/network", scope="network:write")
def network(call: Call) -> Response:
    """The member's suppliers by Factory ID, 100 at a time: what they show to their network, and how they stand today.

    A page holds those that fit among the next 1,000: it may be short, even empty, and still have a `next_cursor`.
    """
    wanted = sought.wish(call.ask.query)
    found = page(call.caller, wanted, call.ask.query.get("cursor", ""))
    rows = [suppliers.fact(each, clock.today()) for each in found.suppliers]
    following = token(call.caller, wanted, found.goes_on) if found.goes_on else None
    return responses.json_response({"results": rows, "next_cursor": following})


@access.endpoint(routes, "GET", "/internal/v1/network.csv", scope="network:write")
def as_csv(call: Call) -> Response:
    """The same as CSV, of the next 2,500 suppliers; `Link` with `rel="next"` says where the following part is."""
    return exported(call.caller, call.ask.query, "csv")


@access.endpoint(routes, "GET", "/internal/v1/network.xlsx", scope="network:write")
def as_xlsx(call: Call) -> Response:
    """The same as an XLSX workbook, of the next 2,500 suppliers."""
    return exported(call.caller, call.ask.query, "xlsx")


@access.endpoint(routes, "GET", "/internal/v1/network.geojson", scope="network:write")
def as_geojson(call: Call) -> Response:
    """Where the suppliers are that show their place to their network: GeoJSON (RFC 7946), of the next 2,500."""
    return exported(call.caller, call.ask.query, "geojson")


@access.endpoint(routes, "GET", "/internal/v1/network/{factory_id}", scope="network:write")
def one(call: Call, factory_id: str) -> Response:
    """One supplier of the member's network. Any other factory is as good as none."""
    return responses.json_response(
        suppliers.fact(need(call.caller, identity.parse_factory_id(factory_id)), clock.today())
    )


@access.endpoint(routes, "PUT", "/internal/v1/network/{factory_id}", scope="network:write")
def put(call: Call, factory_id: str) -> Response:
    """Add a factory to the network; ``{"public": true}`` is the member's side of a link that all may see."""
    code = identity.parse_factory_id(factory_id)
    public = body.read(call.ask.json(MOST_BYTES), {}, {"public": body.boolean})["public"] or False
    told = shown(links.add(call.caller.tenant, code, public, call.caller.actor), call.caller.tenant)
    if told is None:  # the factory was merged into one that is in the network already
        raise NotFound("There is no such supplier in your network.")
    return responses.json_response(suppliers.fact(told, clock.today()))


@access.endpoint(routes, "DELETE", "/internal/v1/network/{factory_id}", scope="network:write")
def end(call: Call, factory_id: str) -> Response:
    """End the link from the member's side. No audit batch takes it up again; the member can, by adding the factory."""
    code = identity.parse_factory_id(factory_id)
    need(call.caller, code)
    links.end(call.caller, code, call.caller.tenant, Source.MEMBER)
    return responses.empty()


def need(caller: Caller, factory_id: str) -> Supplier:
    """A supplier of the caller's network, by the Factory ID that is linked; ``NotFound`` for any other factory."""
    held = factories.load(factory_id)
    found = shown(held, caller.tenant) if held is not None else None
    if found is None:
        raise NotFound("There is no such supplier in your network.")
    return found


def shown(held: Held, member: str) -> Supplier | None:
    """A factory as it shows itself to a member; ``None`` if it is not linked to it."""
    stands = stands_for(held.factory)
    present = held if stands == held.factory.factory_id else factories.need(stands)
    return supplier(held.factory, present.factory, reader.factory(stands), member)


def page(caller: Caller, wanted: Wish, place: str, size: int = PAGE) -> Found:
    """The next suppliers that fit, of at most a thousand that are looked at."""
    after = _after(caller, wanted, place)
    found: list[Supplier] = []
    today = clock.today()
    for looked, row in enumerate(networks.suppliers(caller.tenant, after, min(size, networks.PAGE)), 1):
        told = supplier(row.linked, row.present, row.page, caller.tenant)
        if told is not None and sought.admits(wanted, told, today):
            found.append(told)
        if not row.last and (len(found) == size or looked == MOST_LOOKED):
            return Found(found, row.linked.factory_id)
    return Found(found, "")


def token(caller: Caller, wanted: Wish, after: str) -> str:
    """The cursor of a place in the answer to a question of a member."""
    return cursor.write([after], _question(caller, wanted))


def exported(caller: Caller, query: Mapping[str, str], kind: str, *, for_people: bool = False) -> Response:
    """What is sought among the next 2,500 suppliers, as a file. ``TooLarge`` if it does not fit an answer."""
    wanted = sought.wish(query)
    after = _after(caller, wanted, query.get("cursor", ""))
    part = list(islice(networks.suppliers(caller.tenant, after), MOST_IN_FILE))
    told = (supplier(row.linked, row.present, row.page, caller.tenant) for row in part)
    today = clock.today()
    found = [each for each in told if each is not None and sought.admits(wanted, each, today)]
    answer = _WRITERS[kind](found, today)
    if for_people and kind == "csv":
        answer.body = MARK + answer.body
    if len(answer.body.encode()) > MOST_FILE_BYTES:
        raise TooLarge("This file is too large for one answer. Narrow the list with a filter.")
    if part and not part[-1].last:
        asked = urlencode({**wanted.asked, "cursor": token(caller, wanted, part[-1].linked.factory_id)})
        answer.headers["Link"] = f'<{access.SETTINGS.base_url}/internal/v1/network.{kind}?{asked}>; rel="next"'
    return answer


def _csv(found: list[Supplier], today: date) -> Response:
    text = sheet.written(suppliers.COLUMNS, (suppliers.row(each, today) for each in found))
    return responses.csv_response(text, f"network-{today.isoformat()}.csv")


def _xlsx(found: list[Supplier], today: date) -> Response:
    text = workbook.written(suppliers.COLUMNS, (suppliers.row(each, today) for each in found))
    return responses.file_response(text, workbook.MEDIA, f"network-{today.isoformat()}.xlsx")


def _geojson(found: list[Supplier], today: date) -> Response:
    features = [each for each in (suppliers.feature(one, today) for one in found) if each is not None]
    text = responses.dumps({"type": "FeatureCollection", "features": features})
    return responses.file_response(text, "application/geo+json", f"network-{today.isoformat()}.geojson")


_WRITERS: Mapping[str, Callable[[list[Supplier], date], Response]] = {"csv": _csv, "xlsx": _xlsx, "geojson": _geojson}

KINDS = tuple(_WRITERS)
"""The kinds of files that a network is exported as."""


def _question(caller: Caller, wanted: Wish) -> str:
    return responses.dumps([caller.tenant, wanted.asked])


def _after(caller: Caller, wanted: Wish, place: str) -> str:
    if not place:
        return ""
    read = cursor.read(place, _question(caller, wanted))
    if len(read) != 1 or not isinstance(read[0], str):
        raise Malformed("This cursor does not belong to this search. Begin again without it.")
    return read[0]
