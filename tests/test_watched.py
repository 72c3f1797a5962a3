"""The alarms, the dashboard, the brakes and the firewall, as the templates have them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import app
from chalicelib import journal
from chalicelib.public import scans
from chalicelib.web.request import Ask
from infra import alarms, edge, firewall, throttles
from infra.package import SURFACES, Built
from tests.ringing import sent

pytest_plugins = ["tests.conftest_builds"]


@pytest.fixture(scope="module", params=list(SURFACES))
def surface(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def resources(builds: dict[str, Built], surface: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(builds[surface].template.read_text("utf-8"))["Resources"]
    return held


def of(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: held["Properties"] for name, held in resources.items() if held["Type"] == kind}


def test_every_alarm_rings_somewhere_and_its_window_is_one_that_cloudwatch_takes(resources: dict[str, Any]) -> None:
    for name, alarm in of(resources, "AWS::CloudWatch::Alarm").items():
        assert (
            alarm["AlarmActions"]
            == alarm["OKActions"]
            == {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
        ), name
        longest = 604_800 if alarm["Period"] >= 3600 else 86_400
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= longest, name


def test_every_function_is_watched_for_errors_and_keeps_its_log_for_a_month(resources: dict[str, Any]) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Ref"]
        for alarm in of(resources, "AWS::CloudWatch::Alarm").values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    }
    functions = of(resources, "AWS::Lambda::Function")
    assert watched - {"Drawer"} == set(functions)
    logs = {
        json.dumps(group["LogGroupName"]): group["RetentionInDays"]
        for group in of(resources, "AWS::Logs::LogGroup").values()
    }
    assert set(logs.values()) == {30}
    for name, function in functions.items():
        assert json.dumps({"Fn::Sub": f"/aws/lambda/${{{name}}}"}) in logs
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
        assert function["Architectures"] == ["arm64"]


def test_lambda_sends_every_line_that_is_printed_to_the_log(
    resources: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    monkeypatch.setattr(journal, "write", printed.append)
    journal.say("sync", rows=1)
    journal.failed("unforeseen", ValueError())
    printed.append(scans.line(Ask("GET", "/", {}, {}, {}, b""), "f", "BDF8QY40YGE1"))
    for function in of(resources, "AWS::Lambda::Function").values():
        for line in printed:
            assert sent(json.loads(line), function["LoggingConfig"]), line


def test_a_line_below_the_level_of_its_function_is_known_not_to_be_sent() -> None:
    line, time = {"event": "sync"}, {"timestamp": "2026-11-23T09:00:00Z"}
    above = {"LogFormat": "JSON", "ApplicationLogLevel": "WARN"}
    assert not sent(line, above)
    assert not sent({**line, "level": "ERROR"}, above)
    assert not sent({**line, **time, "log_level": "ERROR"}, above)
    assert sent({**line, **time, "level": "ERROR"}, above)
    assert sent(line, {**above, "LogFormat": "Text"})


def test_the_dashboard_shows_every_alarm(resources: dict[str, Any], surface: str) -> None:
    (board,) = of(resources, "AWS::CloudWatch::Dashboard").values()
    written = board["DashboardBody"]["Fn::Sub"]
    text, values = written if isinstance(written, list) else (written, {})
    shown = json.loads(text)["widgets"]
    assert [widget["properties"]["title"] for widget in shown] == [alarm.name for alarm in alarms.ALARMS[surface]]
    places = set(re.findall(r"\$\{([^}]+)\}", text)) - {"AWS::StackName", "AWS::Region"}
    assert places - set(values) <= set(resources) | {"PublicTable", "RegistryTable"}


def test_a_sync_that_does_not_come_rings_after_a_day_and_a_half(builds: dict[str, Built]) -> None:
    held = json.loads(builds["internal"].template.read_text("utf-8"))["Resources"]["SyncSilence"]["Properties"]
    assert held["Period"] * held["EvaluationPeriods"] == 36 * 3600
    assert (held["TreatMissingData"], held["ComparisonOperator"]) == ("breaching", "LessThanThreshold")


def test_every_function_acts_in_a_role_of_its_own(resources: dict[str, Any]) -> None:
    roles = {name: held["Role"]["Fn::GetAtt"][0] for name, held in of(resources, "AWS::Lambda::Function").items()}
    assert len(set(roles.values())) == len(roles)
    assert set(roles.values()) == set(of(resources, "AWS::IAM::Role"))
    for name in set(roles.values()):
        [trusted] = of(resources, "AWS::IAM::Role")[name]["AssumeRolePolicyDocument"]["Statement"]
        assert (trusted["Effect"], trusted["Principal"]) == ("Allow", {"Service": "lambda.amazonaws.com"})


def test_every_brake_is_on_a_route_and_tighter_than_that_of_all(surface: str) -> None:
    rate, burst = throttles.SURFACES[surface]
    for (method, path), (own, at_once) in throttles.ROUTES[surface].items():
        assert method in app.app.routes[path]
        assert own < rate
        assert at_once < burst


def test_the_stage_has_the_brakes_of_the_list(resources: dict[str, Any], surface: str) -> None:
    (stage,) = of(resources, "AWS::ApiGateway::Stage").values()
    found = {
        (each["HttpMethod"], each["ResourcePath"]): each["ThrottlingRateLimit"] for each in stage["MethodSettings"]
    }
    assert found.pop(("*", "/*")) == throttles.SURFACES[surface][0]
    assert len(found) == len(throttles.ROUTES[surface])
    assert ("POST", "/~1v1~1verify") in found or surface == "internal"


@pytest.mark.safety("certificates.random-codes")
def test_every_road_of_the_public_has_a_brake_that_10_000_codes_at_once_meet(builds: dict[str, Built]) -> None:
    template = json.loads(builds["public"].template.read_text("utf-8"))
    resources = template["Resources"]
    (rest,) = of(resources, "AWS::ApiGateway::Stage").values()
    (http,) = of(resources, "AWS::ApiGatewayV2::Stage").values()
    every = {(each["HttpMethod"], each["ResourcePath"]): each for each in rest["MethodSettings"]}
    for brake in (every["*", "/*"], http["DefaultRouteSettings"]):
        of_a_second = brake["ThrottlingBurstLimit"] + brake["ThrottlingRateLimit"]
        assert 0 < of_a_second < 2_000
    own = [path for _, path in every if "certificates~1{code}" in path or "c~1{code}" in path]
    own += [key for key in http["RouteSettings"] if "/certificates/{code}" in key or "/c/{code}" in key]
    assert {each.rpartition("/")[2].rpartition("~1")[2] for each in own} == {"receipt"}, "no look-up has another"
    handler = resources["APIHandler"]["Properties"]["ReservedConcurrentExecutions"]
    assert handler == {"Fn::If": ["ByUrl", {"Ref": "MostAtOnce"}, {"Ref": "AWS::NoValue"}]}
    assert template["Conditions"]["ByUrl"] == {"Fn::Equals": [{"Ref": "Road"}, "url"]}
    assert 1 <= template["Parameters"]["MostAtOnce"]["Default"] <= 100


@pytest.mark.safety("certificates.random-codes")
@pytest.mark.parametrize(("scope", "kind"), [("public", "REGIONAL"), ("edge", "CLOUDFRONT")])
@pytest.mark.parametrize("path", ["/c/C1EWZEPEEX1", "/v1/certificates/C1EWZEPEEX1", "/api/c/C1EWZEPEEX1"])
def test_a_firewall_counts_the_codes_that_one_network_asks_for(scope: firewall.Scope, kind: str, path: str) -> None:
    rules = firewall.web_acl(scope, kind, "x")["Rules"]
    rates = [each["Statement"]["RateBasedStatement"] for each in rules if "RateBasedStatement" in each["Statement"]]
    blocking = [each for each in rules if "RateBasedStatement" in each["Statement"]]
    assert {tuple(each["Action"]) for each in blocking} == {("Block",)}
    found = [each for each in rates if each["AggregateKeyType"] == "IP" and fits(each["ScopeDownStatement"], path)]
    a_second = [each["Limit"] / each["EvaluationWindowSec"] for each in found]
    assert min(a_second) <= 40, "of which one in 36 is looked for at all"


def fits(statement: dict[str, Any], path: str) -> bool:
    """Whether a path meets a statement of the firewall, for the kinds that there are about paths."""
    match statement:
        case {"NotStatement": {"Statement": one}}:
            return not fits(one, path)
        case {"AndStatement": {"Statements": several}}:
            return all(fits(each, path) for each in several)
        case {"OrStatement": {"Statements": several}}:
            return any(fits(each, path) for each in several)
    return bool(re.search(statement["RegexMatchStatement"]["RegexString"], path.lower()))


def test_access_logs_tell_of_no_address_no_path_and_no_key(resources: dict[str, Any]) -> None:
    kinds = ("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage")
    formats = re.findall(r"\$context\.[A-Za-z.]+", json.dumps([of(resources, kind) for kind in kinds]))
    assert "$context.status" in formats
    told_of = re.compile(r"identity|sourceIp|\.path$|userAgent|authorizer|domain", re.IGNORECASE)
    assert [name for name in formats if told_of.search(name)] == []


SCOPES: list[tuple[firewall.Scope, str]] = [("public", "REGIONAL"), ("internal", "REGIONAL"), ("edge", "CLOUDFRONT")]


@pytest.mark.parametrize(("scope", "kind"), SCOPES)
def test_the_firewall_keeps_nothing_of_what_it_sees(scope: firewall.Scope, kind: str) -> None:
    acl = firewall.web_acl(scope, kind, "x")
    seen = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert {each["SampledRequestsEnabled"] for each in seen} == {False}
    assert [rule["Priority"] for rule in acl["Rules"]] == list(range(len(acl["Rules"])))


@pytest.mark.parametrize(("scope", "kind"), SCOPES)
def test_what_somebody_typed_is_only_counted(scope: firewall.Scope, kind: str) -> None:
    rules = {rule["Name"]: rule for rule in firewall.web_acl(scope, kind, "x")["Rules"]}
    group = rules["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {each["Name"] for each in group["RuleActionOverrides"]}
    typed = {"CrossSiteScripting_BODY", "CrossSiteScripting_QUERYARGUMENTS", "GenericRFI_BODY", "SizeRestrictions_BODY"}
    assert typed <= counted
    assert not [name for name in counted if "COOKIE" in name.upper() or name == "UserAgent_BadBots_HEADER"]


def patterns(rule: dict[str, Any]) -> list[re.Pattern[str]]:
    return [re.compile(found) for found in re.findall(r'"RegexString": "((?:[^"\\]|\\.)*)"', json.dumps(rule))]


@pytest.mark.parametrize("path", ["/verify", "/v1/verify", "/receipts", "/v1/receipts/check", "/api/v1/verify"])
def test_what_takes_batches_takes_large_bodies(path: str) -> None:
    (rule,) = [rule for rule in firewall.web_acl("public", "REGIONAL", "x")["Rules"] if rule["Name"] == "BodyTooLarge"]
    assert any(each.match(path) for each in patterns(rule))
    assert not any(each.match("/c/C1EWZEPEEX1/receipt") for each in patterns(rule))


def test_every_public_address_that_reads_a_large_body_is_let_through() -> None:
    """Those that take more than the firewall's small body are those with a brake for bodies, and no others."""
    posts = {
        path for path, methods in app.app.routes.items() if "POST" in methods and not path.startswith(firewall.INSIDE)
    }
    assert posts - set(firewall.BULK) == {"/c/{code}/receipt", "/v1/certificates/{code}/receipt"}


