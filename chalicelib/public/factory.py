"""A factory: the page behind the QR code, and the same facts as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import CertificateAnswer, PublicFactory, answer_on
from chalicelib.domain.errors import NotFound
from chalicelib.public import claims, edge, facts, links, scans
from chalicelib.public.links import Thing
from chalicelib.store import reader
from chalicelib.web import responses, shown
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_ORDER = list(Status)


@edge.page(routes, "/f/{factory_id}", "/F/{factory_id}")
def factory_page(ask: Ask, factory_id: str) -> Response:
    """A factory as anyone may see it."""
    code = identity.parse_factory_id(factory_id)
    found = reader.factory(code)
    if found is None:
        return links.missing(ask, "factory", identity.shown(code))
    return show(ask, found, links.of_factory(found))


@edge.document(routes, "/v1/factories/{factory_id}")
def factory_document(_ask: Ask, factory_id: str) -> Response:
    """A factory: the same facts as its page."""
    found = reader.factory(identity.parse_factory_id(factory_id))
    if found is None:
        raise NotFound("No factory with this ID is on record. Check the code.")
    return responses.json_response(facts.factory(found, clock.now()), cache=responses.REVALIDATE)


@edge.page(routes, "/f/{factory_id}/photos")
def photos_page(ask: Ask, factory_id: str) -> Response:
    """The photos that a factory shows: a page of their own, so that its other page needs one request only."""
    code = identity.parse_factory_id(factory_id)
    found = reader.factory(code)
    if found is None:
        return links.missing(ask, "factory", identity.shown(code))
    return edge.render(
        ask,
        "photos.html",
        path=f"/f/{code}/photos",
        cache=responses.REVALIDATE,
        factory=found,
        photos=facts.photos(found),
        photos_from=shown.photos_origin(),
        index=False,
    )


def show(
    ask: Ask,
    found: PublicFactory,
    thing: Thing,
    scanned: Mapping[str, str] = MappingProxyType({}),
    *,
    signed_part: bool | None = None,
) -> Response:
    """The page of a factory, its linkset, or a redirect; ``scanned``: what qualified the GLN, by AI.

    ``signed_part``: whether that of the code that was scanned is the one that we give out, if it had one.
    """
    other = links.answer(ask, thing)
    if other is not None:
        return other
    page = edge.render(
        ask,
        "factory.html",
        path=f"/f/{found.factory_id}",
        cache=responses.REVALIDATE,
        headers=links.headers(thing),
        factory=found,
        certificates=answers_today(found),
        claims=claims.of_factory(found, clock.today()),
        signed_part=signed_part,
        extension=scanned.get("254") or scanned.get("7040"),
    )
    return scans.counted(ask, "f", found.factory_id, page)


def answers_today(found: PublicFactory) -> list[CertificateAnswer]:
    """A factory's certificates as of today, those that hold first."""
    today = clock.today()
    answers = [answer_on(certificate, today) for certificate in found.certificates]
    return sorted(answers, key=lambda answer: (_ORDER.index(answer.status), not answer.certificate.confirmed))
