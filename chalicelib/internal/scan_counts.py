"""How often things were scanned, for whoever answers for them; and codes of items that may have been copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import clones as rules
from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed
from chalicelib.domain.scans import Day, Thing
from chalicelib.internal import access, body, events
from chalicelib.internal.access import Call
from chalicelib.store import codec
from chalicelib.store.registry import clones
from chalicelib.store.registry import scans as store
from chalicelib.web import responses

routes = Blueprint(__name__)

STRETCHES = (30, 90)
"""Of so many days one may ask, today with them; of the first unless one says."""
LONGEST_SERIAL = 28
MOST_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Stretch:
    """The scans of a thing by day, each day there, the oldest first."""

    days: Mapping[date, Day]

    @property
    def people(self) -> int:
        """Scans by people."""
        return sum(each.people for each in self.days.values())

    @property
    def bots(self) -> int:
        """Scans by programs."""
        return sum(each.bots for each in self.days.values())

    @property
    def countries(self) -> dict[str, int]:
        """Scans by people by country, most first."""
        found: Counter[str] = Counter()
        for each in self.days.values():
            found.update(each.countries)
        return dict(sorted(found.items(), key=lambda row: (-row[1], row[0])))


@access.endpoint(routes, "GET", "/internal/v1/factories/{factory_id}/scans", scope="history:read")
def of_factory(call: Call, factory_id: str) -> Response:
    """Scans of a factory's page by day, for whoever may act for it."""
    code = identity.parse_factory_id(factory_id)
    return _answer(call, Thing("f", code))


@access.endpoint(routes, "GET", "/internal/v1/certificates/{code}/scans", scope="history:read")
def of_certificate(call: Call, code: str) -> Response:
    """Scans of a certificate's page by day, for its certifier and its holder."""
    return _answer(call, Thing("c", identity.parse_certificate_code(code)))


@access.endpoint(routes, "GET", "/internal/v1/products/{product_id}/scans", scope="history:read")
def of_product(call: Call, product_id: str) -> Response:
    """Scans of a product's page by day, or of one item's by its serial number, for the member that answers for it."""
    code = identity.parse_product_id(product_id)
    return _answer(call, Thing("p", code, serial_asked(call.ask.query)))


@access.endpoint(routes, "GET", "/internal/v1/clones", scope="products:write")
def copied(call: Call) -> Response:
    """The member's items whose code may have been copied, the newest first, and the rule by which that is noticed."""
    member = call.caller.tenant
    return responses.json_response(
        {"results": clones.listed(member), "rule": codec.to_json(clones.rule(member)), "bounds": bounds()}
    )


@access.endpoint(routes, "PUT", "/internal/v1/clones/rule", scope="products:write")
def put_rule(call: Call) -> Response:
    """Say how many places a day, on how many days of thirty, are more than one item can be in. From now on."""
    read = body.read(call.ask.json(MOST_BYTES), {"places": _number, "days": _number})
    wanted = rules.checked(read)
    clones.set_rule(call.caller.tenant, wanted)
    return responses.json_response(codec.to_json(wanted))


def stretch(thing: Thing, length: int) -> Stretch:
    """The last days of a thing, today with them."""
    today = clock.today()
    since = today - timedelta(days=length - 1)
    held = store.days(thing, since)
    days = [since + timedelta(days=number) for number in range(length)]
    return Stretch({day: held.get(day, Day()) for day in days})


def length_asked(query: Mapping[str, str]) -> int:
    """How many days are asked for."""
    given = query.get("days", str(STRETCHES[0]))
    if given not in {str(each) for each in STRETCHES}:
        raise Malformed("days is 30 or 90.").at("/days")
    return int(given)


def serial_asked(query: Mapping[str, str]) -> str:
    """The serial number asked for; empty for the product as a whole."""
    given = query.get("serial", "").strip()
    if len(given) > LONGEST_SERIAL or "#" in given or not given.isascii() or not given.isprintable():
        raise Malformed("serial is a serial number as it stands in the code.").at("/serial")
    return given


def bounds() -> dict[str, dict[str, int]]:
    """Within what a member's rule has to be."""
    return {name: {"from": least, "to": most} for name, (least, most) in rules.BOUNDS.items()}


def _answer(call: Call, thing: Thing) -> Response:
    events.record_of(call.caller, thing.code)
    found = stretch(thing, length_asked(call.ask.query))
    rows = [
        {"day": day.isoformat(), "people": each.people, "bots": each.bots, "places": each.places}
        for day, each in found.days.items()
    ]
    told: dict[str, Any] = {"serial": thing.serial} if thing.serial else {}
    totals = {"people": found.people, "bots": found.bots, "countries": found.countries}
    return responses.json_response({"of": thing.code, **told, **totals, "days": rows})


def _number(value: Any) -> int:
    if type(value) is not int:
        raise Malformed("must be a whole number")
    return value
