"""Every internal route: who may call it, and what becomes of bad input. Never a 500, and nothing changed."""

from __future__ import annotations

import json

import pytest

from chalicelib.internal import access
from infra.api.examples import EXAMPLES
from tests.world import GTIN, Answer, Caller, World

# Importing the surface fills the list.
import app  # isort: skip

WRITES = [each for each in access.ENDPOINTS if each.method in ("POST", "PUT", "PATCH")]
KEYED = [each for each in access.ENDPOINTS if each.scope != access.ANYONE]
NOT_TAKEN_BY = {  # a kind of caller that lacks each scope
    "audits:write": "member",
    "invitations:write": "ics",
    "network:write": "certifier",
    "products:write": "ics",
    "page:write": "certifier",
    "watches:write": "ics",
    "certificates:write": "member",
    "profile:write": "member",
    "certificates:declare": "member",
    "programmes:write": "member",
    "history:read": "unscoped",
    "staff": "member",
    "standards:review": "member",
    "syncs:read": "certifier",
    access.SIGNED_IN: "ics",
    access.PERSON: "certifier",
}
BAD_BODIES = {
    "nothing": b"",
    "a string": b'""',
    "a list": b"[]",
    "half an object": b"{",
    "NaN": b'{"a": NaN}',
    "duplicate names": b'{"a": 1, "a": 2}',
    "deep nesting": b'{"a":' * 50 + b"1" + b"}" * 50,
    "an unknown field": b'{"no_such_field": 1}',
    "too many bytes": b'{"a": "' + b"x" * 5_000_000 + b'"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "not UTF-8": b'{"name": "\xff"}',
    "a huge number": b'{"version": ' + b"9" * 100 + b"}",
}


