"""Who is calling, and may they. Every internal route is registered here, and says who may call it.

Authority is looked up on every request: a revoked key, an ended session and a lost grant act on the next one.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock, journal, settings
from chalicelib.domain.errors import Malformed, NotAllowed, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.store.registry import callers, organisations, people
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.people import Authority, Role
from chalicelib.web import responses
from chalicelib.web.request import Ask

SETTINGS = settings.load()
COOKIE = "__Host-session"
ANYONE = "anyone"
SIGNED_IN = "signed_in"
PERSON = "person"
SCOPES: dict[str, tuple[str, ...]] = {
    "ics": ("audits:write", "syncs:read", "history:read"),
    "member": (
        "invitations:write",
        "network:write",
        "products:write",
        "page:write",
        "watches:write",
        "history:read",
    ),
    "certifier": ("certificates:write", "history:read"),
    "organiser": ("programmes:write", "history:read"),
    "factory": ("profile:write", "certificates:declare", "history:read"),
    "owner": ("standards:review", "history:read"),
    "staff": ("staff", "syncs:read", "profile:write", "standards:review", "history:read"),
}
"""What each kind of caller may do. A key may have fewer."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a machine by its key, or a person by a session. ``person`` is a hash, or empty for a machine.

    ``authority`` is all that a person may act for, as of this request; ``acting`` what they chose of several. A person
    acts for their factories unless ``capable_of`` or ``in_role`` says otherwise. ``only``: the one factory that this
    session is for, whatever else the person may act for; empty if it is for all.
    """

    kind: str
    tenant: str
    by: str
    scopes: tuple[str, ...]
    person: str = ""
    authority: Authority = field(default_factory=Authority)
    acting: Mapping[str, str] = field(default_factory=dict)
    only: str = ""

    @property
    def actor(self) -> Actor:
        """How the history names this caller."""
        return Actor(self.kind, self.tenant, self.by)

    def may_act_for(self, factory_id: str) -> bool:
        """Whether this caller may act for a factory, as of now."""
        if self.kind == "staff":
            return True
        if self.person:
            return self.kind == "factory" and factory_id in self.authority.factories
        return self.kind == "factory" and self.tenant == factory_id

    def in_role(self, kind: str) -> Caller:
        """This person acting for an organisation of a kind: the one chosen, else the first."""
        roles = self.authority.of_kind(kind)
        if not roles:
            raise NotAllowed("You do not act for an organisation that may see this page.")
        chosen = Role(kind, self.acting.get(kind, ""))
        role = chosen if chosen in roles else roles[0]
        return replace(self, kind=kind, tenant=role.tenant, scopes=SCOPES[kind])

    def capable_of(self, scope: str, acting_for: str) -> Caller:
        """This person in the capacity that has a scope; ``acting_for`` says which of several: ``member:maison``."""
        capacities = [replace(self, kind=r.kind, tenant=r.tenant, scopes=SCOPES[r.kind]) for r in self.authority.roles]
        if self.authority.factories or not capacities:
            capacities.insert(0, self)
        if acting_for:
            capacities = [each for each in capacities if acting_for in (each.kind, f"{each.kind}:{each.tenant}")]
        able = [each for each in capacities if scope in (SIGNED_IN, PERSON, *each.scopes)]
        if not able:
            raise NotAllowed("You may not do this.")
        if len(able) > 1 and scope not in (SIGNED_IN, PERSON):
            names = ", ".join(f"{each.kind}:{each.tenant}" if each.tenant else each.kind for each in able)
            raise Malformed(phrase("You act for several. Send X-Acting-For with one of: %(names)s.", names=names))
        return able[0]


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its caller. ``caller`` is there unless the route is for ``ANYONE``."""

    ask: Ask
    known: Caller | None

    @property
    def caller(self) -> Caller:
        """Who calls; raises where a route for anyone asks for it by mistake."""
        if self.known is None:
            raise NotAllowed("Sign in first.")
        return self.known


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A registered route: what it is and who may call it. The tests walk these, and OpenAPI tells of them."""

    method: str
    path: str
    scope: str
    handler: Callable[..., Response]


ENDPOINTS: list[Endpoint] = []


class Unauthenticated(NotAllowed):
    """No key or session, or one that is not valid."""


def endpoint(
    routes: Blueprint, method: str, path: str, *, scope: str
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Register a JSON route for callers with a scope (or ``SIGNED_IN``, ``PERSON`` without machines, or ``ANYONE``)."""

    def decorate(handler: Callable[..., Response]) -> Callable[..., Response]:
        def view(**encoded: Any) -> Response:
            try:
                ask = Ask.of(routes.current_request)
                params = {name: ask.params[name] for name in encoded}
                answer = handler(Call(ask, _admitted(ask, scope)), **params)
            except Exception as error:
                answer = _problem(error)
            answer.headers = {**answer.headers, "Cache-Control": responses.NO_STORE}
            return answer

        ENDPOINTS.append(Endpoint(method, path, scope, handler))
        name = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}"
        routes.route(path, methods=[method], content_types=[], name=name)(view)
        return handler

    return decorate


