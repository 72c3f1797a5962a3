"""Anybody reports that a public page does not match what they hold. No account; an address only if they like."""

from __future__ import annotations

import re

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.domain.fields import clean_email
from chalicelib.domain.moderation import About, clean_report, complaints_about, parse_about
from chalicelib.internal.portal import door, hourly, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store import reader
from chalicelib.store.registry import moderation as store
from chalicelib.web import contact_words
from chalicelib.web.responses import Problem

PATH = "/portal/reports/new"
SENT = "/portal/reports/sent"
INPUTS = ("kind", "text", "email")
_REFERENCE = re.compile(r"[0-9a-f]{16}\Z")


@door.page("GET", PATH, who=door.ANYONE)
def form(visit: Visit) -> Response:
    """What the report is about, and what is wrong."""
    return _form(visit)


def _form(visit: Visit, problem: Problem | None = None) -> Response:
    about = parse_about(visit.ask.query.get("about", ""))
    return view.render(
        visit,
        "portal/report.html",
        http_status=problem.status if problem else 200,
        own_path=f"{PATH}?about={about.path}",
        about=about,
        subject=_subject(about),
        code_shown=about.code if about.kind == "standard" else identity.shown(about.code),
        complaints={each.value: contact_words.COMPLAINTS[each] for each in complaints_about(about.kind)},
        labels=contact_words.LABELS,
        hints=contact_words.HINTS,
        typed={name: visit.form.get(name, "") for name in INPUTS},
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        csrf=hourly.token("report"),
    )


@door.page("POST", PATH, who=door.ANYONE, again=_form, bound=hourly.bound("report"))
def reported(visit: Visit) -> Response:
    """Put the report into the queue of staff."""
    about = parse_about(visit.ask.query.get("about", ""))
    faults: list[Fault] = []
    email = None
    try:
        complaint, words = clean_report({**visit.form, "text": visit.form.get("text", "")}, about.kind)
    except Malformed as error:
        faults.extend(error.faults)
    if visit.form.get("email", "").strip():
        try:
            email = clean_email(visit.form["email"].strip())
        except Malformed as error:
            faults.append(Fault("/email", error.detail))
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    reference = store.report(about, _subject(about), complaint, words, email)
    return view.go(visit, f"{SENT}?reference={reference}")


@door.page("GET", SENT, who=door.ANYONE)
def sent(visit: Visit) -> Response:
    """Thanks, and the reference."""
    reference = visit.ask.query.get("reference", "")
    known = reference if _REFERENCE.match(reference) else None
    return view.render(visit, "portal/report_sent.html", reference=known, days=store.KEPT.days)


def _subject(about: About) -> str:
    """What a public record is called; ``NotFound`` where there is none."""
    if about.kind == "factory":
        factory = reader.factory(about.code)
        name = factory.name if factory is not None else None
    elif about.kind == "certificate":
        certificate = reader.certificate(about.code)
        name = f"{certificate.number} · {certificate.holder_name}" if certificate is not None else None
    elif about.kind == "standard":
        standard = reader.standard(about.code)
        name = standard.name if standard is not None else None
    else:
        product = reader.product(about.code)
        name = f"{product.product.name} · {product.product.brand}" if product is not None else None
    if name is None:
        raise NotFound("Nothing of that name is on record.")
    return name
