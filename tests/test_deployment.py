"""What CloudFormation makes of the two surfaces: they answer over HTTP, and their roles hold them to their half."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from chalicelib.web import pages
from infra import edge, rollback, stack
from infra.deploy import deploy_all, deploy_surface, deploy_tables
from infra.engine import CREDENTIALS, REGION
from infra.package import PROJECT, SURFACES
from infra.target import Target

if TYPE_CHECKING:
    from tests.conftest_deployment import Deployment

pytest_plugins = ["tests.conftest_builds", "tests.conftest_deployment"]
pytestmark = pytest.mark.xdist_group("deployment")

KEY = {"pk": {"S": "FACTORY#1"}, "sk": {"S": "RECORD"}}
REGISTRY, PUBLIC = "trial-registry", "trial-public"
ACCOUNT = "000000000000"
DENIED = "AccessDeniedException"
READS = ("get_item", "batch_get_item", "query")
WRITES = ("put_item", "update_item", "delete_item", "transact_write_items", "batch_write_item")


def arguments(operation: str, table: str) -> dict[str, Any]:
    """What boto3's ``operation`` needs to touch ``KEY`` in ``table``."""
    return {
        "get_item": {"TableName": table, "Key": KEY},
        "batch_get_item": {"RequestItems": {table: {"Keys": [KEY]}}},
        "query": {
            "TableName": table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": KEY["pk"]},
        },
        "scan": {"TableName": table},
        "put_item": {"TableName": table, "Item": KEY},
        "update_item": {"TableName": table, "Key": KEY},
        "delete_item": {"TableName": table, "Key": KEY},
        "transact_write_items": {"TransactItems": [{"Put": {"TableName": table, "Item": KEY}}]},
        "batch_write_item": {"RequestItems": {table: [{"PutRequest": {"Item": KEY}}]}},
        "delete_table": {"TableName": table},
    }[operation]


def test_the_public_surface_answers_over_http(deployment: Deployment) -> None:
    status, headers, body = deployment.get("public", "/healthz")
    assert (status, headers["Content-Type"], json.loads(body)) == (200, "application/json", {"status": "ok"})


def test_the_public_function_reads_its_table_under_its_role(deployment: Deployment) -> None:
    # "Not on record" is an answer that only the table can give: without it, it would be 503.
    status, headers, body = deployment.get("public", "/v1/certificates/C1EWZEPEEX1")
    assert (status, headers["Cache-Control"]) == (404, "no-store")
    assert '"unknown"' in body


def test_the_internal_surface_asks_who_is_calling(deployment: Deployment) -> None:
    assert deployment.get("internal", "/internal/v1/network")[0] == 401


@pytest.mark.safety("public.unknown-path")
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("path", ["/nothing", "/nothing/at/all", "/internal/v1/nothing"])
def test_an_unknown_path_is_a_page_that_says_so(deployment: Deployment, surface: str, path: str) -> None:
    status, headers, body = deployment.get(surface, path)
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<p>There is no page at this address.</p>" in body
    assert f'<form action="{deployment.parameters["BaseUrl"]}/find"' in body
    assert f"style-src '{pages.style_hash()}'".replace("'", "&#39;") in body
    assert "${" not in body


@pytest.mark.safety("mechanisms.public-reads-only")
@pytest.mark.parametrize("operation", READS)
def test_the_public_role_reads_what_was_published(deployment: Deployment, operation: str) -> None:
    assert deployment.attempt("public", "dynamodb", operation, **arguments(operation, PUBLIC)) == "done"


@pytest.mark.safety("mechanisms.public-reads-only")
@pytest.mark.parametrize("operation", [*WRITES, "scan", "delete_table"])
def test_the_public_role_does_nothing_else_with_what_was_published(deployment: Deployment, operation: str) -> None:
    assert deployment.attempt("public", "dynamodb", operation, **arguments(operation, PUBLIC)) == DENIED


