"""``openapi.json`` says what the app does: each route is in it, and each answer is as it says."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws
from openapi_spec_validator import validate

from app import app
from chalicelib import clock, settings
from chalicelib.domain.clones import Suspicion
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.fields import clean_fields
from chalicelib.domain.moderation import Kind, Matter
from chalicelib.internal import (
    access,
    audits,
    certificate_batches,
    certificates,
    invitations,
    letters,
    lifecycle,
    network,
    products,
    profiles,
    scans,
    staff,
    standards,
)
from chalicelib.public import api as pages
from chalicelib.public import scan
from chalicelib.store import models, public_table, reader
from chalicelib.store.registry import callers, clones, moderation
from chalicelib.store.registry.moderation import PUBLIC
from infra import gateway, openapi
from infra.api import table
from infra.api.examples import EXAMPLES
from infra.api.record_examples import FACTORY_ID, OTHER_FACTORY_ID
from infra.tables import create_tables
from tests import kept_clients
from tests.local_kms import keys_in_process
from tests.recorder import Recorder, closed, validator

DOCUMENT: dict[str, Any] = json.loads(openapi.FILE.read_text(encoding="utf-8"))
STRICT = closed(DOCUMENT)
HTTP_DOC = openapi.FILE.parent / "docs" / "http.md"
SENT = sorted({name for row in table.ROWS.values() for name in row.request})
NUMBER = "CU 7190442-2026"


def test_the_file_is_what_the_code_says() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.rendered()


def test_the_file_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_each_route_of_the_app_is_described_and_nothing_else() -> None:
    routes = {path: set(methods) for path, methods in app.routes.items()}
    assert {path: set(item["x-methods"]) for path, item in DOCUMENT["paths"].items()} == routes
    for path, item in DOCUMENT["paths"].items():
        described = {name.upper() for name in item if name != "x-methods"}
        assert described == routes[path] - {"HEAD", "OPTIONS"}, path


def test_each_internal_route_says_who_may_call_it() -> None:
    for each in access.ENDPOINTS:
        operation = DOCUMENT["paths"][each.path][each.method.lower()]
        assert operation["x-scope"] == each.scope
        assert bool(operation["security"]) == (each.scope != access.ANYONE)


def test_each_error_for_machines_refers_to_the_problem_schema() -> None:
    for item in DOCUMENT["paths"].values():
        for method, operation in item.items():
            for status, reply in operation["responses"].items() if method != "x-methods" else ():
                if status.startswith(("4", "5")):
                    content = DOCUMENT["components"]["responses"][reply["$ref"].rpartition("/")[2]]["content"]
                    assert "#/components/schemas/Problem" in json.dumps(content["application/problem+json"])


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_fits_its_schema(name: str) -> None:
    validator(STRICT, {"$ref": f"#/components/schemas/{name}"}).validate(EXAMPLES[name])


def test_what_the_gateway_answers_by_itself_are_problems_too() -> None:
    problems = [each for kind, each in gateway.responses().items() if kind not in gateway.NOT_FOUND]
    assert problems
    for each in problems:
        [body] = each["responseTemplates"].values()
        validator(STRICT, {"$ref": "#/components/schemas/Problem"}).validate(json.loads(body))


def test_docs_http_md_names_each_route_for_machines_and_each_limit() -> None:
    text = HTTP_DOC.read_text(encoding="utf-8")
    assert set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`? ]*)", text)) == set(table.ROWS)
    for module in (
        audits,
        certificate_batches,
        certificates,
        invitations,
        lifecycle,
        network,
        products,
        profiles,
        staff,
        standards,
    ):
        assert f"{module.MOST_BYTES:,} bytes" in text, module.__name__


def test_each_body_that_can_be_sent_has_an_example() -> None:
    assert set(SENT) <= set(EXAMPLES)


def test_the_example_of_a_factory_is_one_that_the_domain_takes() -> None:
    assert clean_fields(EXAMPLES["IcsFactory"], "", required=("name", "country"))[1] == []


@pytest.fixture(scope="module")
def mailed() -> list[str]:
    """The tokens of the invitations that were mailed."""
    return []


@pytest.fixture(scope="module")
def call(mailed: list[str]) -> Iterator[Recorder]:
    """The app over empty tables."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(), Client(app) as client, keys_in_process():
        patch.setenv("SIGNING_KEY", "credentials")
        patch.setenv("RECEIPT_KEY", "receipts")
        patch.setattr(access, "SETTINGS", replace(access.SETTINGS, sync_workers=1))
        patch.setattr(letters, "welcome", lambda *_: None)
        patch.setattr(letters, "invitation", lambda _member, _invitation, token: mailed.append(token))
        chosen = settings.load()
        models.connect(chosen)
        create_tables(kept_clients.dynamodb())
        yield Recorder(client, STRICT)
    models.connect(settings.load())


