"""Does this certificate hold? One function answers; pages and JSON only show it."""

from __future__ import annotations

from datetime import date

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.disclosure import CertificateAnswer, PublicCertificate, answer_on, told_later
from chalicelib.domain.errors import Malformed
from chalicelib.public import edge, facts, links, scans
from chalicelib.public.asked import day_asked, known_asked
from chalicelib.public.links import Thing
from chalicelib.store import reader, receipts
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(routes, "/c/{code}", "/C/{code}")
def certificate_page(ask: Ask, code: str) -> Response:
    """What a certificate is worth, today or on ``?on=``; and what was known of it at ``?known_at=``."""
    canonical = identity.parse_certificate_code(code)
    day, known = day_asked(ask), known_asked(ask)
    found = reader.certificate(canonical)
    if found is None:
        return links.missing(ask, "certificate", identity.shown(canonical))
    return show(ask, found, day, links.of_certificate(found), known)


def show(
    ask: Ask,
    found: PublicCertificate,
    day: date,
    thing: Thing,
    known: str | None = None,
    *,
    signed_part: bool | None = None,
) -> Response:
    """The page of a certificate as of a day, its linkset, or a redirect. Never kept by any cache.

    ``signed_part``: whether that of the code that was scanned is the one that we give out, if it had one.

    What was once known stands beside what is known now and never in its place: the page is what a scan shows.
    """
    other = links.answer(ask, thing)
    if other is not None:
        return other
    page = edge.render(
        ask,
        "certificate.html",
        path=f"/c/{found.code}",
        headers=links.headers(thing),
        answer=answer_on(found, day),
        then=None if known is None else answer_on(found, day, known),
        told_later=() if known is None else told_later(found, day, known),
        known=None if known is None else clock.parsed(known),
        today=day == clock.today(),
        receipts=receipts.given(),
        signed_part=signed_part,
        holder_url=f"{edge.SETTINGS.base_path}/f/{found.holder_id}",
    )
    return scans.counted(ask, "c", found.code, page)


@edge.document(routes, "/v1/certificates/{code}")
def certificate_document(ask: Ask, code: str) -> Response:
    """One certificate: the same answer as its page."""
    canonical = identity.parse_certificate_code(code)
    day, known = day_asked(ask), known_asked(ask)
    found = reader.certificate(canonical)
    if found is None:
        return _unknown(canonical)
    return responses.json_response(facts.certificate(answer_on(found, day, known), clock.now()))


@edge.document(routes, "/v1/certificates")
def certificates_by_number(ask: Ask) -> Response:
    """All certificates that bear a number: those that a certifier confirmed first."""
    number = ask.query.get("number", "")
    if not number:
        raise Malformed("Ask with ?number=, the number printed on the certificate.").at("/number")
    day, known, standard = day_asked(ask), known_asked(ask), ask.query.get("standard", "").lower()
    if standard and not text.is_tenant(standard):
        raise Malformed("standard is the identifier of a standard, such as gots.").at("/standard")
    found = reader.certificates_by_number(_squeezed(number), standard or None)
    if not found:
        return _unknown(number[:200])
    now = clock.now()
    answers = [answer_on(each, day, known) for each in found]
    return responses.json_response({"results": [facts.certificate(answer, now) for answer in answers]})


def _squeezed(number: str) -> str:
    try:
        return identity.squeeze_number(number)
    except Malformed as error:
        raise error.at("/number") from None


def answered(code: str, day: date) -> CertificateAnswer | None:
    """The answer to a code on a day: one consistent read. ``None`` if the code is not on record."""
    found = reader.certificate(code)
    return None if found is None else answer_on(found, day)


def _unknown(number: str) -> Response:
    problem = responses.Problem(404, "Not found here", "This number is not on record here. Check it once more.")
    return responses.problem_response(problem, **facts.unknown(number, clock.now()))
