"""What a factory publishes of its use of resources: a page with small charts, and the same numbers as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity
from chalicelib.domain.errors import NotFound
from chalicelib.domain.public_efficiency import Point, PublicIndicator
from chalicelib.public import edge, links
from chalicelib.public.edge import url
from chalicelib.store import reader
from chalicelib.store.reader import Measured, Taken
from chalicelib.web import chart, efficiency_words, responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

MOST_SHOWN = 24
"""Readings of one indicator on the page."""
ROWS = 160
"""Readings on the page: so that it stays small, however much is measured. JSON has all."""


@edge.page(routes, "/f/{factory_id}/efficiency")
def page(ask: Ask, factory_id: str) -> Response:
    """The indicators that a factory publishes, each with a chart and a table."""
    code = identity.parse_factory_id(factory_id)
    found = reader.efficiency(code)
    if found is None:
        return links.missing(ask, "factory", identity.shown(code))
    shown = max(6, min(MOST_SHOWN, ROWS // max(len(found.told.indicators), 1)))
    return edge.render(
        ask,
        "efficiency.html",
        path=f"/f/{code}/efficiency",
        cache=responses.REVALIDATE,
        factory=found.factory,
        told=found.told,
        programmes=found.programmes,
        drawn=[(each, each.points[-shown:], drawing(each, shown)) for each in found.told.indicators],
        words=efficiency_words,
        index=False,
    )


@edge.document(routes, "/v1/factories/{factory_id}/efficiency")
def document(_ask: Ask, factory_id: str) -> Response:
    """The same numbers as the page, and all readings."""
    found = reader.efficiency(identity.parse_factory_id(factory_id))
    if found is None:
        raise NotFound("This factory publishes nothing of its use of resources.")
    return responses.json_response(_told(found), cache=responses.REVALIDATE)


def drawing(indicator: PublicIndicator, shown: int) -> chart.Chart | None:
    """The chart of the last readings of an indicator."""
    points = [(point.period, point.value) for point in indicator.points[-shown:]]
    baseline, target = indicator.baseline, indicator.target
    return chart.of(points, baseline.value if baseline else None, target.value if target else None)


def _told(found: Measured) -> dict[str, Any]:
    return {
        "factory_id": found.told.factory_id,
        "indicators": [_indicator(each) for each in found.told.indicators],
        "programmes": [_programme(each) for each in found.programmes],
        "verified_by_registry": False,
        "updated_at": found.told.updated_at,
        "url": url(f"/f/{found.told.factory_id}/efficiency"),
    }


def _indicator(told: PublicIndicator) -> dict[str, Any]:
    recent, target = told.recent, told.target
    return {
        "indicator_id": told.indicator_id,
        "resource": told.resource,
        "measure": told.measure,
        "name": told.name,
        "unit": "%" if told.measure == "share" else f"{told.unit}/{told.output_unit}",
        "baseline": _point(told.baseline),
        "target": {"by": target.period, "value": _number(target.value)} if target else None,
        "latest": _point(told.latest),
        "recent": {"months": recent.months, "value": _number(recent.value), "change": _number(recent.change)}
        if recent
        else None,
        "readings": [_point(each) for each in told.points],
    }


def _point(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"period": point.period, "value": _number(point.value), "change": _number(point.change)}


def _number(text: str | None) -> int | float | None:
    if text is None:
        return None
    known = Decimal(text)
    return int(known) if known == known.to_integral_value() else float(known)


def _programme(taken: Taken) -> dict[str, Any]:
    card = taken.programme
    return {
        "programme_id": card.programme_id,
        "name": card.name,
        "organiser": card.organiser,
        "kind": card.kind,
        "starts": card.starts,
        "ends": card.ends,
        "since": taken.part.since,
        "sessions": card.sessions,
        "sessions_done": taken.part.sessions_done,
    }