@pytest.fixture(scope="module")
def world(call: Recorder, mailed: list[str]) -> dict[str, str]:
    """A small world made by the examples: keys by kind, a factory, a certificate, an invitation, a session."""
    _, staff = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    made = {"staff": staff, **_organisations(call, staff)}
    key = {"Idempotency_Key": "first"}
    synced = call("POST", "/internal/v1/audit-syncs", made["ics"], EXAMPLES["AuditSyncRequest"], **key)
    made["factory"] = synced.json["results"][0]["factory_id"]
    asked = _about(made, "CertificateRequest")
    for status in (201, 200):
        certificate = call("POST", "/internal/v1/certificates", made["certifier"], asked)
        assert certificate.status == status
    made["certificate"] = certificate.json["code"]
    invited = call("POST", "/internal/v1/invitations", made["member"], _about(made, "InvitationRequest"))
    made["invitation"] = invited.json["invitation_id"]
    several = call("POST", "/internal/v1/invitations", made["member"], _about(made, "InvitationBatch"))
    made["second_invitation"] = several.json["results"][1]["invitation_id"]
    many = {"invitations": [{"email": "nobody"}]}
    assert call("POST", "/internal/v1/invitations", made["member"], many).json["results"][0]["outcome"] == "rejected"
    opened = call("POST", "/internal/v1/invitations/accept", body={"token": mailed[0]})
    made["cookie"], made["csrf"] = opened.headers["Set-Cookie"].partition(";")[0], opened.json["csrf_token"]
    return made


def _organisations(call: Recorder, staff: str) -> dict[str, str]:
    organisation = EXAMPLES["OrganisationRequest"]
    call("PUT", "/internal/v1/members/maison-lumiere", staff, organisation)
    call("PUT", "/internal/v1/certifiers/cert-example", staff, organisation)
    call("PUT", "/internal/v1/standards/gots", staff, EXAMPLES["StandardRequest"])
    made = {"member": call("POST", "/internal/v1/keys", staff, EXAMPLES["KeyRequest"]).json["key"]}
    for kind, tenant in (("ics", "ics"), ("certifier", "cert-example")):
        made[kind] = call("POST", "/internal/v1/keys", staff, {"kind": kind, "tenant": tenant}).json["key"]
    return made


def _about(made: dict[str, str], name: str) -> Any:
    """An example, told of the factory that there is."""
    return json.loads(json.dumps(EXAMPLES[name]).replace(FACTORY_ID, made["factory"]))


def _tell(call: Recorder, made: dict[str, str]) -> None:
    page = "/internal/v1/members/maison-lumiere/page"
    told = call("GET", page, made["member"]).headers["ETag"]
    call("PATCH", page, made["member"], EXAMPLES["BrandPagePatch"], If_Match=told)


def _watch(call: Recorder, made: dict[str, str]) -> None:
    watch = {**EXAMPLES["WatchRequest"], "about": [made["factory"]], "webhook": "https://hooks.maison.invalid/in"}
    watch_id = call("POST", "/internal/v1/watches", made["member"], watch).json["watch_id"]
    call("GET", "/internal/v1/watches", made["member"])
    call("POST", f"/internal/v1/watches/{watch_id}/test", made["member"])
    call("DELETE", f"/internal/v1/watches/{watch_id}", made["member"])


