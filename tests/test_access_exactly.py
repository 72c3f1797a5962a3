"""Who may do what, decided from what is known of a caller: each way to be let in, and each to be refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import journal
from chalicelib.domain.errors import Malformed, NotAllowed, NotFound
from chalicelib.internal import access
from chalicelib.internal.access import ANYONE, PERSON, SCOPES, SIGNED_IN, Caller, Unauthenticated
from chalicelib.store.registry.callers import Session
from chalicelib.store.registry.people import Authority, Role
from chalicelib.web.request import Ask

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MAISON, BONNET, SEAL = Role("member", "maison"), Role("member", "bonnet"), Role("certifier", "seal")
SESSION = Session("0123456789abcdef", "person", NOW + timedelta(hours=1), 3, {"member": "bonnet"})
KEY = SimpleNamespace(kind="member", tenant="maison", prefix="fid_12", scopes=("network:write",))


def person(*roles: Role, factories: tuple[str, ...] = (), **acting: str) -> Caller:
    return Caller("factory", "", "abc", SCOPES["factory"], "person", Authority(factories, roles), acting)


def ask(method: str = "GET", **headers: str) -> Ask:
    return Ask(method, "/", {}, {}, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the database would say: one key, one session, a person who acts for two brands."""
    said = SimpleNamespace(key=KEY, takes_part=True, session=SESSION, may=Authority((), (MAISON, BONNET), 3))
    monkeypatch.setattr(access.callers, "by_key", lambda given: said.key if given == "good" else None)
    monkeypatch.setattr(
        access.callers, "by_session", lambda given, now: said.session if given == "s3cret" and now == NOW else None
    )
    monkeypatch.setattr(
        access.organisations, "takes_part", lambda *who: said.takes_part and who == ("member", "maison")
    )
    monkeypatch.setattr(access.people, "authority", lambda who: said.may if who == "person" else None)
    monkeypatch.setattr(access.clock, "now", lambda: NOW)
    return said


COOKIE = "other=1; __Host-session=s3cret"


@pytest.mark.parametrize("header", ["Bearer good", "bearer  good ", "BEARER good"])
def test_a_key_that_holds_says_who_calls(known: SimpleNamespace, header: str) -> None:
    assert known.key is KEY
    assert access.identify(ask(authorization=header)) == Caller("member", "maison", "fid_12", ("network:write",))


def test_a_key_that_does_not_hold_is_nobody_whatever_cookie_comes_with_it(known: SimpleNamespace) -> None:
    assert access.identify(ask(authorization="Bearer bad", cookie=COOKIE)) is None
    known.takes_part = False
    assert access.identify(ask(authorization="Bearer good", cookie=COOKIE)) is None


def test_a_session_that_holds_says_who_calls(known: SimpleNamespace) -> None:
    caller = access.identify(ask(cookie=COOKIE))
    assert caller == Caller("factory", "", "0123456789ab", SCOPES["factory"], "person", known.may, {"member": "bonnet"})
    assert access.identify(ask(authorization="Basic good", cookie=COOKIE)) == caller


def test_a_session_that_an_invitation_opened_acts_for_its_factory_and_nothing_else(known: SimpleNamespace) -> None:
    known.may = Authority(("F1", "F2", "F3"), (MAISON,), 3)
    for only, factories in (("F2", ("F2",)), ("F4", ())):
        known.session = replace(SESSION, only=only)
        caller = access.identify(ask(cookie=COOKIE))
        assert caller is not None
        assert (caller.authority, caller.only) == (Authority(factories, (), 3), only)


@pytest.mark.parametrize("cookie", ["", "__Host-session=other", "session=s3cret", '__Host-session="', "a,b=1"])
def test_another_cookie_is_nobody(known: SimpleNamespace, cookie: str) -> None:
    assert known.session is SESSION
    assert access.identify(ask(cookie=cookie)) is None


@pytest.mark.parametrize(("generation", "holds"), [(2, True), (3, True), (4, False)])
def test_signing_out_everywhere_ends_older_sessions_only(known: SimpleNamespace, generation: int, holds: bool) -> None:
    known.may = replace(known.may, generation=generation)
    assert (access.identify(ask(cookie=COOKIE)) is not None) is holds


def test_anyone_is_let_in_unknown(known: SimpleNamespace) -> None:
    assert access._admitted(ask(authorization="Bearer good"), ANYONE) is None
    with pytest.raises(Unauthenticated):
        access._admitted(ask(), SIGNED_IN)
    assert known.takes_part