@pytest.mark.safety("mechanisms.public-reads-only")
@pytest.mark.parametrize("operation", [*READS, *WRITES, "scan", "delete_table"])
def test_the_public_role_has_no_access_to_the_registry(deployment: Deployment, operation: str) -> None:
    assert deployment.attempt("public", "dynamodb", operation, **arguments(operation, REGISTRY)) == DENIED


def test_the_public_role_cannot_send_mail(deployment: Deployment) -> None:
    mail = {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}
    sent = {"Source": "no-reply@factory-id.example", "Destination": {"ToAddresses": ["a@example.org"]}, "Message": mail}
    assert deployment.attempt("public", "ses", "send_email", **sent) == "AccessDenied"


@pytest.mark.parametrize("table", [REGISTRY, PUBLIC])
@pytest.mark.parametrize("operation", [*READS, "put_item", "update_item", "delete_item", "transact_write_items"])
def test_the_internal_role_reads_and_writes_both_tables(deployment: Deployment, operation: str, table: str) -> None:
    assert deployment.attempt("internal", "dynamodb", operation, **arguments(operation, table)) == "done"


@pytest.mark.parametrize("operation", ["scan", "delete_table"])
def test_the_internal_role_does_not_scan_or_drop(deployment: Deployment, operation: str) -> None:
    assert deployment.attempt("internal", "dynamodb", operation, **arguments(operation, REGISTRY)) == DENIED


@pytest.mark.parametrize(
    ("role", "operation", "table", "expected"),
    [
        *((role, "put_item", REGISTRY, "done") for role in ("errands", "watching", "scans")),
        ("errands", "put_item", PUBLIC, "done"),
        *((role, "put_item", PUBLIC, DENIED) for role in ("watching", "scans")),
        *((role, "get_item", PUBLIC, DENIED) for role in ("watching", "scans")),
        *((role, "update_item", REGISTRY, DENIED) for role in ("errands", "watching", "scans")),
        *((role, "scan", REGISTRY, DENIED) for role in ("errands", "watching", "scans")),
        ("errands", "delete_item", PUBLIC, DENIED),
        ("scans", "delete_item", REGISTRY, DENIED),
    ],
)
def test_what_runs_without_a_request_has_a_role_of_its_own(
    deployment: Deployment, role: str, operation: str, table: str, expected: str
) -> None:
    assert deployment.attempt(role, "dynamodb", operation, **arguments(operation, table)) == expected


def test_scans_are_added_up_by_the_deployed_function_under_its_own_role(deployment: Deployment) -> None:
    told = {"scan": "f", "code": "BDF8QY40YGE1", "serial": "", "place": "01ab", "country": "DE", "bot": False}
    line = {"id": "1", "timestamp": int(time.time() * 1000), "message": json.dumps(told)}
    batch = gzip.compress(json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [line]}).encode())
    event = {"awslogs": {"data": base64.b64encode(batch).decode()}}
    name = deployment.deployed("scans")["FunctionName"]
    done = deployment.engine.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    assert json.loads(done["Payload"].read()) == {"scans": 1}


def test_deploying_the_same_again_changes_nothing_though_nothing_is_said(deployment: Deployment) -> None:
    before = [deployment.live(surface) for surface in SURFACES]
    where = Target(deployment.engine.client, "trial", "trial-code", emulated=True)
    assert deploy_all(where, REGION, {}, deployment.build) == deployment.outputs
    assert [deployment.live(surface) for surface in SURFACES] == before


def test_a_changed_parameter_reaches_the_version_that_answers(deployment: Deployment) -> None:
    version, variables = deployment.live("public")
    assert (variables["BASE_URL"], variables["PUBLIC_TABLE"]) == (deployment.parameters["BaseUrl"], PUBLIC)
    deployment.deploy_again(BaseUrl="https://moved.example")
    moved, variables = deployment.live("public")
    assert (moved != version, variables["BASE_URL"]) == (True, "https://moved.example")
    deployment.deploy_again()
    assert deployment.live("public")[1]["BASE_URL"] == deployment.parameters["BaseUrl"]