BRAND_LISTS = ("factories", "products", "factories.csv", "factories.json", "factories.geojson")


def _run(call: Recorder, made: dict[str, str]) -> None:
    """Call every endpoint for machines, so that each of the successes described is seen."""
    own = f"/internal/v1/factories/{made['factory']}"
    person = {"Cookie": made["cookie"], "X_CSRF_Token": made["csrf"]}
    etag = call("GET", own, **person).headers["ETag"]
    call("PATCH", own, body=EXAMPLES["FactoryPatch"], If_Match=etag, **person)
    call("PUT", f"{own}/privacy", body=EXAMPLES["Privacy"], **person)
    call("PUT", f"{own}/relay", body=EXAMPLES["Relay"], **person)
    call("PUT", "/internal/v1/network/" + made["factory"], made["member"], EXAMPLES["NetworkLink"])
    call("PUT", f"{own}/links/maison-lumiere", body=EXAMPLES["LinkAgreement"], **person)
    for action in ("contact-mail", "publish"):
        call("POST", f"{own}/{action}", **person)
    _plan(call, made, person)
    for ending in ("", ".csv", ".xlsx", ".geojson", f"/{made['factory']}"):
        call("GET", f"/internal/v1/network{ending}", made["member"])
    call("DELETE", "/internal/v1/network/" + made["factory"], made["member"])
    call("PUT", "/internal/v1/network/" + made["factory"], made["member"], EXAMPLES["NetworkLink"])
    call("DELETE", f"{own}/links/maison-lumiere", **person)
    call("PUT", f"{own}/links/maison-lumiere", body=EXAMPLES["LinkAgreement"], **person)
    _tell(call, made)
    _sell(call, made)
    _watch(call, made)
    standing = f"/internal/v1/certificates/{made['certificate']}"
    call("POST", f"{standing}/standing", made["certifier"], EXAMPLES["StandingRequest"])
    call("GET", standing, made["certifier"])
    call("GET", "/internal/v1/certificates?status=suspended", made["certifier"])
    call("POST", "/internal/v1/certificates/batch", made["certifier"], _about(made, "CertificateBatch"))
    _declare(call, made, person)
    for record in (made["factory"], made["certificate"]):
        call("GET", f"/internal/v1/events?record={record}", made["staff"])
    moderation.noticed(
        Matter("0" * 16, Kind.ODD_NAME, f"/f/{made['factory']}", "Meghna", "2026-11-22T09:00:00Z"), PUBLIC
    )
    waiting = call("GET", "/internal/v1/moderation", made["staff"]).json["results"][0]["id"]
    call("POST", f"/internal/v1/moderation/{waiting}", made["staff"], EXAMPLES["DecisionRequest"])
    call("GET", "/internal/v1/network", made["member"])
    call("GET", "/internal/v1/syncs", made["staff"])
    call("GET", "/internal/v1/duplicates?name=Meghna%20Knit&country=bd", made["member"])
    call("GET", "/internal/v1/invitations", made["member"])
    pending = f"/internal/v1/invitations/{made['second_invitation']}"
    call("POST", f"{pending}/resend", made["member"])
    call("POST", f"{pending}/resend", made["member"], EXAMPLES["Resend"])
    assert call("GET", "/internal/v1/invitations?state=pending", made["member"]).json["results"]
    same = {"email": "else@meghna-knit.example", "name": "Meghna Knit S.T. Ltd", "country": "BD"}
    assert call("POST", "/internal/v1/invitations", made["member"], same).json["duplicates"]
    refused = call("POST", "/internal/v1/invitations", made["member"], {**same, "unless_likely": True})
    assert (refused.status, refused.json["duplicates"][0]["factory_id"]) == (409, made["factory"])
    rows = {"invitations": [{**same, "unless_likely": True}]}
    several = call("POST", "/internal/v1/invitations", made["member"], rows).json["results"]
    assert several[0]["outcome"] == "possible_duplicate"
    call("DELETE", pending, made["member"])
    _run_as_staff(call, made)
    for path in (
        f"/v1/factories/{made['factory']}",
        f"/v1/certificates/{made['certificate']}?on=2026-03-01",
        f"/v1/certificates?number={NUMBER.replace(' ', '%20')}&standard=gots",
        "/v1/products/9521234543213",
        "/v1/members",
        "/v1/members/maison-lumiere",
        *(f"/v1/members/maison-lumiere/{below}" for below in BRAND_LISTS),
        "/v1/directory?q=meghna",
        "/v1/resources?for=buyer",
        "/v1/resources/audit-dates?lang=bn",
        "/v1/directory?country=BD",
        "/v1/standards?kind=certification",
        "/v1/standards/gots",
        "/v1/standards/compare?ids=gots,unread",
        "/v1/standards/topics/chemicals",
        f"/v1/factories/{made['factory']}/topics",
        f"/qr/f/{made['factory']}.svg?size=30",
        f"/QR/F/{made['factory']}.SVG",
        f"/badge/f/{made['factory']}.svg",
        f"/f/{made['factory']}/poster",
        *("/v1/log/checkpoint", "/v1/log/checkpoints", "/v1/log/entries", "/v1/log/proof/consistency?from=1"),
        f"/v1/log/proof/inclusion?code={made['certificate']}",
        *("/.well-known/did.json", "/did.json", "/credentials/status/revocation/0"),
        f"/credentials/c/{made['certificate']}",
        *(
            "/sitemap.xml",
            "/sitemap/BD.xml",
            "/.well-known/gs1resolver",
            "/healthz",
            "/robots.txt",
            "/scan/verifier.js",
            "/scan/reading.js",
            f"/scan/reader/{scan.READER}.js",
            "/scan/worker.js",
            "/openapi.json",
        ),
    ):
        call("GET", path)
    _keep_proof(call, made)


