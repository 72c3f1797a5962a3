"""Real requests: one or more for each route of both surfaces, as somebody who may send them would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import app
from chalicelib.internal import access
from chalicelib.internal.portal import door
from chalicelib.public import scan
from infra.api import table
from infra.api.examples import EXAMPLES
from infra.api.record_examples import CERTIFICATE_CODE, FACTORY_ID, OTHER_FACTORY_ID
from tests.portal_browser import attribute, filled
from tests.safety.stage import Stage

FORM = "application/x-www-form-urlencoded"
KINDS = {"qr": ("f", "c", "p"), "badge": ("f", "c"), "credentials": ("f", "c", "p"), "portal": ("member", "certifier")}
SHEETS = ("poster", "labels", "poster.pdf", "labels.pdf")
FILES = {"qr": ".svg", "badge": ".svg"}
BY_SCOPE = {
    "audits:write": "ics",
    "invitations:write": "member",
    "network:write": "member",
    "products:write": "member",
    "page:write": "member",
    "watches:write": "member",
    "certificates:write": "certifier",
    "profile:write": "owner",
    "certificates:declare": "owner",
    access.PERSON: "owner",
    access.SIGNED_IN: "certifier",
    "programmes:write": "organiser",
    access.ANYONE: "nobody",
}
CALLERS = {"/internal/v1/duplicates": "member", "/portal/sign-out": "owner"}
"""Who may call where the scope of the route, or whom the page is for, does not say it."""
IN_ORDER = {  # paths that the registered one has room for, but only in one order
    "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}/{ai3}/{value3}": "/01/{gtin}/22/V/10/L1/21/S9",
    "/414/{gln}/{ai1}/{value1}": "/414/{gln}/254/Hall",
}
QUESTIONS = {
    "/internal/v1/events": "record={code}",
    "/internal/v1/keys": "kind=member&tenant=maison",
    "/internal/v1/people": "kind=member&tenant=maison",
    "/internal/v1/people/{person}": "kind=member&tenant=maison",
    "/internal/v1/duplicates": "name=Meghna&country=BD",
    "/portal/reports/new": "about=/f/{factory_id}",
    "/portal/staff/keys": "kind=member&tenant=maison",
    "/portal/staff/history": "record={factory_id}",
    "/portal/invitations/resend": "invitation={invitation_id}",
    "/portal/staff/moderation": "state=open",
    "/v1/certificates": "number=CU123456&standard=gots",
    "/v1/log/proof/consistency": "from=1",
    "/v1/log/proof/inclusion": "code={code}",
    "/v1/standards/compare": "ids=gots,sa8000",
    "/standards/compare": "ids=gots,sa8000",
}
OTHERS = {
    "/docs/{topic}": {"topic": "look-up"},
    "/internal/v1/certificates/{code}/requests": {"code": "declared_code"},
    "/internal/v1/claims/member/": {"claim_id": "member_claim_id"},
    "/internal/v1/claims/product/": {"claim_id": "product_claim_id"},
    "/portal/claims/": {"claim_id": "member_claim_id"},
    "/portal/contacts/": {"token": "contact_token"},
    "/portal/letters/": {"token": "letter_token"},
    "/portal/products/{product_id}/claims/": {"claim_id": "product_claim_id"},
    "/portal/sign-in/": {"token": "sign_in_token"},
    "/portal/standard/": {"tenant": "standard_id"},
    "/portal/watches/": {"token": "watch_token"},
    "/scan/reader/": {"file": f"{scan.READER}.js"},
}
"""What parameters name on routes that begin so, where it is not what they mostly name: by its name, or as it is."""
INPUTS = """
email message sender company text kind tenant person factory_id number standard_id certifier certifier_id scope
valid_from valid_to products gdti standing reason effective step code rows pasted packed checked language same
once name country address city site gtin brand category lots process-1 factory_id-1 into decision invitation prefix id
website version seen sure question-1 question-2 question-3 relay public photo about descriptions-en latitude longitude
rests url title verifier verified_on verifier_url
"""
NAMES = INPUTS.split()
"""Inputs that one form or another has."""
TYPED = {
    "name": "Typed Mill", "country": "BD", "email": "typed@mill.example", "reason": "Because.", "text": "Water.",
    "number": "N 5", "valid_from": "2026-01-01", "valid_to": "2099-01-01", "scope": "Dyeing", "message": "Good day.",
    "sender": "Ada", "sure": "yes", "effective": "2026-02-02", "standing": "suspended", "brand": "M", "category": "s",
    "rows": "email,name,country\na@b.example,Padma,BD", "kind": "member", "tenant": "maison", "language": "en",
    "step": "confirmed", "id": "newone", "rests": "evidence", "url": "https://a.example/x", "title": "Report",
    "things": "CU 123456", "process-1": "sewing", "certifier": "Sureseal", "standard_id": "gots", "hazard": "flood",
    "period": "2026-03", "amount": "5", "output": "7", "decision": "kept", "into": "", "numbers": "CU 123-456",
    "question-1": "1", "question-2": "1", "question-3": "1", "complaint": "closed", "owner": "Boss", "likelihood": "2",
    "impact": "2", "pasted": "gtin,brand,name,category,lots,process,factory_id\n,M,T,socks,,sewing,",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """``route`` is the registered path, ``caller`` who may send it. ``body`` is JSON, or the inputs of a form.

    ``real`` is a form as a page of ours shows it; not so one that no page shows, as there is nothing to do.
    """

    method: str
    route: str
    path: str
    caller: str
    body: Any = None
    media: str = ""
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    real: bool = True

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body or b""
        return urlencode(self.body).encode() if self.media == FORM else json.dumps(self.body).encode()

    @property
    def address(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE"))


def all_of(stage: Stage, methods: frozenset[str] = METHODS) -> list[Request]:
    """The requests of every route."""
    return [each for route in sorted(app.app.routes) for each in _of_route(stage, route, methods)]


def _of_route(stage: Stage, route: str, methods: frozenset[str]) -> Iterator[Request]:
    for method in sorted(methods.intersection(app.app.routes[route])):
        for path in _paths(stage, route):
            if route.startswith("/portal"):
                yield from _portal(stage, method, route, path)
            else:
                yield from _machine(stage, method, route, path)


def _paths(stage: Stage, route: str) -> Iterator[str]:
    room = route.strip("/").partition("/")[0].lower()
    for sheet in SHEETS if "{sheet}" in route else ():
        yield named(stage, route, {"sheet": sheet})
    for kind in KINDS.get(room, ("",)) if "{kind}" in route else ("",) * ("{sheet}" not in route):
        identifier = {"f": stage.names["factory_id"], "c": stage.names["code"], "p": stage.names["gtin"]}.get(kind, "x")
        known = {"kind": kind, "file": identifier + FILES.get(room, ""), "identifier": identifier}
        if room == "sitemap":
            known["file"] = "BD.xml"
        if room == "s":
            known |= {"kind": "253", "value": stage.names["gdti"]}
        if room == "p":
            known["code"] = stage.names["product_code"]
        for beginning, others in OTHERS.items():
            if route.startswith(beginning):
                known |= {name: stage.names.get(other, other) for name, other in others.items()}
        yield named(stage, IN_ORDER.get(route, route), known)


def named(stage: Stage, pattern: str, known: dict[str, str] | None = None) -> str:
    """A pattern with what there is in the place of each parameter."""
    return re.sub(r"{(\w+)}", lambda found: {**stage.names, **(known or {})}[found[1]], pattern)


def _machine(stage: Stage, method: str, route: str, path: str) -> Iterator[Request]:
    scopes = {(each.method, each.path): each.scope for each in access.ENDPOINTS}
    by_scope = BY_SCOPE.get(scopes.get((method, route), ""), "staff" if route.startswith("/internal") else "nobody")
    caller = CALLERS.get(route, by_scope)
    row = table.ROWS.get((method, route))
    asked = named(stage, QUESTIONS.get(route, "lang=en&on=2026-03-01&q=meghna&country=BD" if method == "GET" else ""))
    headers = {"Idempotency-Key": "night-1"} if method == "POST" else {}
    if row is not None and "If-Match" in row.parameters:
        headers["If-Match"] = tag(stage, route, path, caller)
    if row is None or not row.request:
        if method != "POST" or route.startswith("/internal"):
            yield Request(method, route, path, caller, query=asked, headers=headers)
        else:
            yield Request(method, route, path, caller, {"numbers": "CU 123-456", "on": "2026-03-01"}, FORM)
        return
    for name in row.request:
        yield Request(method, route, path, caller, _example(stage, name), row.takes, asked, headers)


def _example(stage: Stage, name: str) -> Any:
    ids = {FACTORY_ID: "factory_id", CERTIFICATE_CODE: "code"}
    text = json.dumps(EXAMPLES[name]).replace(OTHER_FACTORY_ID, stage.foreign["factory_id"])
    for told, known in ids.items():
        text = text.replace(told, stage.names[known])
    return json.loads(text.replace("maison-lumiere", "maison").replace("cert-example", "sureseal"))


def tag(stage: Stage, route: str, path: str, caller: str) -> str:
    above = _tagged(route)
    if "GET" not in app.app.routes.get(above, ()):
        return '"1"'
    path = path if above == route else path.rpartition("/")[0]
    return str(stage.ask("GET", path, stage.callers[caller], b"").headers.get("ETag", '"1"'))


def _tagged(route: str) -> str:
    """Where the version is read that a change of a route is made from: there, or in the list above."""
    return route if "GET" in app.app.routes[route] else route.rpartition("/")[0]


def _portal(stage: Stage, method: str, route: str, path: str) -> Iterator[Request]:
    who = next(page.who for page in door.PAGES if (page.method, page.path) == (method, route))
    caller = CALLERS.get(route) or {door.ANYONE: "nobody", door.FACTORY: "owner"}.get(who, "everybody")
    asked = named(stage, QUESTIONS.get(route, "lang=en&q=mill" if method == "GET" else ""))
    if method == "GET":
        yield Request(method, route, path, caller, query=asked)
        return
    typed = form(stage, path, caller)
    yield Request(method, route, path, caller, typed, FORM, asked, real=len(typed) < len(NAMES))


def form(stage: Stage, path: str, caller: str) -> dict[str, str]:
    """The form that is sent to an address, as the page that shows it fills it in; else one with any inputs."""
    place = f"{path}?{named(stage, QUESTIONS[path])}" if path in QUESTIONS else path
    while place != "/":
        page = stage.ask("GET", place, {"Cookie": stage.callers[caller].get("Cookie", "")}, b"")
        if page.status_code == 200:
            text = page.body.decode(errors="replace")
            forms = re.findall(r'<form method="post"[^>]*>', text)
            for number, opening in enumerate(forms):
                if (attribute(opening, "action") or place).partition("?")[0] == path:
                    held = {**_chosen(text, number), **filled(text, number)}
                    return {name: value or _typed(stage, name) for name, value in held.items()}
            if forms:
                return {**dict.fromkeys(NAMES, "1"), **TYPED, "csrf_token": filled(text).get("csrf_token", "")}
        place = place.partition("?")[0].rpartition("/")[0] or "/"
    return {**dict.fromkeys(NAMES, "1"), **TYPED}


def _typed(stage: Stage, name: str) -> str:
    """What is typed into an input: where it wants a factory, the one of the stage."""
    return stage.names["factory_id"] if name.startswith("factory_id") else TYPED.get(name, "")


def _chosen(page: str, number: int) -> dict[str, str]:
    """What of a form nobody chose yet: the first of several, and each box that may be ticked."""
    held = re.findall(r'<form method="post".*?</form>', page, re.S)[number]
    tags = [tag for tag in re.findall(r"<input[^>]*>", held) if attribute(tag, "type") in ("radio", "checkbox")]
    return {attribute(tag, "name") or "": attribute(tag, "value") or "on" for tag in reversed(tags)}
