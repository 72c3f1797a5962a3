"""How often things were scanned, as their owners see it: a drawing and the same as a table; and copied codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalice.app import Response

from chalicelib.domain import clones as rules
from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.scans import MOST_SERIALS, UNKNOWN, Thing
from chalicelib.internal import products as api
from chalicelib.internal import scan_counts
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import clones, factories, products
from chalicelib.store.registry import scans as store
from chalicelib.web import clone_words
from chalicelib.web.responses import Problem

HEIGHT = 100
STEP = 10
FACTORY = "/portal/factories/{factory_id}/scans"
PRODUCT = "/portal/products/{product_id}/scans"
CLONES = "/portal/clones"
_DIGITS = re.compile(r"[0-9]{1,4}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in the drawing: where its bar stands and how high it is; programs stand above people."""

    day: date
    x: int
    people: int
    bots: int
    people_height: int
    bots_height: int


@door.page("GET", FACTORY, who=door.FACTORY)
def of_factory(visit: Visit, factory_id: str) -> Response:
    """Scans of a factory's page, or of one of its certificates (``?certificate=``)."""
    held = factories.need(factory_id)
    code = visit.ask.query.get("certificate", "")
    chosen = held.certificates.get(code)
    return view.render(
        visit,
        "portal/factory_scans.html",
        factory_id=factory_id,
        factory=held.factory,
        certificates=list(held.certificates.values()),
        chosen=chosen,
        query=f"certificate={code}&" if chosen else "",
        path=FACTORY.format(factory_id=factory_id),
        **_drawn(visit, Thing("c", code) if chosen else Thing("f", factory_id)),
    )


@door.page("GET", PRODUCT, who=door.MEMBER)
def of_product(visit: Visit, product_id: str) -> Response:
    """Scans of a product's page, or of one item's by its serial number."""
    try:
        product = api.need(visit.person, identity.parse_product_id(product_id))
    except Malformed as error:
        raise NotFound("There is no such product of yours.") from error
    serial = scan_counts.serial_asked(visit.ask.query)
    thing = Thing("p", product.product_id, serial)
    drawn = _drawn(visit, thing)
    return view.render(
        visit,
        "portal/product_scans.html",
        product=product,
        serial=serial,
        uncounted=store.uncounted(thing, min(drawn["scans"].days)),
        most_serials=MOST_SERIALS,
        own_path=f"{PRODUCT.format(product_id=product.product_id)}?serial={serial}" if serial else None,
        query=f"serial={serial}&" if serial else "",
        path=PRODUCT.format(product_id=product.product_id),
        **drawn,
    )


@door.page("GET", CLONES, who=door.MEMBER)
def copied(visit: Visit) -> Response:
    """The member's items whose code may have been copied, what to do about them, and the rule."""
    return _copied(visit)


def _copied(visit: Visit, problem: Problem | None = None) -> Response:
    member = visit.person.tenant
    found = clones.listed(member)
    names = {each.product_id: each.name for each in products.several({row["product_id"] for row in found})}
    rows = [{**row, "days": [date.fromisoformat(day) for day in row["days"]]} for row in found]
    rule = clones.rule(member)
    return view.render(
        visit,
        "portal/clones.html",
        http_status=problem.status if problem else 200,
        found=rows,
        names=names,
        rule=rule,
        typed={name: visit.form.get(name, str(getattr(rule, name))) for name in rules.BOUNDS},
        labels=clone_words.LABELS,
        hints=clone_words.HINTS,
        path=CLONES,
        problem=problem,
        faults=view.faults_by_input(problem, tuple(rules.BOUNDS)),
    )


@door.page("POST", CLONES, who=door.MEMBER, again=_copied)
def put_rule(visit: Visit) -> Response:
    """Say what is more than one item can be in. From now on."""
    given = {name: _number(visit.form.get(name, "")) for name in rules.BOUNDS}
    clones.set_rule(visit.person.tenant, rules.checked(given))
    return view.go(visit, f"{CLONES}?done=saved")


def _number(typed: str) -> int:
    """A whole number; what is none is out of all bounds."""
    return int(typed) if _DIGITS.match(typed.strip()) else -1


def _drawn(visit: Visit, thing: Thing) -> dict[str, Any]:
    length = scan_counts.length_asked(visit.ask.query)
    found = scan_counts.stretch(thing, length)
    most = max((each.people + each.bots for each in found.days.values()), default=0)
    bars = [
        Bar(day, place * STEP, each.people, each.bots, _high(each.people, most), _high(each.bots, most))
        for place, (day, each) in enumerate(found.days.items())
    ]
    countries = [(name, number) for name, number in found.countries.items() if name != UNKNOWN]
    return {
        "length": length,
        "lengths": scan_counts.STRETCHES,
        "scans": found,
        "bars": bars,
        "most": most,
        "width": length * STEP,
        "countries": countries[:10],
    }


def _high(number: int, most: int) -> int:
    """Of something there is to see at least a little."""
    return max(1, round(number * HEIGHT / most)) if number else 0
