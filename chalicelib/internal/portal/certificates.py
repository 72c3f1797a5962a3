"""A factory's certificates: how each stands today, and a form to declare one."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import CertificateAnswer, answer_on, public_certificate
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.internal import certificates as api
from chalicelib.internal import confirmations
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations, requests
from chalicelib.store.registry.factories import Held
from chalicelib.web import form_words
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
    certifiers = organisations.listed("certifier")
    return view.render(
        visit,
        "portal/certificates.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        factory_id=factory_id,
        factory=held.factory,
        answers=_today(held),
        asking=_asking(held, certifiers),
        certifiers=certifiers,
        names=form_words.LABELS | {f"ask-{code}": form_words.LABELS["certifier_id"] for code in held.certificates},
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


@door.page("POST", f"{PATH}/ask", who=door.FACTORY, again=_shown)
def asked(visit: Visit, factory_id: str) -> Response:
    """Ask a certifier to confirm one that was declared."""
    code, certifier_id = visit.form.get("code", ""), visit.form.get("certifier_id", "")
    if factories.need(factory_id).certificates.get(code) is None:
        raise NotFound("There is no such certificate of yours.")
    if certifier_id not in {each["id"] for each in organisations.listed("certifier")}:
        raise Malformed("Some fields cannot be taken as sent.", [Fault(f"/ask-{code}", "Choose who issued it.")])
    confirmations.ask(visit.person, code, certifier_id)
    return view.go(visit, f"/portal/factories/{factory_id}/certificates?done=asked")


def _asking(held: Held, certifiers: list[dict[str, str]]) -> dict[str, Any]:
    """For each declared certificate: the request that was made, who issued it as far as is known, and what may be."""
    declared = {code: each for code, each in held.certificates.items() if not each.confirmed}
    made = requests.of(declared)
    by_name = {each["name"].casefold(): each["id"] for each in certifiers}
    names = {each["id"]: each["name"] for each in certifiers}
    today = clock.today()
    told = {}
    for code, certificate in declared.items():
        request = made.get(code)
        issuer = request.certifier_id if request else by_name.get(certificate.certifier.casefold(), "")
        told[code] = {
            "request": request,
            "issuer": issuer if request is None or request.open else "",
            "name": names.get(issuer, issuer),
            "again": request is None or not request.open or request.may_be_asked_again(issuer, today),
        }
    return told


def _today(held: Held) -> list[CertificateAnswer]:
    today = clock.today()
    answers = [answer_on(public_certificate(each), today) for each in held.certificates.values()]
    return sorted(answers, key=lambda answer: (_ORDER.index(answer.status), answer.certificate.code))