def test_a_key_does_what_its_scopes_say(known: SimpleNamespace) -> None:
    for scope in ("network:write", SIGNED_IN):
        caller = access._admitted(ask("POST", authorization="Bearer good"), scope)
        assert caller is not None
        assert caller.tenant == "maison"
    with pytest.raises(NotAllowed, match="lacks the scope products:write"):
        access._admitted(ask(authorization="Bearer good"), "products:write")
    known.key = SimpleNamespace(**{**KEY.__dict__, "scopes": (PERSON,)})
    with pytest.raises(NotAllowed, match="not for keys"):
        access._admitted(ask(authorization="Bearer good"), PERSON)


def test_a_person_changes_something_only_from_our_own_page(known: SimpleNamespace) -> None:
    token = access.csrf_token("s3cret")
    assert access._admitted(ask(cookie=COOKIE), PERSON) is not None
    assert access._admitted(ask("POST", cookie=COOKIE, x_csrf_token=token), PERSON) is not None
    for given in ("", token[:-1], access.csrf_token("other")):
        with pytest.raises(NotAllowed, match="came from elsewhere"):
            access._admitted(ask("POST", cookie=COOKIE, x_csrf_token=given), PERSON)
    asked = ask(cookie=COOKIE, x_acting_for="member:maison")
    caller = access._admitted(asked, "network:write")
    assert caller is not None
    assert (caller.kind, caller.tenant, caller.scopes) == ("member", "maison", SCOPES["member"])
    assert known.session is SESSION


def test_a_token_of_a_form_is_keyed_by_the_secret_and_bound_to_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret, key in (("of ours", b"of ours"), ("", b"no secret set")):
        monkeypatch.setattr(access, "SETTINGS", replace(access.SETTINGS, csrf_secret=secret))
        assert access.csrf_token("s3cret") == hmac.new(key, b"s3cret", hashlib.sha256).hexdigest()


def test_a_session_cookie_cannot_be_read_by_scripts_nor_leave_tls() -> None:
    rest = "Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax"
    assert access.session_cookie("s3cret") == f"__Host-session=s3cret; {rest}"
    assert access.session_cookie("") == f"__Host-session=; {rest.replace('43200', '0')}"


@pytest.mark.parametrize(
    ("caller", "may"),
    [
        (Caller("staff", "", "a", ()), True),
        (Caller("factory", "BD1", "a", ()), True),
        (Caller("factory", "BD2", "a", ()), False),
        (Caller("member", "BD1", "a", ()), False),
        (person(factories=("BD1",)), True),
        (person(factories=("BD2",)), False),
        (replace(person(), tenant="BD1"), False),
        (replace(person(factories=("BD1",)), kind="member"), False),
    ],
)
def test_who_may_act_for_a_factory(caller: Caller, may: bool) -> None:
    assert caller.may_act_for("BD1") is may
    if may:
        access.need_factory(caller, "BD1")
    else:
        with pytest.raises(NotFound):
            access.need_factory(caller, "BD1")


def test_a_person_takes_the_organisation_that_they_chose_else_the_first() -> None:
    def seen(caller: Caller) -> tuple[Any, ...]:
        return caller.kind, caller.tenant, caller.scopes

    assert seen(person(MAISON, BONNET).in_role("member")) == ("member", "maison", SCOPES["member"])
    assert seen(person(MAISON, BONNET, member="bonnet").in_role("member")) == ("member", "bonnet", SCOPES["member"])
    assert person(MAISON, BONNET, member="seal").in_role("member").tenant == "maison"
    with pytest.raises(NotAllowed, match="do not act for an organisation"):
        person(MAISON).in_role("certifier")


def test_a_person_acts_in_the_one_capacity_that_may() -> None:
    both = person(MAISON, SEAL, factories=("BD1",))
    assert (both.capable_of("network:write", "").tenant, both.capable_of("certificates:write", "").tenant) == (
        "maison",
        "seal",
    )
    assert both.capable_of("profile:write", "") == both
    assert person().capable_of("profile:write", "").kind == "factory"
    assert both.capable_of(PERSON, "") == both
    assert both.capable_of(SIGNED_IN, "certifier").scopes == SCOPES["certifier"]
    for scope, acting in (("staff", ""), ("network:write", "certifier"), ("profile:write", "member:maison")):
        with pytest.raises(NotAllowed, match="may not do this"):
            both.capable_of(scope, acting)
    with pytest.raises(NotAllowed):
        person(MAISON).capable_of("profile:write", "")


