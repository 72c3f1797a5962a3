"""A certifier puts one certificate on record, of its own accord or because the holder asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.domain import identity, text
from chalicelib.domain.certificate import Certificate, Outcome
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.internal import certificate_batch
from chalicelib.internal import certificates as api
from chalicelib.internal.certificate_batch import Result
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations, requests
from chalicelib.web import certificate_words
from chalicelib.web.responses import Problem

NEW = "/portal/certificates/new"
REQUESTS = "/portal/certificates/requests"
INPUTS = ("factory_id", "number", "standard_id", "scope", "valid_from", "valid_to", "products", "gdti")


@door.page("GET", NEW, who=door.CERTIFIER)
def new(visit: Visit) -> Response:
    """The form; with what the holder declared in it if ``?request=`` names a request to this certifier."""
    code = visit.ask.query.get("request", "")
    asked = [each.certificate for each in requests.listed(visit.person.tenant) if each.certificate.code == code]
    return _form(visit, _declared(asked[0]) if asked else dict.fromkeys(INPUTS, ""), None)


def _again(visit: Visit, problem: Problem | None) -> Response:
    return _form(visit, {name: visit.form.get(name, "") for name in INPUTS}, problem)


def _form(visit: Visit, typed: Mapping[str, str], problem: Problem | None) -> Response:
    return view.render(
        visit,
        "portal/certify.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        standards=organisations.listed("standard"),
        typed=typed,
    )


@door.page("POST", NEW, who=door.CERTIFIER, again=_again)
def confirm(visit: Visit) -> Response:
    """Confirm a certificate: first the holder's name is shown, and only who finds it right puts it on record."""
    step = visit.form.get("step", "")
    if step == "mend":
        return _again(visit, None)
    given = _given(visit.form)
    if step != "confirmed":
        return _check(visit, given)
    certificate, _ = api.put_on_record(visit.person, given)
    return view.go(visit, f"/portal/certificates/{certificate.code}?done=confirmed")


def _check(visit: Visit, given: dict[str, Any]) -> Response:
    [result] = certificate_batch.foretell(visit.person, [given])
    _refuse(result)
    held = factories.need(result.factory_id or "")
    return view.render(
        visit,
        "portal/certify_check.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        factory=held.factory,
        known=result.code,
        unchanged=result.outcome is Outcome.UNCHANGED,
        given=given,
        standard=(organisations.load("standard", given["standard_id"]) or {}).get("name", ""),
        typed={name: visit.form.get(name, "") for name in INPUTS},
    )


def _refuse(result: Result) -> None:
    if result.outcome is Outcome.CONFLICT:
        raise Conflict(result.faults[0].detail)
    if result.outcome is Outcome.REJECTED:
        # What is not laid at any input's door is about the factory: it is the only thing that is looked up.
        faults = [Fault(fault.pointer or "/factory_id", fault.detail) for fault in result.faults]
        raise Malformed("Something is missing or not as it should be.", faults)


def _given(form: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {name: tidy(form[name]) for name in INPUTS if tidy(form.get(name, ""))}
    if "scope" in given:
        given["scope"] = " ".join(given["scope"].split())
    if "products" in given:
        given["products"] = [line.strip() for line in given["products"].split("\n") if line.strip()]
    return given


def _declared(certificate: Certificate) -> dict[str, str]:
    return {
        "factory_id": identity.shown(certificate.holder_id),
        "number": certificate.number,
        "standard_id": certificate.standard_id,
        "scope": certificate.scope,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "products": "\n".join(certificate.products),
        "gdti": certificate.gdti or "",
    }


def _queue(visit: Visit, problem: Problem | None = None) -> Response:
    return view.render(
        visit,
        "portal/certify_requests.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        http_status=problem.status if problem else 200,
        queue=requests.listed(visit.person.tenant),
        problem=problem,
        faults=view.faults_by_input(problem),
        typed={name: visit.form.get(name, "") for name in ("code", "reason")},
    )


@door.page("GET", REQUESTS, who=door.CERTIFIER)
def queue(visit: Visit) -> Response:
    """What holders ask this certifier to confirm, the oldest first."""
    return _queue(visit)


@door.page("POST", REQUESTS, who=door.CERTIFIER, again=_queue)
def decline(visit: Visit) -> Response:
    """Say no, and why: the factory reads it."""
    code = visit.form.get("code", "")
    try:
        reason = text.clean(visit.form.get("reason", ""))
    except Malformed as error:
        raise Malformed("Say why.", [Fault("/reason", error.detail)]) from error
    try:
        requests.done(visit.person.tenant, identity.parse_certificate_code(code), reason, visit.person.actor)
    except Malformed as error:
        raise NotFound("You are not asked to confirm this certificate.") from error
    return view.go(visit, f"{REQUESTS}?done=declined")