def identify(ask: Ask) -> Caller | None:
    """Who a request is from; ``None`` if it carries neither a valid key nor a valid session."""
    scheme, _, presented = ask.header("authorization").partition(" ")
    if scheme.lower() == "bearer":
        key = callers.by_key(presented.strip())
        if key is None or not organisations.takes_part(key.kind, key.tenant):
            return None
        return Caller(key.kind, key.tenant, key.prefix, key.scopes)
    secret = session_secret(ask)
    session = callers.by_session(secret, clock.now()) if secret else None
    if session is None:
        return None
    may = people.authority(session.person)
    if session.generation < may.generation:
        return None
    if session.only:
        may = replace(may, factories=tuple(each for each in may.factories if each == session.only), roles=())
    named = session.digest[:12]
    return Caller("factory", "", named, SCOPES["factory"], session.person, may, session.acting, session.only)


def session_secret(ask: Ask) -> str:
    """The session secret of the request's cookie; empty if there is none."""
    try:
        cookie = SimpleCookie(ask.header("cookie")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""


def session_cookie(secret: str) -> str:
    """The Set-Cookie of a new session; of no secret, one that ends it."""
    age = int(callers.SESSION_LENGTH.total_seconds()) if secret else 0
    return f"{COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=Lax"


def csrf_token(bound_to: str) -> str:
    """The token of a form, bound to a session secret or to the token of an invitation."""
    key = SETTINGS.csrf_secret or "no secret set"
    return hmac.new(key.encode(), bound_to.encode(), "sha256").hexdigest()


def check_csrf(given: str, bound_to: str) -> None:
    """Refuse a form that did not come from our own page."""
    if not hmac.compare_digest(given.encode(), csrf_token(bound_to).encode()):
        raise NotAllowed(
            "This form was open for too long or came from elsewhere. Go back, reload it and send it again."
        )


def need_factory(caller: Caller, factory_id: str) -> None:
    """Refuse a factory that the caller may not act for, in the words used for one that is not there."""
    if not caller.may_act_for(factory_id):
        raise NotFound("There is no such factory of yours.")


def _admitted(ask: Ask, scope: str) -> Caller | None:
    if scope == ANYONE:
        return None
    caller = identify(ask)
    if caller is None:
        raise Unauthenticated("Send a valid API key as Authorization: Bearer …")
    if caller.person:
        if ask.method != "GET":
            check_csrf(ask.header("x-csrf-token"), session_secret(ask))
        return caller.capable_of(scope, ask.header("x-acting-for"))
    if scope == PERSON:
        raise NotAllowed("This is for people who signed in, not for keys.")
    if scope != SIGNED_IN and scope not in caller.scopes:
        raise NotAllowed(phrase("This key lacks the scope %(scope)s.", scope=scope))
    return caller


def _problem(error: Exception) -> Response:
    if isinstance(error, Unauthenticated):
        answer = responses.problem_response(responses.Problem(401, "Not signed in", error.detail))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Factory ID"'
        return answer
    problem = responses.problem_of(error)
    if problem.status == 500:
        journal.failed("unforeseen", error)
    return responses.problem_response(problem)