def test_a_person_of_several_has_to_say_which() -> None:
    both = person(MAISON, BONNET, Role("staff", ""))
    with pytest.raises(Malformed, match="with one of: member:maison, member:bonnet, staff\\."):
        both.capable_of("history:read", "")
    assert both.capable_of("network:write", "member:bonnet").tenant == "bonnet"


def test_what_a_route_for_anyone_does_not_know_it_cannot_use() -> None:
    with pytest.raises(NotAllowed, match="Sign in first"):
        _ = access.Call(ask(), None).caller


def test_a_refusal_says_how_to_sign_in_and_a_fault_says_nothing() -> None:
    unknown = access._problem(Unauthenticated("Send a key."))
    assert (unknown.status_code, unknown.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Factory ID"')
    assert b'"Not signed in"' in _bytes(unknown.body)
    assert b"Send a key." in _bytes(unknown.body)
    assert access._problem(NotAllowed("No.")).status_code == 403
    failed = access._problem(RuntimeError("the inside"))
    assert failed.status_code == 500
    assert b"the inside" not in _bytes(failed.body)


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()


class Routes:
    """Stands in for a blueprint: keeps what was registered, and has the request that a test asks."""

    def __init__(self, method: str = "GET", **headers: str) -> None:
        self.registered: dict[str, Any] = {}
        self.current_request = SimpleNamespace(
            method=method,
            path="/internal/v1/x/{x}",
            context={},
            query_params=None,
            raw_body=b"",
            uri_params={"x": "a%20b"},
            to_original_event=lambda: {"headers": headers},
        )

    def route(self, path: str, *, methods: list[str], content_types: list[str], name: str) -> Any:
        def keep(view: Any) -> Any:
            self.registered[path] = (methods, content_types, name, view)
            return view

        return keep


def registered(monkeypatch: pytest.MonkeyPatch, routes: Any, handler: Any) -> Any:
    monkeypatch.setattr(access, "ENDPOINTS", [])
    handler.__module__ = "chalicelib.internal.syncs"
    path = "/internal/v1/x/{x}"
    assert access.endpoint(routes, "GET", path, scope="network:write")(handler) is handler
    assert [access.Endpoint("GET", path, "network:write", handler)] == access.ENDPOINTS
    methods, content_types, name, view = routes.registered[path]
    assert (methods, content_types, name) == (["GET"], [], "syncs_served")
    return view


def test_a_route_hands_its_caller_and_its_parameters_to_what_serves_it(
    known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def served(call: access.Call, x: str) -> Any:
        return access.Response(f"{call.caller.tenant} {x} {call.ask.method}", headers={"X-More": "1"})

    routes = Routes(authorization="Bearer good")
    answer = registered(monkeypatch, routes, served)(x="a%20b")
    assert (answer.status_code, answer.body) == (200, "maison a b GET")
    assert answer.headers == {"X-More": "1", "Cache-Control": "no-store"}
    assert known.takes_part


def test_a_route_answers_a_refusal_and_never_keeps_it(known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def served(call: access.Call, x: str) -> Any:
        raise NotFound(f"Nothing at {x}, {call.caller.tenant}.")

    view = registered(monkeypatch, Routes(authorization="Bearer good"), served)
    assert (view(x="").status_code, view(x="").headers["Cache-Control"]) == (404, "no-store")
    unknown = registered(monkeypatch, Routes(), served)(x="")
    assert (unknown.status_code, unknown.headers["Cache-Control"]) == (401, "no-store")
    assert known.takes_part


def test_what_nobody_foresaw_is_logged_with_its_cause_and_what_was_foreseen_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(journal, "write", lines.append)
    access._problem(NotAllowed("No."))
    assert not lines
    error = RuntimeError("the inside")
    error.__cause__ = KeyError("deeper")
    access._problem(error)
    told = json.loads("".join(lines))
    assert (told["event"], told["error"], told["cause"]) == ("unforeseen", "RuntimeError", "KeyError")
    assert "inside" not in lines[0]


def test_no_cookie_is_no_secret(known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [access.session_secret(ask(cookie=each)) for each in ("", "a=b", "a,b=1")] == ["", "", ""]
    monkeypatch.setattr(access.callers, "by_session", lambda _given, _now: SESSION)
    assert access.identify(ask()) is None
    assert known.session is SESSION


def test_two_capacities_are_several() -> None:
    with pytest.raises(Malformed):
        person(MAISON, BONNET).capable_of("network:write", "")