def _sell(call: Recorder, made: dict[str, str]) -> None:
    """What a member does with its products."""
    product = _about(made, "ProductRequest")
    for _ in range(2):
        call("PUT", "/internal/v1/products/09521234543213", made["member"], product)
    call("POST", "/internal/v1/products", made["member"], product)
    call("GET", "/internal/v1/products", made["member"])
    call("GET", "/internal/v1/products/09521234543213", made["member"])


def _count(call: Recorder, made: dict[str, str]) -> None:
    """What owners read of scans, and what a brand takes for too many places."""
    scan = json.dumps({"scan": "f", "code": made["factory"], "place": "00ff", "country": "DE", "bot": False})
    scans.count([{"id": "1", "timestamp": int(clock.now().timestamp() * 1000), "message": scan}])
    clones.noticed("maison-lumiere", "09521234543213", "0001", Suspicion((clock.today(),), 8, ("DE",)), clock.today())
    for thing in (f"factories/{made['factory']}", f"certificates/{made['certificate']}"):
        call("GET", f"/internal/v1/{thing}/scans?days=90", made["staff"])
    call("GET", "/internal/v1/products/09521234543213/scans?serial=0001", made["member"])
    call("PUT", "/internal/v1/clones/rule", made["member"], EXAMPLES["CloneRule"])
    assert call("GET", "/internal/v1/clones", made["member"]).json["results"]


def _plan(call: Recorder, made: dict[str, str], person: dict[str, str]) -> None:
    """What a factory does with its climate plan."""
    climate = f"/internal/v1/factories/{made['factory']}/climate"
    etag = call("GET", climate, **person).headers["ETag"]
    call("PUT", climate, body=EXAMPLES["ClimatePlan"], If_Match=etag, **person)
    call("POST", f"{climate}/publish", **person)
    call("GET", f"/v1/factories/{made['factory']}/climate")
    call("POST", f"{climate}/keep", **person)


