"""What is done without a request, in the packaged function and as deployed: the schedule, and mails that came back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.demo.api import Api
from infra.engine import CREDENTIALS, REGION, Engine
from infra.function_process import FunctionProcess
from infra.package import Built
from tests.test_invitation_errands import bounce

if TYPE_CHECKING:
    from tests.conftest_deployment import Deployment

pytest_plugins = ["tests.conftest_builds", "tests.conftest_deployment"]
pytestmark = pytest.mark.xdist_group("deployment")

HANDLER = "chalicelib.internal.errands.handler"
MAIL_SET = "trial-internal-mail"
ADDRESS = "office@padma.example"


@pytest.fixture(scope="module")
def member(deployment: Deployment) -> Api:
    """A member's key, at the deployed internal API."""
    address = deployment.address("internal")
    staff = Api(address, deployment.first_key("errands"))
    staff.send("PUT", "/internal/v1/members/errands", {"name": "Maison Errands", "country": "FR"})
    key = staff.send("POST", "/internal/v1/keys", {"kind": "member", "tenant": "errands"})["key"]
    return Api(address, key)


def test_the_packaged_function_runs_an_errand_and_takes_a_report(builds: dict[str, Built], tmp_path: Path) -> None:
    with Engine() as engine:
        environment = {
            "SURFACE": "internal",
            "REGISTRY_TABLE": engine.registry_table,
            "PUBLIC_TABLE": engine.public_table,
            "DYNAMODB_ENDPOINT": engine.url,
            "SES_ENDPOINT": engine.url,
            "AWS_REGION": REGION,
            **{name.upper(): value for name, value in CREDENTIALS.items()},
        }
        with FunctionProcess(builds["internal"].archive, tmp_path, environment, handler=HANDLER) as function:
            scheduled = {"source": "aws.events", "detail-type": "Scheduled Event"}
            assert function.invoke(scheduled) == {"logged": 0, "mailed": 0, "warned": 0}
            assert function.invoke(bounce("0" * 16)) == {"came_back": 1}


def test_the_event_bus_calls_the_function_on_a_schedule_and_for_mails_that_came_back(deployment: Deployment) -> None:
    events = deployment.engine.client("events")
    rules = [rule for rule in events.list_rules()["Rules"] if rule["Name"].startswith("trial-internal")]
    assert sorted(rule.get("ScheduleExpression", "") for rule in rules) == ["", "rate(1 minute)", "rate(10 minutes)"]
    pattern = next(json.loads(rule["EventPattern"]) for rule in rules if "EventPattern" in rule)
    assert pattern["source"] == ["aws.ses"]
    assert pattern["detail"]["mail"]["tags"]["ses:configuration-set"] == [MAIL_SET]
    for rule in rules:
        [target] = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        assert ("Watching" if rule.get("ScheduleExpression") == "rate(1 minute)" else "Errands") in target["Arn"]


def test_a_report_that_the_rule_lets_through_marks_the_invitation_under_the_functions_role(
    deployment: Deployment, member: Api
) -> None:
    asked = {"email": ADDRESS, "name": "Padma Weaving", "country": "BD"}
    invited = member.send("POST", "/internal/v1/invitations", asked)
    assert invited["mail"] == "sent"
    report: dict[str, Any] = bounce(invited["invitation_id"], ADDRESS)
    report["detail"]["mail"]["tags"]["ses:configuration-set"] = [MAIL_SET]
    report |= {"id": "1", "account": "000000000000", "region": REGION, "time": "2026-11-22T15:20:00Z", "resources": []}
    events = deployment.engine.client("events")
    [pattern] = [rule["EventPattern"] for rule in events.list_rules()["Rules"] if "EventPattern" in rule]
    assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(report))["Result"]
    foreign = json.loads(json.dumps(report).replace(MAIL_SET, "somebody-elses"))
    assert not events.test_event_pattern(EventPattern=pattern, Event=json.dumps(foreign))["Result"]

    [rule] = [rule["Name"] for rule in events.list_rules()["Rules"] if "EventPattern" in rule]
    [target] = events.list_targets_by_rule(Rule=rule)["Targets"]
    done = deployment.engine.client("lambda").invoke(FunctionName=target["Arn"], Payload=json.dumps(report))
    assert json.loads(done["Payload"].read()) == {"came_back": 1}
    [held] = member.send("GET", "/internal/v1/invitations")["results"]
    assert (held["state"], held["trouble"]) == ("bounced", "NoEmail")
