"""Does this certificate hold? One function answers; pages and JSON only show it."""

from __future__ import annotations

from datetime import date

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.disclosure import CertificateAnswer, PublicCertificate, answer_on
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase
from chalicelib.public import edge, facts, links
from chalicelib.public.links import Thing
from chalicelib.store import reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)


@edge.page(routes, "/c/{code}", "/C/{code}")
def certificate_page(ask: Ask, code: str) -> Response:
    """What a certificate is worth, today or on ``?on=``."""
    canonical = identity.parse_certificate_code(code)
    day = day_asked(ask)
    found = reader.certificate(canonical)
    if found is None:
        return links.missing(ask, "certificate", identity.shown(canonical))
    return show(ask, found, day, links.of_certificate(found))


def show(ask: Ask, found: PublicCertificate, day: date, thing: Thing) -> Response:
    """The page of a certificate as of a day, its linkset, or a redirect. Never kept by any cache."""
    return links.answer(ask, thing) or edge.render(
        ask,
        "certificate.html",
        path=f"/c/{found.code}",
        headers=links.headers(thing),
        answer=answer_on(found, day),
        today=day == clock.today(),
        holder_url=f"{edge.SETTINGS.base_path}/f/{found.holder_id}",
    )


@edge.document(routes, "/v1/certificates/{code}")
def certificate_document(ask: Ask, code: str) -> Response:
    """One certificate: the same answer as its page."""
    canonical = identity.parse_certificate_code(code)
    answer = answered(canonical, day_asked(ask))
    if answer is None:
        return _unknown(canonical)
    return responses.json_response(facts.certificate(answer, clock.now()))


@edge.document(routes, "/v1/certificates")
def certificates_by_number(ask: Ask) -> Response:
    """All certificates that bear a number: those that a certifier confirmed first."""
    number = ask.query.get("number", "")
    if not number:
        raise Malformed("Ask with ?number=, the number printed on the certificate.")
    day, standard = day_asked(ask), ask.query.get("standard")
    if standard and not text.is_tenant(standard):
        raise Malformed("standard is the identifier of a standard, such as gots.")
    found = reader.certificates_by_number(identity.squeeze_number(number), standard)
    if not found:
        return _unknown(number[:200])
    now = clock.now()
    return responses.json_response({"results": [facts.certificate(answer_on(each, day), now) for each in found]})


def answered(code: str, day: date) -> CertificateAnswer | None:
    """The answer to a code on a day: one consistent read. ``None`` if the code is not on record."""
    certificate = reader.certificate(code)
    return None if certificate is None else answer_on(certificate, day)


def day_asked(ask: Ask) -> date:
    """The day of ``?on=YYYY-MM-DD``; today (UTC) if none is given."""
    return day_of(ask.query.get("on", ""))


def day_of(given: str) -> date:
    """The day that was written ``YYYY-MM-DD``; today (UTC) for nothing."""
    if not given:
        return clock.today()
    try:
        return text.clean_day(given, EARLIEST, LATEST)
    except Malformed as fault:
        raise Malformed(
            phrase(
                "A day is written YYYY-MM-DD, such as 2026-03-01, and lies between %(earliest)s and %(latest)s.",
                earliest=EARLIEST,
                latest=LATEST,
            )
        ) from fault


def _unknown(number: str) -> Response:
    problem = responses.Problem(404, "Not found here", "This number is not on record here. Check it once more.")
    return responses.problem_response(problem, **facts.unknown(number, clock.now()))