def _keep_proof(call: Recorder, made: dict[str, str]) -> None:
    """What a buyer does who wants to be able to show that it checked."""
    given = call("POST", f"/v1/certificates/{made['certificate']}/receipt").json
    call("POST", "/v1/receipts/check", body={"receipt": given["receipt"]})
    call("GET", f"/receipts/file?r={given['receipt']}")
    call("POST", "/v1/verify", body={"numbers": [NUMBER, made["certificate"], "unheard-of"]})


def _declare(call: Recorder, made: dict[str, str], person: dict[str, str]) -> None:
    """What a factory does with a certificate that nobody confirmed, what its people learn, and how often it is seen."""
    _count(call, made)
    declared = {**_about(made, "CertificateRequest"), "number": "DECLARED-1", "certifier": "Somebody", "gdti": None}
    code = call("POST", "/internal/v1/certificates", body=declared, **person).json["code"]
    asking = f"/internal/v1/certificates/{code}/requests"
    call("POST", asking, body=EXAMPLES["ConfirmationRequest"], **person)
    call("PUT", "/internal/v1/learning/audit-dates", body=EXAMPLES["Answers"], **person)
    assert call("GET", "/internal/v1/learning", **person).json["next"]
    _claim(call, made, person)


def _claim(call: Recorder, made: dict[str, str], person: dict[str, str]) -> None:
    """What owners of records claim, and what a certification body says of it."""
    said, member = EXAMPLES["ClaimRequest"], made["member"]
    for path, key, signed in (
        (f"factory/{made['factory']}", None, person),
        ("product/09521234543213", member, {}),
        ("member/maison-lumiere", member, {}),
    ):
        claims = f"/internal/v1/claims/{path}"
        for _ in range(2):
            claim = call("POST", claims, key, said, **signed)
        one = f"{claims}/{claim.json['claim_id']}"
        call("POST", f"{one}/verify", made["certifier"], EXAMPLES["ClaimVerification"])
        call("POST", f"{one}/unverify", made["certifier"], EXAMPLES["Reason"])
        etag = call("GET", claims, key, **signed).headers["ETag"]
        changed = {**said, "basis": {"kind": "certificate", "code": made["certificate"]}}
        call("PUT", one, key, changed, If_Match=etag, **signed)
        call("POST", claims, key, {**said, "text": "Green for ever"}, **signed)
        call("DELETE", one, key, **signed)


def _support(call: Recorder, made: dict[str, str]) -> None:
    """What a factory measures, and how an organiser supports it."""
    person = {"Cookie": made["cookie"], "X_CSRF_Token": made["csrf"]}
    staff, own = made["staff"], f"/internal/v1/factories/{made['factory']}"
    call("PUT", "/internal/v1/organisers/green-works", staff, EXAMPLES["OrganisationRequest"])
    for change in ("end", "resume"):
        call("POST", f"/internal/v1/organisers/green-works/{change}", staff, EXAMPLES["Reason"])
    key = call("POST", "/internal/v1/keys", staff, {"kind": "organiser", "tenant": "green-works"}).json["key"]
    programme = "/internal/v1/programmes/dye-houses"
    for _ in range(2):
        call("PUT", programme, key, EXAMPLES["ProgrammeRequest"])
    place = f"{programme}/factories/{made['factory']}"
    call("PUT", place, key)
    call("DELETE", place, key)
    call("PUT", place, key)
    water = f"{own}/indicators/water-1"
    call("PUT", water, body=EXAMPLES["IndicatorRequest"], **person)
    call("POST", f"{water}/readings", body=EXAMPLES["ReadingsRequest"], **person)
    call("DELETE", f"{water}/readings/2026-02", **person)
    call("GET", f"{own}/indicators", **person)
    call("PUT", f"{own}/programmes/dye-houses", body=EXAMPLES["PartRequest"], **person)
    call("PUT", f"{own}/programmes/dye-houses", body={"shows": True}, **person)
    call("GET", f"{own}/programmes", **person)
    call("PUT", f"{place}/done", key, EXAMPLES["DoneRequest"])
    for path in (place, programme, "/internal/v1/programmes", f"{programme}/cohort.csv"):
        call("GET", path, key)
    call("POST", f"{own}/efficiency/publish", **person)
    call("GET", f"/v1/factories/{made['factory']}/efficiency")
    call("POST", f"{own}/efficiency/keep", **person)
    call("DELETE", water, **person)


