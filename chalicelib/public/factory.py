"""A factory: the page behind the QR code, and the same facts as JSON."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import CertificateAnswer, PublicFactory, answer_on
from chalicelib.domain.errors import NotFound
from chalicelib.public import edge, facts
from chalicelib.store import reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_ORDER = list(Status)


@edge.page(routes, "/f/{factory_id}", "/F/{factory_id}")
def factory_page(ask: Ask, factory_id: str) -> Response:
    """A factory as anyone may see it."""
    code = identity.parse_factory_id(factory_id)
    found = reader.factory(code)
    if found is None:
        return edge.render(ask, "not_found.html", http_status=404, what="factory", typed=identity.shown(code))
    return edge.render(
        ask,
        "factory.html",
        path=f"/f/{code}",
        cache=responses.REVALIDATE,
        factory=found,
        certificates=answers_today(found),
    )


@edge.document(routes, "/v1/factories/{factory_id}")
def factory_document(_ask: Ask, factory_id: str) -> Response:
    """A factory: the same facts as its page."""
    found = reader.factory(identity.parse_factory_id(factory_id))
    if found is None:
        raise NotFound("No factory with this ID is on record. Check the code.")
    return responses.json_response(facts.factory(found, clock.now()), cache=responses.REVALIDATE)


def answers_today(found: PublicFactory) -> list[CertificateAnswer]:
    """A factory's certificates as of today, those that hold first."""
    today = clock.today()
    answers = [answer_on(certificate, today) for certificate in found.certificates]
    return sorted(answers, key=lambda answer: (_ORDER.index(answer.status), not answer.certificate.confirmed))
