"""Mechanisms that no other test shows alone: policies, alarms, mailed tokens, headers, codes by chance, restoring."""

from __future__ import annotations

import base64
import json
import operator
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from botocore.client import BaseClient

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed
from chalicelib.internal.portal import door
from chalicelib.store.registry import history, invitations, sign_in
from infra import alarms, gateway
from infra.package import PROJECT
from tests import by_road
from tests.portal_browser import EMAIL, Browser, filled_in, invited, token_of_form
from tests.stack import Tables
from tests.world import GTIN, World, audit_item

pytest_plugins = ["tests.conftest_portal"]

INFRA = PROJECT / "infra"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which say nothing here."""


_Loader.add_multi_constructor("!", lambda _loader, suffix, _node: suffix)


def resources(name: str) -> dict[str, Any]:
    held: dict[str, Any] = yaml.load((INFRA / name).read_text("utf-8"), _Loader)["Resources"]
    return held


@pytest.mark.safety("mechanisms.public-reads-only")
def test_the_public_policy_is_three_reads_of_one_table() -> None:
    policy = json.loads((PROJECT / ".chalice" / "policy-public.json").read_text("utf-8"))
    of_tables = [each for each in policy["Statement"] if "dynamodb" in json.dumps(each)]
    [reads] = of_tables
    assert set(reads["Action"]) == {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    assert reads["Resource"].endswith(":table/${PublicTable}")
    assert {each["Effect"] for each in policy["Statement"]} == {"Allow"}
    others = {action for each in policy["Statement"] if each is not reads for action in each["Action"]}
    assert others == {"kms:Sign", "kms:GetPublicKey", "logs:CreateLogStream", "logs:PutLogEvents"}


@pytest.mark.safety("mechanisms.recovery-and-alarms")
def test_both_tables_are_protected() -> None:
    tables = [each for each in resources("tables.yaml").values() if each["Type"] == "AWS::DynamoDB::Table"]
    assert len(tables) == 2
    for each in tables:
        assert each["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert each["Properties"]["DeletionProtectionEnabled"] is True
        assert each["DeletionPolicy"] == "RetainExceptOnCreate"


FUNCTION = {"FunctionName": "APIHandler"}
PUBLIC, REGISTRY = {"TableName": "PublicTable"}, {"TableName": "RegistryTable"}
RUNG: dict[str, list[tuple[str, str, dict[str, str], float, float]]] = {
    "public": [
        ("AWS/Lambda", "Errors", FUNCTION, 1, 0),
        ("AWS/Lambda", "Throttles", FUNCTION, 1, 0),
        ("AWS/DynamoDB", "ReadThrottleEvents", PUBLIC, 1, 0),
    ],
    "internal": [
        ("AWS/Lambda", "Errors", FUNCTION, 1, 0),
        ("AWS/Lambda", "Errors", {"FunctionName": "Errands"}, 1, 0),
        ("AWS/Lambda", "Errors", {"FunctionName": "Watching"}, 1, 0),
        ("AWS/Lambda", "Throttles", FUNCTION, 1, 0),
        *(
            ("AWS/DynamoDB", f"{kind}ThrottleEvents", table, 1, 0)
            for table in (REGISTRY, PUBLIC)
            for kind in ("Read", "Write")
        ),
        ("AWS/Lambda", "IteratorAge", {"FunctionName": "Watching"}, 5 * 60_000, 60_000),
    ],
}
"""Of each surface what must ring: the metric, of what, a value that rings, and one that does not."""


@pytest.mark.safety("mechanisms.recovery-and-alarms")
@pytest.mark.parametrize("surface", RUNG)
def test_errors_throttles_and_the_stream_s_age_ring_where_the_operator_said(surface: str) -> None:
    made = [each for each in alarms.resources(surface).values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    found = [each["Properties"] for each in made if "Condition" not in each]  # those of every road
    template = yaml.load((INFRA / f"merge-{surface}.yaml").read_text("utf-8"), _Loader)
    there = {"APIHandler", *template["Resources"], *template["Parameters"]}
    for namespace, metric, of, rings, rests in RUNG[surface]:
        dimensions = [{"Name": name, "Value": {"Ref": value}} for name, value in of.items()]
        [alarm] = [
            each
            for each in found
            if (each["Namespace"], each["MetricName"], each["Dimensions"]) == (namespace, metric, dimensions)
        ]
        assert set(of.values()) <= there, of
        assert (_rings(alarm, rings), _rings(alarm, rests)) == (True, False), (metric, of)
        assert alarm["Statistic"] == ("Maximum" if metric == "IteratorAge" else "Sum"), (metric, of)
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 15 * 60, (metric, of)
        assert _told(template, alarm["AlarmActions"], AlarmTopic="arn:topic") == ["arn:topic"], (metric, of)


def _rings(alarm: dict[str, Any], value: float) -> bool:
    """Whether a value in every period sets an alarm off, by CloudWatch's own rules."""
    compared = {"GreaterThanOrEqualToThreshold": operator.ge, "LessThanThreshold": operator.lt}
    return bool(compared[alarm["ComparisonOperator"]](value, alarm["Threshold"]))


