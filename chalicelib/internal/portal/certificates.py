"""A factory's certificates: how each stands today, and a form to declare one."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import CertificateAnswer, answer_on, public_certificate
from chalicelib.internal import certificates as api
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations
from chalicelib.store.registry.factories import Held
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/certificates"
INPUTS = ("number", "standard_id", "certifier", "scope", "valid_from", "valid_to", "products")
_ORDER = list(Status)


@door.page("GET", PATH, who=door.FACTORY)
def certificates(visit: Visit, factory_id: str) -> Response:
    """The certificates as of today."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    held = factories.need(factory_id)
    return view.render(
        visit,
        "portal/certificates.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        factory_id=factory_id,
        factory=held.factory,
        answers=_today(held),
        standards=organisations.listed("standard"),
        typed={name: visit.form.get(name, "") for name in INPUTS},
    )


@door.page("POST", PATH, who=door.FACTORY, again=_shown)
def declared(visit: Visit, factory_id: str) -> Response:
    """Declare a certificate: on record as not confirmed, until its certifier says so."""
    given: dict[str, Any] = {name: text for name, text in visit.form.items() if name != "csrf_token" and tidy(text)}
    if "scope" in given:
        given["scope"] = " ".join(given["scope"].split())
    if "products" in given:
        given["products"] = [line.strip() for line in tidy(given["products"]).split("\n") if line.strip()]
    api.put_on_record(visit.person, {**given, "factory_id": factory_id})
    return view.go(visit, f"/portal/factories/{factory_id}/certificates?done=declared")


def _today(held: Held) -> list[CertificateAnswer]:
    today = clock.today()
    answers = [answer_on(public_certificate(each), today) for each in held.certificates.values()]
    return sorted(answers, key=lambda answer: (_ORDER.index(answer.status), answer.certificate.code))
