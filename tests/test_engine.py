"""The local engine: the tables it offers are those of production, and it keeps what was stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra import tables
from infra.engine import SENDER_DOMAIN, Engine

ITEM = {"pk": {"S": "FACTORY#1"}, "sk": {"S": "RECORD"}, "n": {"N": "5"}, "raw": {"B": b"\x00\xff"}}
KEY = {"pk": ITEM["pk"], "sk": ITEM["sk"]}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as running:
        yield running


@pytest.mark.safety("mechanisms.recovery-and-alarms")
def test_the_engine_has_both_tables_with_expiry_and_recovery(engine: Engine) -> None:
    dynamodb = engine.client("dynamodb")
    for name in (engine.registry_table, engine.public_table):
        table = dynamodb.describe_table(TableName=name)["Table"]
        assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
        assert table["DeletionProtectionEnabled"]
        expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_only_the_registry_has_a_stream(engine: Engine) -> None:
    dynamodb = engine.client("dynamodb")
    registry = dynamodb.describe_table(TableName=engine.registry_table)["Table"]
    assert registry["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert "StreamSpecification" not in dynamodb.describe_table(TableName=engine.public_table)["Table"]


def test_mails_sent_by_our_sender_can_be_read(engine: Engine) -> None:
    engine.client("ses").send_email(
        Source=f"no-reply@{SENDER_DOMAIN}",
        Destination={"ToAddresses": ["mill@example.org"]},
        Message={"Subject": {"Data": "Invitation"}, "Body": {"Text": {"Data": "Come in"}}},
    )
    assert [(mail["To"], mail["BodyText"]) for mail in engine.mails()] == [(["mill@example.org"], "Come in")]


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    with Engine(state_dir=tmp_path / "state") as first:
        first.client("dynamodb").put_item(TableName=first.registry_table, Item=ITEM)
    with Engine(state_dir=tmp_path / "state") as second:
        assert second.client("dynamodb").get_item(TableName=second.registry_table, Key=KEY)["Item"] == ITEM


def test_without_a_state_directory_nothing_is_kept(tmp_path: Path) -> None:
    with Engine(log=tmp_path / "first.log") as first:
        first.client("dynamodb").put_item(TableName=first.public_table, Item=ITEM)
    with Engine(log=tmp_path / "second.log") as second:
        assert "Item" not in second.client("dynamodb").get_item(TableName=second.public_table, Key=KEY)


def test_moto_gets_the_same_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="eu-central-1")
        assert tables.create_tables(dynamodb, "trial") == ["trial-registry", "trial-public"]
        assert (
            dynamodb.describe_time_to_live(TableName="trial-public")["TimeToLiveDescription"]["AttributeName"]
            == "expires"
        )
        dynamodb.put_item(TableName="trial-registry", Item=ITEM)
        assert dynamodb.get_item(TableName="trial-registry", Key=KEY)["Item"] == ITEM