def name(endpoint: access.Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def assert_problem(answer: Answer, *statuses: int) -> None:
    assert answer.status in statuses, (answer.status, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json
    assert problem["status"] == answer.status
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert all(isinstance(problem[member], str) and problem[member] for member in ("type", "title", "detail"))
    assert "Traceback" not in answer.text
    for fault in problem.get("errors", []):
        assert set(fault) == {"pointer", "detail"}
        assert fault["detail"]


def _organiser(world: World, factory_id: str) -> Caller:
    """Who organises a programme that the factory was invited to."""
    world.staff("PUT", "/internal/v1/organisers/green-works", {"name": "Green Works", "country": "CH"}).ok()
    made = world.staff("POST", "/internal/v1/keys", {"kind": "organiser", "tenant": "green-works"}).ok()
    organiser = Caller(world.client, made.json["key"])
    organiser("PUT", "/internal/v1/programmes/dye-houses", EXAMPLES["ProgrammeRequest"]).ok()
    organiser("PUT", f"/internal/v1/programmes/dye-houses/factories/{factory_id}").ok()
    return organiser


def _measured(owner: Caller, factory_id: str) -> None:
    indicator = f"/internal/v1/factories/{factory_id}/indicators/energy-1"
    owner("PUT", indicator, EXAMPLES["IndicatorRequest"]).ok()
    owner("POST", f"{indicator}/readings", EXAMPLES["ReadingsRequest"]).ok()


class Grown:
    """A world in which every path of a route names something that is there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.factory_id = world.a_factory()
        self.code = world.a_certificate(self.factory_id)
        world.a_product(self.factory_id)
        self.owner = world.run_by(self.factory_id)
        self.organiser = _organiser(world, self.factory_id)
        _measured(self.owner, self.factory_id)
        invited = world.member(
            "POST", "/internal/v1/invitations", {"email": "b@mill.example", "name": "New", "country": "IN"}
        ).ok()
        self.invitation_id = invited.json["invitation_id"]
        self.claim_id = "0" * 12
        watch = {"about": [self.code], "webhook": "https://hooks.maison.invalid/in", "email": "it@maison.example"}
        self.watch_id = world.member("POST", "/internal/v1/watches", watch).ok().json["watch_id"]

    def path(self, endpoint: access.Endpoint) -> str:
        known = {
            "factory_id": self.factory_id,
            "code": self.code,
            "product_id": GTIN,
            "invitation_id": self.invitation_id,
            "member_id": "maison",
            "certifier_id": "sureseal",
            "standard_id": "gots",
            "prefix": self.world.other_member.key.split("_")[1],
            "person": "0" * 64,
            "organiser_id": "green-works",
            "programme_id": "dye-houses",
            "indicator_id": "energy-1",
            "period": "2026-01",
            "matter_id": "0" * 16,
            "claim_id": self.claim_id,
            "kid": "0" * 43,
            "slug": "audit-dates",
            "watch_id": self.watch_id,
        }
        return endpoint.path.format(**known)

    def entitled(self, endpoint: access.Endpoint) -> Caller:
        """A caller who has the scope of a route and may act on what its path names."""
        world = self.world
        return {
            "audits:write": world.ics,
            "invitations:write": world.member,
            "network:write": world.member,
            "products:write": world.member,
            "page:write": world.member,
            "watches:write": world.member,
            "certificates:write": world.certifier,
            "programmes:write": self.organiser,
            "profile:write": self.owner,
            "certificates:declare": self.owner,
            "history:read": world.staff,
            "staff": world.staff,
            "standards:review": world.staff,
            "syncs:read": world.staff,
            access.SIGNED_IN: world.certifier,
            access.PERSON: self.owner,
            access.ANYONE: world.anyone,
        }[endpoint.scope]


@pytest.fixture
def grown(world: World) -> Grown:
    return Grown(world)


def test_the_walk_meets_every_route_of_the_contract() -> None:
    met = {name(each) for each in access.ENDPOINTS}
    assert {
        "POST /internal/v1/audit-syncs",
        "POST /internal/v1/invitations",
        "PATCH /internal/v1/factories/{factory_id}",
        "PUT /internal/v1/factories/{factory_id}/privacy",
        "POST /internal/v1/certificates/{code}/standing",
        "DELETE /internal/v1/keys/{prefix}",
    } <= met
    registered = {
        f"{method} {path}"
        for path, methods in app.app.routes.items()
        for method in methods
        if path.startswith("/internal/v1")
    }
    assert registered == met


def test_without_a_valid_key_every_route_answers_401_and_changes_nothing(grown: Grown) -> None:
    world = grown.world
    before = world.tables.everything()
    revoked = world.other_certifier.key
    bad = [
        "",
        "x",
        "fid_",
        revoked[:-1] + ("A" if revoked[-1] != "A" else "B"),
        revoked.replace("fid_", "FID_"),
        "fid_²²²²²²²²²²²²_" + "x" * 43,
    ]
    for endpoint in KEYED:
        for key in bad:
            answer = Caller(world.client, key)(endpoint.method, grown.path(endpoint), {"a": 1})
            assert_problem(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")
        for scheme in ("Basic dTpw", "Bearer", "bearer  ", "Negotiate x"):
            assert_problem(world.anyone(endpoint.method, grown.path(endpoint), {"a": 1}, Authorization=scheme), 401)
        for cookie in ("__Host-session=x", "__Host-session=" + "x" * 43, "a=b; ;;=", '__Host-session="\\'):
            assert_problem(world.anyone(endpoint.method, grown.path(endpoint), {"a": 1}, Cookie=cookie), 401)
    assert world.tables.everything() == before


@pytest.mark.safety("mechanisms.api-keys")
def test_with_a_key_of_the_wrong_kind_every_route_answers_403_or_404_and_changes_nothing(grown: Grown) -> None:
    world = grown.world
    made = world.staff("POST", "/internal/v1/keys", {"kind": "ics", "tenant": "aux", "scopes": ["audits:write"]}).ok()
    callers = {
        "member": world.member,
        "ics": world.ics,
        "certifier": world.certifier,
        "unscoped": Caller(world.client, made.json["key"]),
    }
    before = world.tables.everything()
    for endpoint in KEYED:
        body = world.certificate_body(grown.factory_id) if endpoint.path.endswith("/certificates") else {"a": 1}
        answer = callers[NOT_TAKEN_BY[endpoint.scope]](endpoint.method, grown.path(endpoint), body)
        assert_problem(answer, 403, 404)
    assert world.tables.everything() == before


@pytest.mark.safety("profile.unknown-field", "sync.strict-json")
def test_a_bad_body_on_any_route_is_a_4xx_that_says_what_to_mend_and_changes_nothing(grown: Grown) -> None:
    world = grown.world
    bodiless = ("/resend", "/publish", "/keep", "/contact-mail", "/log/checkpoints", "/log/adoptions", "/test")
    bodiless += (
        "/catch-ups",
        "/{programme_id}/factories/{factory_id}",
    )
    before = world.tables.everything()
    for endpoint in WRITES:
        if endpoint.path.endswith(bodiless):
            continue
        for what, raw in BAD_BODIES.items():
            headers = {"Idempotency_Key": "k", "If_Match": '"1"'}
            answer = grown.entitled(endpoint)(endpoint.method, grown.path(endpoint), raw, **headers)
            assert 400 <= answer.status < 500, (name(endpoint), what, answer.text)
            assert_problem(answer, 413 if what == "too many bytes" else 400)
        for media in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "",
            "multipart/form-data",
        ):
            answer = grown.entitled(endpoint)(
                endpoint.method, grown.path(endpoint), b"{}", Content_Type=media, Idempotency_Key="k"
            )
            assert_problem(answer, 400, 415)
    assert world.tables.everything() == before


SOURCE = {"title": "The standard", "url": "https://standard.example"}
PARTS: list[tuple[str, dict[str, object]]] = [
    ("facts", {"topic": "cost", "text": "It costs nothing.", "source": SOURCE}),
    ("criteria", {"topic": "energy", "degree": "term", "title": "Energy", "source": SOURCE}),
    ("sources", dict(SOURCE)),
]
A_STANDARD: dict[str, object] = {
    "name": "N",
    "owner": "O",
    "kind": "label",
    "summary": "S",
    "sectors": ["textiles"],
    "countries": ["BD"],
    "website": "https://standard.example",
    "reviewed": "2026-01-01",
    **{name: [entry] for name, entry in PARTS},
}
WRONG = [None, 5, -1, 1.5, True, "", " ", "x" * 5000, "\u202e", [], [[]], {}, {"a": {}}, ["x"], "²", "\u0000", 10**19]


def test_no_value_in_any_field_of_any_body_leads_to_more_than_a_4xx(grown: Grown) -> None:
    world, factory_id = grown.world, grown.factory_id
    stage = {"process": "sewing", "factory_id": factory_id}
    bodies: list[tuple[Caller, str, str, dict[str, object]]] = [
        (world.certifier, "POST", "/internal/v1/certificates", world.certificate_body(factory_id, products=["x"])),
        (
            world.certifier,
            "POST",
            f"/internal/v1/certificates/{grown.code}/standing",
            {"standing": "suspended", "reason": "r", "effective": "2026-02-02"},
        ),
        (
            world.member,
            "PUT",
            f"/internal/v1/products/{GTIN}",
            {"brand": "M", "name": "T", "category": "apparel", "lots": ["1"], "stages": [stage]},
        ),
        (world.member, "PUT", f"/internal/v1/products/{GTIN}", {**stage}),
        (
            world.member,
            "POST",
            "/internal/v1/invitations",
            {"email": "a@b.example", "name": "N", "country": "BD", "language": "en"},
        ),
        (world.member, "POST", "/internal/v1/invitations", {"email": "a@b.example", "factory_id": factory_id}),
        (world.member, "POST", "/internal/v1/invitations", {"invitations": [{}]}),
        (
            world.member,
            "POST",
            "/internal/v1/invitations",
            {"address": "A", "city": "C", "site": "S", "coordinates": {}, "unless_likely": True},
        ),
        (world.member, "POST", f"/internal/v1/invitations/{grown.invitation_id}/resend", {"email": "a@b.example"}),
        (world.member, "PUT", f"/internal/v1/network/{factory_id}", {"public": True}),
        (
            world.staff,
            "PUT",
            "/internal/v1/members/newone",
            {"name": "N", "country": "FR", "website": "https://a.example"},
        ),
        (world.staff, "PUT", "/internal/v1/standards/newone", {"name": "N", "owner": "O", "short_name": "S"}),
        (world.staff, "PUT", "/internal/v1/standards/newone", A_STANDARD),
        (
            world.staff,
            "POST",
            "/internal/v1/keys",
            {"kind": "member", "tenant": "outfit", "scopes": ["products:write"]},
        ),
        (grown.owner, "PUT", f"/internal/v1/factories/{factory_id}/links/maison", {"public": True}),
        (grown.owner, "PUT", f"/internal/v1/factories/{factory_id}/privacy", {"city": "public"}),
        (world.anyone, "POST", "/internal/v1/invitations/accept", {"token": "x"}),
    ]
    for caller, method, path, body in bodies:
        for member in body:
            for value in WRONG:
                answer = caller(method, path, {**body, member: value})
                assert answer.status < 500, (method, path, member, value, answer.text)
                if answer.status >= 400:
                    assert_problem(answer, *range(400, 500))


@pytest.mark.parametrize(("name", "entry"), PARTS)
def test_no_value_in_a_part_of_a_standard_leads_to_more_than_a_4xx(
    grown: Grown, name: str, entry: dict[str, object]
) -> None:
    whole = [{**entry, member: value} for member in entry for value in WRONG]
    sources = [{**entry, "source": {**SOURCE, member: value}} for member in SOURCE for value in WRONG]
    for part in (*whole, *(sources if "source" in entry else ())):
        answer = grown.world.staff("PUT", "/internal/v1/standards/newone", {**A_STANDARD, name: [part]})
        assert answer.status == 200 or f"/{name}/0" in assert_fault(answer), (part, answer.text)


def assert_fault(answer: Answer) -> str:
    assert_problem(answer, 400)
    return str(answer.json["errors"][0]["pointer"])


def test_no_value_in_a_stage_of_a_product_leads_to_more_than_a_4xx(grown: Grown) -> None:
    for member in ("process", "factory_id"):
        for value in WRONG:
            stage = {"process": "sewing", "factory_id": grown.factory_id, member: value}
            body = {"brand": "M", "name": "T", "category": "apparel", "stages": [stage]}
            assert_problem(grown.world.member("PUT", f"/internal/v1/products/{GTIN}", body), 400)


BAD_NAMES = ["%00", "%2F", "%ff", "%0d%0aX:1", "%E2%80%AE", "x" * 300, "x" * 3000, "..%2f..", "%F0%9F%98%80"]
BAD_NAMES += ["'\"<>", "%C2%B2", "{}", "%EF%B7%BA" * 90, "a" * 11 + "%C2%B2"]


def test_a_bad_name_in_any_path_is_a_4xx_and_changes_nothing(grown: Grown) -> None:
    before = grown.world.tables.everything()
    for endpoint in access.ENDPOINTS:
        if "{" not in endpoint.path:
            continue
        head, _, tail = endpoint.path.partition("{")
        for given in BAD_NAMES:
            path = head + given + tail.partition("}")[2].replace("{member_id}", "maison")
            answer = grown.entitled(endpoint)(endpoint.method, path, {"a": 1}, If_Match='"1"')
            assert 400 <= answer.status < 500, (name(endpoint), path, answer.status, answer.text)
    assert grown.world.tables.everything() == before


@pytest.mark.safety("profile.stale")
def test_an_etag_that_is_none_of_ours_or_old_is_a_412(grown: Grown) -> None:
    path = f"/internal/v1/factories/{grown.factory_id}"
    for tag in ('"²"', "²", "x", '"-1"', '"' + "9" * 30 + '"', 'W/"1"', '"1", "2"', '""', '"x", "y"', '"*"'):
        assert_problem(grown.owner("PATCH", path, {"city": "X"}, If_Match=tag), 412)


def test_one_etag_of_several_that_fits_is_enough_and_a_star_takes_any(grown: Grown) -> None:
    path = f"/internal/v1/factories/{grown.factory_id}"
    for city, before, after in (("A", '"x", ', ""), ("B", "", ', "999"'), ("C", 'W/"1",', ',"y"')):
        tag = f"{before}{grown.owner.get(path).etag}{after}"
        grown.owner("PATCH", path, {"city": city}, If_Match=tag).ok()
    assert '"city": "C"' in json.dumps(grown.owner.get(path).json)
    grown.owner("PATCH", path, {"city": "D"}, If_Match="*").ok()
    assert '"city": "D"' in json.dumps(grown.owner.get(path).json)


def test_a_patch_without_an_etag_is_refused(grown: Grown) -> None:
    assert_problem(grown.owner("PATCH", f"/internal/v1/factories/{grown.factory_id}", {"city": "X"}), 400)


def test_a_bad_question_to_the_history_is_a_400(grown: Grown) -> None:
    for query in ("", "?record=", "?record=x", "?record=%00", f"?record={'x' * 3000}"):
        assert_problem(grown.world.staff.get(f"/internal/v1/events{query}"), 400)
    for after in ("%C2%B2", "-1", "9999999999999", "1.5", "%ff", "x", "%D9%A3"):
        assert_problem(grown.world.staff.get(f"/internal/v1/events?record={grown.factory_id}&after={after}"), 400)


@pytest.mark.safety("profile.foreign-id")
def test_a_factory_id_of_another_in_the_body_is_refused(grown: Grown) -> None:
    other = grown.world.a_factory("S-other")
    before = grown.world.tables.everything()
    path = f"/internal/v1/factories/{grown.factory_id}"
    answer = grown.owner("PATCH", path, {"factory_id": other, "city": "X"}, If_Match=grown.owner.get(path).etag)
    assert_problem(answer, 400)
    assert answer.json["errors"][0]["pointer"] == "/factory_id"
    assert grown.world.tables.everything() == before


@pytest.mark.safety("profile.foreign-id")
def test_another_factorys_record_is_not_there_for_its_neighbour(grown: Grown) -> None:
    other = grown.world.a_factory("S-other")
    foreign, absent = f"/internal/v1/factories/{other}", "/internal/v1/factories/BD00000000000"
    assert_problem(grown.owner.get(foreign), 404)
    assert_problem(grown.owner("PATCH", foreign, {"city": "X"}, If_Match='"1"'), 404)
    assert_problem(grown.owner("PUT", f"{foreign}/privacy", {"city": "private"}), 404)
    assert_problem(grown.owner.get(f"/internal/v1/events?record={other}"), 404)
    assert grown.owner.get(absent).status in (400, 404)


def test_a_certificate_of_another_certifier_is_not_there_for_this_one(grown: Grown) -> None:
    before = grown.world.tables.everything()
    path = f"/internal/v1/certificates/{grown.code}"
    assert_problem(grown.world.other_certifier.get(path), 404)
    assert_problem(
        grown.world.other_certifier("POST", f"{path}/standing", {"standing": "withdrawn", "reason": "x"}), 404
    )
    assert_problem(
        grown.world.other_certifier(
            "POST", "/internal/v1/certificates", grown.world.certificate_body(grown.factory_id)
        ),
        409,
    )
    assert grown.world.tables.everything() == before


@pytest.mark.safety("portal.csrf")
def test_a_session_without_its_csrf_token_changes_nothing(grown: Grown) -> None:
    before = grown.world.tables.everything()
    path = f"/internal/v1/factories/{grown.factory_id}"
    naked = Caller(grown.owner.client, fixed={"Cookie": grown.owner.fixed["Cookie"]})
    assert naked.get(path).status == 200
    assert_problem(naked("PATCH", path, {"city": "X"}, If_Match='"1"'), 403)
    assert_problem(naked("PATCH", path, {"city": "X"}, If_Match='"1"', X_CSRF_Token="0" * 64), 403)
    assert_problem(naked("PATCH", path, {"city": "X"}, If_Match='"1"', X_CSRF_Token="é"), 403)
    assert grown.world.tables.everything() == before


@pytest.mark.safety("mechanisms.api-keys")
def test_a_revoked_key_and_a_third_key(world: World) -> None:
    def make() -> Answer:
        return world.staff("POST", "/internal/v1/keys", {"kind": "member", "tenant": "outfit"})

    second = make().ok().json
    assert_problem(make(), 409)
    assert Caller(world.client, second["key"]).get("/internal/v1/network").status == 200
    assert world.staff("DELETE", f"/internal/v1/keys/{second['prefix']}").status == 204
    assert_problem(Caller(world.client, second["key"]).get("/internal/v1/network"), 401)
    assert_problem(world.staff("DELETE", f"/internal/v1/keys/{second['prefix']}"), 404)
    assert make().status == 201


@pytest.mark.safety("mechanisms.api-keys")
def test_a_key_gets_no_scope_that_is_not_for_its_kind(world: World) -> None:
    body = {"kind": "member", "tenant": "outfit", "scopes": ["staff"]}
    assert_problem(world.staff("POST", "/internal/v1/keys", body), 400)
    assert_problem(world.staff("POST", "/internal/v1/keys", {"kind": "member", "tenant": "nobody"}), 404)
    unnamed = world.staff("POST", "/internal/v1/keys", {"kind": "member", "tenant": "No body"})
    assert assert_fault(unnamed) == "/tenant"


@pytest.mark.safety("mechanisms.mailed-tokens", "mechanisms.api-keys", "invitations.table-dump")
def test_a_dump_of_the_registry_holds_no_usable_secret(grown: Grown) -> None:
    dump = grown.world.tables.everything()
    for caller in (grown.world.staff, grown.world.ics, grown.world.member):
        assert caller.key.split("_", 2)[2] not in dump
    for _, token in grown.world.mailed:
        assert token not in dump
    assert grown.owner.fixed["Cookie"].partition("=")[2] not in dump


def test_an_invitation_of_another_member_is_not_there(grown: Grown) -> None:
    path = f"/internal/v1/invitations/{grown.invitation_id}"
    assert_problem(grown.world.other_member("POST", f"{path}/resend"), 404)
    assert_problem(grown.world.other_member("DELETE", path), 404)
    assert grown.world.other_member.get("/internal/v1/invitations").json["results"] == []


@pytest.mark.safety("mechanisms.mailed-tokens", "invitations.same-page")
def test_used_superseded_withdrawn_and_made_up_tokens_get_the_same_answer(world: World) -> None:
    def invite(email: str) -> str:
        body = {"email": email, "name": "New mill", "country": "IN"}
        return str(world.member("POST", "/internal/v1/invitations", body).ok().json["invitation_id"])

    invite("a@mill.example")
    used = world.mailed[-1][1]
    world.accept(used).ok()
    second = invite("b@mill.example")
    superseded = world.mailed[-1][1]
    world.member("POST", f"/internal/v1/invitations/{second}/resend").ok()
    third = invite("c@mill.example")
    withdrawn = world.mailed[-1][1]
    assert world.member("DELETE", f"/internal/v1/invitations/{third}").status == 204
    answers = [world.accept(token) for token in (used, superseded, withdrawn, "x" * 43, "x")]
    assert {(answer.status, answer.text) for answer in answers} == {(410, answers[0].text)}
    assert world.accept(world.mailed[1][1]).status == 410
    fresh = [token for email, token in world.mailed if email == "b@mill.example"][-1]
    assert world.accept(fresh).status == 200


def test_what_a_bad_batch_of_invitations_says_row_by_row(world: World) -> None:
    good = {"email": "a@mill.example", "name": "N", "country": "IN"}
    rows = [good, {**good, "email": "x"}, {**good, "country": "XX"}, 5, {**good, "name": "a\r\nBcc: b@c.example"}]
    answer = world.member("POST", "/internal/v1/invitations", {"invitations": rows}).ok().json["results"]
    assert [row["outcome"] for row in answer] == ["created", *["rejected"] * 4]
    assert all(row["detail"] for row in answer[1:])
    assert len(world.mailed) == 1
    assert_problem(world.member("POST", "/internal/v1/invitations", {"invitations": [good] * 501}), 400, 413)


def test_answers_of_the_inside_are_never_kept(grown: Grown) -> None:
    for caller, path in (
        (grown.owner, f"/internal/v1/factories/{grown.factory_id}"),
        (grown.world.member, "/internal/v1/network"),
        (grown.world.certifier, f"/internal/v1/certificates/{grown.code}"),
    ):
        assert caller.get(path).ok().headers["cache-control"] == "no-store"


def test_json_in_and_out_keeps_scripts(grown: Grown) -> None:
    path = f"/internal/v1/factories/{grown.factory_id}"
    said = {"local_name": "মেঘনা নিট", "descriptions": {"bn": "আমরা বুনি"}}
    answer = grown.owner(
        "PATCH", path, json.dumps(said, ensure_ascii=False).encode(), If_Match=grown.owner.get(path).etag
    )
    assert answer.ok().json["fields"]["local_name"] == "মেঘনা নিট"
    assert "মেঘনা নিট" in answer.text