def test_a_bad_deploy_is_rolled_back_in_every_function_and_a_deploy_goes_forward_again(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {name.upper(): value for name, value in CREDENTIALS.items()}
    for name, value in {"AWS_ENDPOINT_URL": deployment.engine.url, "AWS_DEFAULT_REGION": REGION, **known}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    before = {surface: deployment.releases(surface) for surface in SURFACES}
    assert {len(each) for each in before.values()} == {1}
    deployment.deploy_again(BaseUrl="https://wrong.example")
    assert deployment.live("public")[1]["BASE_URL"] == "https://wrong.example"
    for surface in SURFACES:
        assert not deployment.releases(surface) & before[surface]
        assert rollback.main([surface, "--name", "trial"]) == 0
        [named] = before[surface]
        assert f"{named.capitalize()} answers now" in capsys.readouterr().out
        assert deployment.releases(surface) == before[surface]
    assert deployment.get("public", "/healthz")[0] == 200
    assert rollback.main(["public", "--name", "trial", "--to", "999"]) == 2
    deployment.deploy_again()
    assert deployment.live("public")[1]["BASE_URL"] == deployment.parameters["BaseUrl"]


def test_all_functions_are_pointed_at_the_tables_that_a_backup_was_put_back_into(deployment: Deployment) -> None:
    where = Target(deployment.engine.client, "trial", "trial-code", emulated=True)
    deploy_tables(replace(where, name="restored"))
    [stream] = deployment.streams()
    deployment.deploy_again("restored")
    assert deployment.live("public")[1]["PUBLIC_TABLE"] == "restored-public"
    assert deployment.live("internal")[1]["REGISTRY_TABLE"] == "restored-registry"
    assert deployment.streams() != [stream]
    # What answered until now went on meanwhile: its role may read both, until the next deploy.
    for table in (PUBLIC, "restored-public"):
        assert deployment.attempt("public", "dynamodb", "get_item", **arguments("get_item", table)) == "done"
    assert deployment.get("public", "/v1/certificates/C1EWZEPEEX1")[0] == 404
    with pytest.raises(LookupError, match="another PUBLIC_TABLE"):
        rollback.go_to(deployment.engine.client("lambda"), [deployment.outputs["public"]["APIHandlerName"]], None)
    deployment.deploy_again("trial")
    assert (deployment.live("public")[1]["PUBLIC_TABLE"], deployment.streams()) == (PUBLIC, [stream])
    deployment.deploy_again()
    for role, table in (("public", "restored-public"), ("internal", "restored-registry")):
        assert deployment.attempt(role, "dynamodb", "get_item", **arguments("get_item", table)) == DENIED


def test_a_deploy_that_failed_half_way_leaves_no_version_in_the_way_of_the_next(
    deployment: Deployment, tmp_path: Path
) -> None:
    """Lambda publishes no version that is as the newest one: one that stayed would be in the way for good."""
    where = Target(deployment.engine.client, "trial", "trial-code", emulated=True)
    archive, name = deployment.build / "public.zip", deployment.outputs["public"]["APIHandlerName"]
    template = json.loads(archive.with_suffix(".json").read_text("utf-8"))
    twice = {"Type": "AWS::Lambda::Version", "DependsOn": "APIHandlerAliaslive"}
    template["Resources"]["Twice"] = {**twice, "Properties": {"FunctionName": {"Ref": "APIHandler"}}}
    (tmp_path / "public.json").write_text(json.dumps(template), encoding="utf-8")

    def versions() -> list[str]:
        told = deployment.engine.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
        return [each["Version"] for each in told]

    before, answering = versions(), deployment.live("public")
    with pytest.raises(stack.DeployError, match=r"Twice: A version for .*Mend that and run the same command again\."):
        deploy_surface(where, "public", archive, tmp_path / "public.json", {"BaseUrl": "https://half-way.example"})
    assert (versions(), deployment.live("public")) == (before, answering)
    deployment.deploy_again(BaseUrl="https://half-way.example")
    assert deployment.live("public")[1]["BASE_URL"] == "https://half-way.example"
    deployment.deploy_again()


def test_the_public_function_is_not_told_of_the_registry_or_the_secret(deployment: Deployment) -> None:
    assert not {"REGISTRY_TABLE", "CSRF_SECRET", "MAIL_FROM"} & set(deployment.live("public")[1])


def decision(surface: str, action: str, resource: str, **context: Any) -> str:
    """What the policy of ``surface`` says, by MiniStack's own evaluator, to what MiniStack does not ask it.

    It leaves dynamodb:LeadingKeys out of its questions, and takes every mail for one of the identity ``*``.
    """
    text = (PROJECT / ".chalice" / f"policy-{surface}.json").read_text()
    names = {"${RegistryTable}": REGISTRY, "${PublicTable}": PUBLIC, "${MailIdentity}": "factory-id.example"}
    for name, value in names.items():
        text = text.replace(name, value)
    for name, value in {"Partition": "aws", "Region": REGION, "AccountId": ACCOUNT}.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    service = action.split(":", maxsplit=1)[0]
    arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"
    role = f"arn:aws:sts::{ACCOUNT}:assumed-role/role/session"
    asked = EvalContext(role, "AssumedRole", ACCOUNT, action, arn, REGION, service_context=context)
    return evaluate(asked, [parse_policy_document(text)]).decision


@pytest.mark.safety("mechanisms.append-only-events")
@pytest.mark.parametrize(
    ("action", "partition", "expected"),
    [
        ("PutItem", "EVENTS#FACTORY#1", "Allow"),
        ("UpdateItem", "EVENTS#FACTORY#1", "Deny"),
        ("DeleteItem", "EVENTS#FACTORY#1", "Deny"),
        ("UpdateItem", "FACTORY#1", "Allow"),
        ("DeleteItem", "FACTORY#1", "Allow"),
    ],
)
def test_events_are_only_appended(action: str, partition: str, expected: str) -> None:
    context = {"dynamodb:leadingkeys": [partition]}
    assert decision("internal", f"dynamodb:{action}", f"table/{REGISTRY}", **context) == expected


@pytest.mark.parametrize(
    ("action", "partition", "expected"),
    [
        ("PutItem", "LOG_ENTRIES#00000000", "Allow"),
        ("UpdateItem", "LOG_ENTRIES#00000000", "Deny"),
        ("DeleteItem", "LOG_ENTRIES#00000000", "Deny"),
        ("BatchWriteItem", "LOG_ENTRIES#00000000", "Deny"),
        ("DeleteItem", "LOG_CHECKPOINTS#", "Deny"),
        ("UpdateItem", "FACTORY#1", "Allow"),
        ("BatchWriteItem", "WORD#knit", "Allow"),
    ],
)
def test_entries_and_checkpoints_of_the_log_are_only_put(action: str, partition: str, expected: str) -> None:
    context = {"dynamodb:leadingkeys": [partition]}
    assert decision("internal", f"dynamodb:{action}", f"table/{PUBLIC}", **context) == expected


def test_the_internal_role_sends_mail_only_as_our_identity() -> None:
    assert decision("internal", "ses:SendRawEmail", "identity/factory-id.example") == "Allow"
    assert decision("internal", "ses:SendRawEmail", "identity/somebody-else.example") == "ImplicitDeny"
    assert decision("public", "ses:SendRawEmail", "identity/factory-id.example") == "ImplicitDeny"


def resources(node: Any) -> Iterator[Any]:
    """Every value of a key ``Resource`` in a policy."""
    for statement in node["Statement"]:
        held = statement["Resource"]
        yield from held if isinstance(held, list) else [held]


# ListStreams, which Lambda wants of a role that a stream wakes, knows no resource: it tells the names of streams only.
WILD = {"public": [], "internal": ["/uploads/*", "/photos/*"], "errands": [], "watching": [""], "scans": []}


@pytest.mark.parametrize("role", WILD)
def test_no_policy_has_a_wildcard_but_for_log_streams_photos_and_the_names_of_streams(role: str) -> None:
    policy = json.loads((PROJECT / ".chalice" / f"policy-{role}.json").read_text())
    wild = [resource for resource in resources(policy) if "*" in resource and ":logs:" not in resource]
    assert [resource.partition("${PhotosBucket}")[2] for resource in wild] == WILD[role]
    assert "*" not in json.dumps([statement["Action"] for statement in policy["Statement"]])


def test_only_the_internal_role_signs_credentials_and_only_the_public_one_receipts(deployment: Deployment) -> None:
    held = deployment.outputs["keys"]
    asked = {"Message": "x" * 32, "MessageType": "DIGEST", "SigningAlgorithm": "ECDSA_SHA_256"}
    assert deployment.attempt("internal", "kms", "sign", KeyId=held["SigningKey"], **asked) == "done"
    assert deployment.attempt("internal", "kms", "sign", KeyId=held["ReceiptKey"], **asked) == DENIED
    assert deployment.attempt("internal", "kms", "get_public_key", KeyId=held["ReceiptKey"]) == "done"
    assert deployment.attempt("internal", "kms", "disable_key", KeyId=held["SigningKey"]) == DENIED
    assert deployment.attempt("public", "kms", "sign", KeyId=held["SigningKey"], **asked) == DENIED
    assert deployment.attempt("public", "kms", "sign", KeyId=held["ReceiptKey"], **asked) == "done"
    assert deployment.attempt("public", "kms", "disable_key", KeyId=held["ReceiptKey"]) == DENIED
    assert deployment.attempt("errands", "kms", "sign", KeyId=held["SigningKey"], **asked) == "done"
    for role in ("watching", "scans"):
        assert deployment.attempt(role, "kms", "sign", KeyId=held["SigningKey"], **asked) == DENIED


def test_the_distribution_in_front_is_made_by_cloudformation(deployment: Deployment) -> None:
    """MiniStack keeps what it is told and fronts nothing: how CloudFront chooses is asked in tests/test_edge.py."""
    parameters = {
        **edge.origins(deployment.outputs["public"], deployment.outputs["internal"]),
        "Domain": "factory-id.example",
        "CertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
        "OriginSecret": "0123456789abcdef" * 2,
    }
    template = {"TemplateBody": json.dumps(edge.template())}
    outputs = stack.deploy(deployment.engine.client("cloudformation"), "trial-edge", template, parameters)
    cloudfront = deployment.engine.client("cloudfront")
    found = cloudfront.get_distribution(Id=outputs["DistributionArn"].rpartition("/")[2])["Distribution"]
    kept = {
        each["PathPattern"]: each["TargetOriginId"] for each in found["DistributionConfig"]["CacheBehaviors"]["Items"]
    }
    assert (kept["/portal*"], kept["/internal*"], kept["/v1/*"]) == ("internal", "internal", "public")
    assert "/photos/*" not in kept


def test_alarms_metrics_of_the_logs_and_dashboards_are_made(deployment: Deployment) -> None:
    alarms_made = deployment.engine.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    assert {alarm["MetricName"] for alarm in alarms_made} >= {"SyncSilence", "OutboxAge", "SignFailures", "Unforeseen"}
    filters = deployment.engine.client("logs").describe_metric_filters()["metricFilters"]
    made = {(each["logGroupName"], each["filterPattern"]) for each in filters}
    log = f"/aws/lambda/{deployment.deployed('errands')['FunctionName']}"
    assert (log, '{ $.event = "sign_failed" }') in made
    assert {pattern for _, pattern in made} >= {'{ $.event = "sync" && $.tenant = "ics" && $.taken > 0 }'}
    boards = deployment.engine.client("cloudwatch").list_dashboards()["DashboardEntries"]
    assert {board["DashboardName"] for board in boards} >= {f"trial-public-{REGION}", f"trial-internal-{REGION}"}