def _told(template: dict[str, Any], node: Any, **given: str) -> Any:
    """A part of a template as CloudFormation works it out from parameters, for what alarms are made of."""
    match node:
        case {"Ref": name}:
            assert name in template["Parameters"]
            return given[name]
        case {"Fn::If": [name, then, otherwise]}:
            holds = _told(template, template["Conditions"][name], **given)
            return _told(template, then if holds else otherwise, **given)
        case {"Fn::Not": [one]}:
            return not _told(template, one, **given)
        case {"Fn::Equals": [one, other]}:
            return _told(template, one, **given) == _told(template, other, **given)
        case list():
            return [_told(template, each, **given) for each in node]
    return node


@pytest.mark.safety("mechanisms.mailed-tokens")
def test_a_mailed_token_is_256_random_bits_and_opens_nothing_but_what_it_was_mailed_for(
    browser: Browser, mails: list[EmailMessage]
) -> None:
    mailed = {"invitations": invited(), "sign-in": sign_in.ask(EMAIL)}
    if mailed["sign-in"] is None:  # somebody unknown gets none: first become somebody
        invitations.accept(invited("First Ltd."))
        mailed["sign-in"] = sign_in.ask(EMAIL)
    assert len(set(mailed.values())) == 2
    doors = [page.path.rpartition("/")[0] for page in door.PAGES if page.path.endswith("/{token}")]
    assert len(set(doors)) >= 5
    for kind, token in mailed.items():
        assert len(base64.urlsafe_b64decode(token + "=")) == 32
        for other in set(doors) - {f"/portal/{kind}"}:
            path = f"{other}/{token}"
            assert browser.get(path).status == 410, path
            assert browser.post(path, {"csrf_token": token_of_form(path)}).status in (403, 410), path
        assert browser.get(f"/portal/{kind}/{token}").status == 200
    assert mails == []


@pytest.mark.safety("invitations.other-form")
def test_a_form_s_token_for_one_invitation_is_refused_on_another(browser: Browser) -> None:
    one, other = (f"/portal/invitations/{invited(name)}" for name in ("A Ltd.", "B Ltd."))
    answer = browser.post(other, browser.form(one))
    assert answer.status == 403
    assert browser.cookie == ""
    assert browser.get(other).status == 200, "it can still be accepted"