def _run_as_staff(call: Recorder, made: dict[str, str]) -> None:
    """What the registry's operators do."""
    call("PUT", "/internal/v1/standards/unread", made["staff"], {"name": "Unread Standard", "owner": "Somebody"})
    call("GET", "/internal/v1/standards/gots", made["staff"])
    call("POST", "/internal/v1/standards/gots/review", made["staff"], EXAMPLES["ReviewRequest"])
    team = "kind=member&tenant=maison-lumiere"
    joined = call("POST", "/internal/v1/people", made["staff"], EXAMPLES["PersonRequest"]).json["people"]
    call("GET", f"/internal/v1/people?{team}", made["staff"])
    call("DELETE", f"/internal/v1/people/{joined[0]['person']}?{team}", made["staff"])
    call("POST", "/internal/v1/log/adoptions", made["staff"])
    call("POST", "/internal/v1/catch-ups", made["staff"])
    call("POST", "/internal/v1/log/checkpoints", made["staff"])
    call("POST", "/internal/v1/erasures", made["staff"], EXAMPLES["ErasureRequest"])
    other = {**EXAMPLES["AuditSyncRequest"]["items"][0], "site": "ANOTHER-SITE"}
    synced = call("POST", "/internal/v1/audit-syncs", made["ics"], {"items": [other]}, Idempotency_Key="other")
    twin = f"/internal/v1/factories/{synced.json['results'][0]['factory_id']}"
    call("POST", f"{twin}/move", made["staff"], EXAMPLES["MoveRequest"])
    call("GET", twin.replace("/internal", ""))
    call("POST", f"{twin}/close", made["staff"], EXAMPLES["CloseRequest"])
    call("POST", f"{twin}/reopen", made["staff"], EXAMPLES["Reason"])
    into = json.loads(json.dumps(EXAMPLES["MergeRequest"]).replace(OTHER_FACTORY_ID, made["factory"]))
    call("POST", f"{twin}/merge", made["staff"], into)
    call("POST", f"{twin}/unmerge", made["staff"], EXAMPLES["Reason"])
    for thing in (f"factories/{made['factory']}", "products/9521234543213"):
        call("POST", f"/internal/v1/{thing}/sign", made["staff"], EXAMPLES["Reason"])
    held = call("GET", "/internal/v1/signing-keys", made["staff"]).json["results"]
    kid = next(each["kid"] for each in held if each["purpose"] == "credentials")
    call("DELETE", f"/internal/v1/signing-keys/{kid}", made["staff"])
    for organisation in ("members/maison-lumiere", "certifiers/cert-example"):
        for change in ("end", "resume"):
            call("POST", f"/internal/v1/{organisation}/{change}", made["staff"], EXAMPLES["Reason"])
    call("GET", "/internal/v1/keys?kind=ics&tenant=ics", made["staff"])
    spare = call("POST", "/internal/v1/keys", made["staff"], {"kind": "ics", "tenant": "ics"}).json["prefix"]
    call("DELETE", f"/internal/v1/keys/{spare}", made["staff"])


def test_each_success_that_is_described_is_seen_and_is_as_described(call: Recorder, world: dict[str, str]) -> None:
    _run(call, world)
    _support(call, world)
    described = {(*route, status) for route, row in table.ROWS.items() for status in row.replies}
    assert {each for each in call.seen if each[2] < 300} == described


