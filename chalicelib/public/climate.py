"""A factory's climate plan, as far as the factory publishes it: a page, and the same facts as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.climate_public import PublicPlan
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.errors import NotFound
from chalicelib.domain.risk import BANDS, matrix
from chalicelib.public import edge
from chalicelib.store import climate_codec, reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

SHEETS = ("style.css", "programme.css")


@edge.page(routes, "/f/{factory_id}/climate")
def climate_page(ask: Ask, factory_id: str) -> Response:
    """The climate plan of a factory, as far as it publishes it."""
    factory, plan = _found(factory_id)
    return edge.render(
        ask,
        "climate.html",
        path=f"/f/{factory.factory_id}/climate",
        cache=responses.REVALIDATE,
        sheets=SHEETS,
        factory=factory,
        plan=plan,
        matrix=matrix(plan.risks),
        bands=BANDS,
        today=clock.today(),
    )


@edge.document(routes, "/v1/factories/{factory_id}/climate")
def climate_document(_ask: Ask, factory_id: str) -> Response:
    """The climate plan of a factory: the same facts as its page."""
    return responses.json_response(_told(*_found(factory_id), clock.now()), cache=responses.REVALIDATE)


def _found(factory_id: str) -> tuple[PublicFactory, PublicPlan]:
    """A factory with its plan: one read. A draft, a plan that is kept and none at all are told apart by nobody."""
    found = reader.programme(identity.parse_factory_id(factory_id), "climate")
    if found is None:
        raise NotFound("No climate plan is published under this ID. Check the code.")
    factory, body = found
    return factory, climate_codec.public_plan(body)


def _told(factory: PublicFactory, plan: PublicPlan, checked_at: datetime) -> dict[str, Any]:
    today = checked_at.date()
    return {
        "factory_id": factory.factory_id,
        "name": factory.name,
        "status": factory.state,
        "successor": factory.successor,
        "verified": False,
        "percent": plan.percent,
        "steps": [{"step": code, "state": state} for code, state in plan.steps.items()],
        "bands": {band.value: {"from": least, "to": most} for band, (least, most) in BANDS.items()},
        "risks": [
            {
                "hazard": each.hazard,
                "likelihood": each.likelihood,
                "impact": each.impact,
                "score": each.score,
                "band": each.band.value,
                "exposure": each.exposure or None,
                "measure": each.measure or None,
                "due": each.due.isoformat() if each.due else None,
                "state": each.state_on(today).value if each.measure else None,
            }
            for each in plan.risks
        ],
        "published_at": plan.published_at,
        "updated_at": plan.updated_at,
        "checked_at": clock.instant(checked_at),
        "url": edge.url(f"/f/{factory.factory_id}/climate"),
    }