@pytest.mark.safety("mechanisms.cookies-and-headers")
def test_every_page_of_the_portal_has_every_header_and_its_cookie_is_bound_to_us(runner: SimpleNamespace) -> None:
    for page in door.PAGES:
        if page.method != "GET":
            continue
        headers = runner.browser.get(filled_in(page.path, factory_id=runner.factory_id)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", page.path
        assert headers["Referrer-Policy"] == "no-referrer", page.path
        assert "max-age=63072000" in headers["Strict-Transport-Security"], page.path
        assert headers["Cache-Control"] == "no-store", page.path
        if headers["Content-Type"].startswith("text/html"):
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-"), page.path
            assert "unsafe" not in policy, page.path
            assert "frame-ancestors 'none'" in policy, page.path
    signed_out = runner.browser.send("/portal/sign-out", page="/portal", number=0)
    cookie = signed_out.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=;")
    assert all(part in cookie for part in ("Max-Age=0", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """The calls that reach the tables, with what they ask for."""
    made: list[tuple[str, str]] = []
    call = BaseClient._make_api_call

    def noted(self: BaseClient, operation: str, arguments: Any) -> Any:
        made.append((operation, re.sub("[0-9A-Z]{11,12}", "…", json.dumps(arguments, sort_keys=True, default=str))))
        return call(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return made


@pytest.mark.safety("certificates.random-codes")
@pytest.mark.parametrize("road", ["a REST API", *by_road.SECOND])
def test_codes_by_chance_are_refused_without_a_read_but_for_one_in_36(
    world: World, asked: list[tuple[str, str]], road: str
) -> None:
    draw = random.Random(81)
    codes = ["C" + "".join(draw.choices(identity.ALPHABET, k=10)) for _ in range(10_000)]
    fit = {code for code in codes if _fits(code)}
    assert 10_000 / 50 < len(fit) < 10_000 / 25, "the check character keeps all but one in 36 from the table"
    world.anyone.get("/v1/certificates/C0000000000")  # what is asked once a process is not the look-up's
    for code in [*codes[:200], *sorted(fit)[:20]]:
        asked.clear()
        request = by_road.Request("GET", f"/v1/certificates/{code}")
        seen = by_road.first(request) if road == "a REST API" else by_road.second(request, road)
        assert (seen.status, len(asked)) == ((404, 1) if code in fit else (400, 0)), code


def _fits(code: str) -> bool:
    try:
        identity.parse_certificate_code(code)
    except Malformed:
        return False
    return True


@pytest.mark.safety("certificates.random-codes")
def test_a_draft_costs_and_says_what_nothing_does(world: World, asked: list[tuple[str, str]]) -> None:
    world.member("POST", "/internal/v1/invitations", {"email": "a@b.example", "name": "Draft", "country": "IN"}).ok()
    draft = world.accept(world.mailed[-1][1]).ok().json["factory_id"]
    drafts = world.a_certificate(draft)
    chance = random.Random(7).choice
    pairs = (
        (f"/v1/certificates/{drafts}", f"/v1/certificates/{identity.new_certificate_code(chance)}"),
        (f"/v1/factories/{draft}", f"/v1/factories/{identity.new_factory_id('IN', chance)}"),
    )
    for held, absent in pairs:
        seen = []
        for path in (held, absent):
            asked.clear()
            answer = world.anyone.get(path)
            assert answer.status == 404
            text = re.sub("[0-9A-Z]{11,12}|[0-9A-Z]{1,2}(-[0-9A-Z]{5})+|T[0-9:]+Z", "…", answer.text)
            seen.append((list(asked), text, sorted(answer.headers)))
        assert seen[0] == seen[1]


@pytest.mark.safety("certificates.last-second", "certificates.not-yet")
@pytest.mark.parametrize(
    ("instant", "status"),
    [
        ("2025-12-31T23:59:59", "not_yet_valid"),
        ("2026-01-01T00:00:00", "valid"),
        ("2026-12-31T23:59:59", "valid"),
        ("2027-01-01T00:00:00", "expired"),
    ],
)
def test_a_certificate_turns_with_the_second_in_utc(
    world: World, monkeypatch: pytest.MonkeyPatch, instant: str, status: str
) -> None:
    code = world.a_certificate(world.a_factory(), valid_from="2026-01-01", valid_to="2026-12-31")
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == status
    words = {"not_yet_valid": "Not yet valid", "valid": "Valid", "expired": "Expired"}
    assert words[status] in world.anyone.get(f"/c/{code}").ok().text.split("<dl")[0]


@pytest.mark.safety("faults.clocks")
def test_a_clock_that_goes_back_between_two_batches_changes_nothing_of_the_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory(version=2, audit_date="2026-02-02")
    before = clock.now() - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: before)
    assert world.push(audit_item(version=3, audit_date="2026-03-03")).ok().json["counts"]["updated"] == 1
    assert world.push(audit_item(version=1, audit_date="2026-01-01")).ok().json["counts"]["stale"] == 1
    [audit] = world.anyone.get(f"/v1/factories/{factory_id}").ok().json["audits"]
    assert audit["date"] == "2026-03-03"
    assert history.first_false(history.of(f"FACTORY#{factory_id}")) is None


@pytest.mark.safety("faults.restored")
def test_tables_put_back_from_a_copy_show_what_they_showed_and_every_chain_holds(world: World) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)

    def shown() -> list[str]:
        paths = (f"/v1/factories/{factory_id}", f"/f/{factory_id}", f"/v1/products/{GTIN}")
        return [re.sub("[0-9]{2}:[0-9]{2}(:[0-9]{2})?", "", world.anyone.get(path).ok().text) for path in paths]

    before, held = shown(), world.tables
    copies = {name: held.scan(name) for name in (held.registry, held.public)}
    said = {"standing": "withdrawn", "reason": "After the copy"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    for name, items in copies.items():
        _emptied(held, name)
        for item in items:
            held.client.put_item(TableName=name, Item=item)
    assert shown() == before
    assert world.anyone.get(f"/v1/certificates/{code}").json["status"] == "valid"
    records = {pk.partition("#")[2] for pk, _ in held.keys(held.registry) if pk.startswith("EVENTS#")}
    assert {f"FACTORY#{factory_id}", f"CERTIFICATE#{code}"} <= records
    assert [record for record in records if history.first_false(history.of(record, limit=1000)) is not None] == []
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    assert world.anyone.get(f"/v1/certificates/{code}").json["status"] == "withdrawn"


def _emptied(tables: Tables, name: str) -> None:
    for pk, sk in tables.keys(name):
        tables.client.delete_item(TableName=name, Key={"pk": {"S": pk}, "sk": {"S": sk}})


@pytest.mark.safety("faults.restored")
@pytest.mark.parametrize("road", ["a REST API", *by_road.SECOND])
def test_while_a_table_is_away_every_road_says_to_come_again(world: World, road: str) -> None:
    code = world.a_certificate(world.a_factory())
    world.tables.client.delete_table(TableName=world.tables.public)
    for path, kind in ((f"/c/{code}", "text/html"), (f"/v1/certificates/{code}", "application/problem+json")):
        request = by_road.Request("GET", path)
        seen = by_road.first(request) if road == "a REST API" else by_road.second(request, road)
        headers = dict(seen.headers)
        assert seen.status == 503, path
        assert int(headers["retry-after"]) > 0, path
        assert headers["cache-control"] == "no-store", path
        assert headers["content-type"].startswith(kind), path
        assert b"cannot confirm" in seen.body, path


@pytest.mark.safety("faults.restored")
def test_where_no_function_answers_a_rest_api_says_to_come_again() -> None:
    answer = gateway.responses()["DEFAULT_5XX"]
    assert answer["statusCode"] == 503
    assert answer["responseParameters"]["gatewayresponse.header.Retry-After"] == "'5'"
    assert answer["responseParameters"]["gatewayresponse.header.Cache-Control"] == "'no-store'"