def test_problems_are_as_described(call: Recorder, world: dict[str, str]) -> None:
    own, syncs = f"/internal/v1/factories/{world['factory']}", "/internal/v1/audit-syncs"
    ics, staff, batch = world["ics"], world["staff"], EXAMPLES["AuditSyncRequest"]
    key = {"Idempotency_Key": "first"}
    assert call("POST", syncs, ics, batch, **key).status == 200
    assert call("POST", syncs, ics, {"items": [{"site": "x"}]}, **key).status == 422
    assert call("POST", syncs, ics, {"items": [{"site": "x"}] * 1001}, Idempotency_Key="many").status == 413
    assert call("POST", syncs, ics, raw=b'{"items": NaN}', Idempotency_Key="nan").status == 400
    assert call("POST", syncs + "?dry_run=1", ics, batch).status == 200
    assert call("POST", syncs, body=batch).status == 401
    assert call("POST", syncs, staff, batch).status == 403
    assert call("PATCH", own, staff, {"city": "Dhaka"}, If_Match='"1"').status == 412
    assert call("PATCH", own, staff, {"country": "Bangladesh", "stars": 5}, If_Match='"1"').status == 400
    assert call("POST", "/internal/v1/invitations/accept", body={"token": "spent"}).status == 410
    used = f"/internal/v1/invitations/{world['invitation']}/resend"
    assert call("POST", used, world["member"]).status == 409
    assert call("GET", "/internal/v1/factories/BDF8QY40YGE1", staff).status == 404
    assert call("GET", "/v1/factories/BDF8QY40YGE1").status == 404
    assert call("GET", "/v1/products/96385074").status == 404
    unknown = call("GET", "/v1/certificates?number=unheard-of")
    assert (unknown.status, unknown.json["status"]) == (404, "unknown")
    assert call("GET", "/v1/certificates/CM9S346Q3D5").json["status"] == "unknown"
    assert call("GET", "/v1/certificates").status == 400
    assert call("GET", "/qr/x/y.svg").status == 404


def test_an_unreachable_table_and_our_own_faults_are_as_described(
    call: Recorder, world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any, **__: Any) -> Any:
        raise Unavailable("The registry could not be reached just now.")

    path = f"/v1/certificates/{world['certificate']}"
    monkeypatch.setattr(public_table, "get", unreachable)
    answer = call("GET", path)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    monkeypatch.setattr(reader, "certificate", lambda _code: 1 // 0)
    assert call("GET", path).status == 500


def test_a_name_that_is_not_described_is_refused_by_the_app_as_by_the_schema(
    call: Recorder, world: dict[str, str]
) -> None:
    sent = {**EXAMPLES["OrganisationRequest"], "stars": 5}
    assert not validator(DOCUMENT, {"$ref": "#/components/schemas/OrganisationRequest"}).is_valid(sent)
    answer = call("PUT", "/internal/v1/members/maison-lumiere", world["staff"], sent)
    assert answer.json["errors"] == [{"pointer": "/stars", "detail": "is not known here"}]


def test_the_document_is_served_with_our_own_address_to_any_origin() -> None:
    with Client(app) as client:
        answer = client.http.get("/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert json.loads(answer.body) == {**DOCUMENT, "servers": [{"url": settings.load().base_url}]}


def test_the_pages_name_every_endpoint_and_stay_small() -> None:
    with Client(app) as client:
        overview = client.http.get("/docs")
        found = {topic["name"]: client.http.get(f"/docs/{topic['name']}") for topic in pages.topics()}
        assert client.http.get("/docs/nothing").status_code == 404
    told = {(each["method"], each["path"]) for topic in pages.topics() for each in topic["operations"]}
    assert set(table.ROWS) <= told
    for answer in (overview, *found.values()):
        assert answer.status_code == 200
        assert len(gzip.compress(answer.body)) < 14_000
        assert b"<script" not in answer.body
    for topic in pages.topics():
        text = found[topic["name"]].body.decode()
        for each in topic["operations"]:
            assert f'id="{each["id"]}"' in text
            assert f'#{each["id"]}"' in overview.body.decode()
