"""Which topics the certificates of a factory cover today: a page of its own, and the same as JSON."""

from __future__ import annotations

from datetime import date

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, standards_map
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.errors import NotFound
from chalicelib.domain.standard import TOPICS
from chalicelib.domain.standards_map import Coverage
from chalicelib.public import edge, links, standard_facts
from chalicelib.store import reader
from chalicelib.web import responses, standard_words
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(routes, "/f/{factory_id}/topics")
def covered_page(ask: Ask, factory_id: str) -> Response:
    """The topics that certificates of this factory cover today, and by which certificate each."""
    code = identity.parse_factory_id(factory_id)
    found = reader.factory(code)
    if found is None:
        return links.missing(ask, "factory", identity.shown(code))
    return edge.render(
        ask,
        "factory_topics.html",
        path=f"/f/{code}/topics",
        factory=found,
        covered=_covered(found, clock.today()),
        names=standard_words,
        areas=TOPICS,
        index=False,
    )


@edge.document(routes, "/v1/factories/{factory_id}/topics")
def covered_document(_ask: Ask, factory_id: str) -> Response:
    """The topics that certificates of this factory cover today: the same facts as the page."""
    code = identity.parse_factory_id(factory_id)
    found = reader.factory(code)
    if found is None:
        raise NotFound("No factory with this ID is on record. Check the code.")
    today = clock.today()
    return responses.json_response(standard_facts.coverage(code, _covered(found, today), today))


def _covered(found: PublicFactory, today: date) -> Coverage:
    """Two reads in all: the factory, and a batch of cards. What a certificate is worth is computed, never kept."""
    cards = reader.standard_cards({each.standard_id for each in found.certificates})
    return standards_map.coverage(found.certificates, cards, today)