def test_machines_may_look_up_more_often_than_people_turn_pages() -> None:
    rules = {rule["Name"]: rule for rule in edge.template()["Resources"]["Firewall"]["Properties"]["Rules"]}
    limit = {
        name: rules[name]["Statement"]["RateBasedStatement"]["Limit"] for name in ("EachNetwork", "EachNetworkLooksUp")
    }
    assert limit["EachNetworkLooksUp"] > limit["EachNetwork"] > 1000
    keys = rules["EachKey"]["Statement"]["RateBasedStatement"]["CustomKeys"]
    assert keys[0]["Header"]["Name"] == "authorization"


@pytest.mark.parametrize("path", ["/portal/reports/new", "/portal/watch", "/api/portal/factories/BDF8QY40YGE1/write"])
def test_where_anybody_writes_no_network_uses_up_what_all_may_write(path: str) -> None:
    rules = {rule["Name"]: rule for rule in firewall.web_acl("edge", "CLOUDFRONT", "x")["Rules"]}
    [pattern] = patterns(rules["Strangers"])
    assert pattern.match(path)
    assert not pattern.match("/portal/factories/BDF8QY40YGE1/profile")
    assert rules["Strangers"]["Statement"]["RateBasedStatement"]["Limit"] == 100


@pytest.mark.parametrize(("scope", "kind"), [each for each in SCOPES if each[0] != "public"])
@pytest.mark.parametrize("path", ["/internal/v1/audit-syncs", "/api/internal/v1/network", "/portal/sign-in", "/portal"])
def test_what_is_asked_of_the_inside_is_counted_by_network_whatever_else_it_says(
    scope: firewall.Scope, kind: str, path: str
) -> None:
    """A key is what a caller writes into a header: one who writes another each time is still one network."""
    rate, _ = throttles.SURFACES["internal"]
    counted = []
    for rule in firewall.web_acl(scope, kind, "x")["Rules"]:
        told = rule["Statement"].get("RateBasedStatement", {})
        if told.get("AggregateKeyType") == "IP":
            [pattern] = patterns(told["ScopeDownStatement"])
            outside = "NotStatement" in told["ScopeDownStatement"]
            if bool(pattern.match(path)) is not outside:
                counted.append(told["Limit"] / told["EvaluationWindowSec"])
    assert counted
    assert min(counted) <= rate / 2
