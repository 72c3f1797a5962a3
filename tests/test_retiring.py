"""A pair of tables that was left is deleted with all that recovers it; one that is in use is not."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra import retire, stack, tables

REGION = "eu-central-1"
USER = """
Parameters: { RegistryTable: { Type: String } }
Resources: { Topic: { Type: AWS::SNS::Topic } }
"""


@pytest.fixture
def _account(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(_account: None) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture
def cloudformation(_account: None) -> Any:
    return boto3.client("cloudformation")


def pair(cloudformation: Any, name: str) -> None:
    # moto keeps what is called so, and nothing else.
    body = tables.TEMPLATE.read_text(encoding="utf-8").replace("RetainExceptOnCreate", "Retain")
    template = {"TemplateBody": body}
    stack.deploy(cloudformation, f"{name}-data", template, {"Prefix": name})


def test_a_pair_that_was_left_is_deleted_with_its_recovery_and_its_stack(
    cloudformation: Any, dynamodb: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(cloudformation, "left")
    pair(cloudformation, "left-not")
    tables.apply_settings(dynamodb, "left")
    stack.deploy(cloudformation, "any-internal", {"TemplateBody": USER}, {"RegistryTable": "left-not-registry"})
    recovered: dict[str, str] = {}
    make_client = boto3.Session.client

    def client(session: Any, service: str) -> Any:
        def note(params: dict[str, str], **_said: Any) -> None:
            told = made.describe_continuous_backups(TableName=params["TableName"])["ContinuousBackupsDescription"]
            recovered[params["TableName"]] = told["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]

        made = make_client(session, service)
        made.meta.events.register("before-parameter-build.dynamodb.DeleteTable", note)
        return made

    assert retire.main(["left"]) == 0
    assert "left-registry: some 0 items, made " in capsys.readouterr().out
    assert len(dynamodb.list_tables()["TableNames"]) == 4, "nothing is deleted that was only looked at"
    monkeypatch.setattr(boto3.Session, "client", client)
    assert retire.main(["left", "--delete"]) == 0
    off = {"left-registry": "DISABLED", "left-public": "DISABLED"}
    assert recovered == off, "what is deleted with recovery on is kept for 35 days more"
    assert sorted(dynamodb.list_tables()["TableNames"]) == ["left-not-public", "left-not-registry"]
    assert stack.outputs(cloudformation, "left-data") is None
    assert retire.main(["left", "--delete"]) == 2


@pytest.mark.parametrize("used", ["RegistryTable", "PublicTable"])
def test_a_pair_that_any_stack_uses_is_refused(
    cloudformation: Any, dynamodb: Any, used: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pair(cloudformation, "live")
    suffix = {"RegistryTable": "registry", "PublicTable": "public"}[used]
    user = {"TemplateBody": USER.replace("RegistryTable", used)}
    stack.deploy(cloudformation, "another-internal", user, {used: f"live-{suffix}"})
    assert retire.main(["live", "--delete"]) == 2
    assert capsys.readouterr().err == "live is in use, by another-internal. Nothing was deleted.\n"
    assert len(dynamodb.list_tables()["TableNames"]) == 2


def test_tables_without_a_stack_go_too_and_one_that_is_gone_is_passed_over(dynamodb: Any, cloudformation: Any) -> None:
    tables.create_tables(dynamodb, "half")
    dynamodb.delete_table(TableName="half-registry")
    assert retire.main(["half", "--delete"]) == 0
    assert dynamodb.list_tables()["TableNames"] == []
    assert cloudformation.list_stacks()["StackSummaries"] == []


def test_what_aws_refuses_is_told_and_can_be_done_again(
    dynamodb: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.create_tables(dynamodb, "left")

    def refused(*_said: Any) -> None:
        raise dynamodb.exceptions.ResourceInUseException({"Error": {"Code": "ResourceInUse"}}, "DeleteTable")

    with monkeypatch.context() as patched:
        patched.setattr(retire, "_delete", refused)
        assert retire.main(["left", "--delete"]) == 3
    assert "Run the same command again" in capsys.readouterr().err
    assert retire.main(["left", "--delete"]) == 0
