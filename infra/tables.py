"""The tables of ``tables.yaml`` for engines that have no CloudFormation, or only part of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).with_name("tables.yaml")
REGISTRY_SUFFIX = "-registry"
PUBLIC_SUFFIX = "-public"


def definitions(prefix: str) -> list[dict[str, Any]]:
    """The CloudFormation properties of each table, ``${Prefix}`` filled in."""
    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    tables = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    ]
    for table in tables:
        table["TableName"] = table["TableName"]["Fn::Sub"].replace("${Prefix}", prefix)
    return tables


def create_tables(client: Any, prefix: str = "factory-id") -> list[str]:
    """Create the tables with a DynamoDB ``client`` and say their names.

    For moto and other engines without CloudFormation. Deletion protection is left off there: such tables are
    made to be thrown away. Raises the client's ``ResourceInUseException`` where a table exists.
    """
    for table in definitions(prefix):
        request = {key: table[key] for key in ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema")}
        request["SSESpecification"] = {"Enabled": table["SSESpecification"]["SSEEnabled"]}
        if stream := table.get("StreamSpecification"):
            request["StreamSpecification"] = {"StreamEnabled": True, **stream}
        client.create_table(**request)
    apply_settings(client, prefix)
    return [table["TableName"] for table in definitions(prefix)]


def made(client: Any, name: str) -> str:
    """Which table this is: one that was dropped and made anew is another, and so is one of another region."""
    told = client.describe_table(TableName=name)["Table"]
    return f"{told['TableArn']} {told.get('TableId', '')} made {told['CreationDateTime'].isoformat()}"


def apply_settings(client: Any, prefix: str) -> None:
    """Turn on what CreateTable cannot say: expiry and point-in-time recovery. Repeating it changes nothing."""
    for table in definitions(prefix):
        name, expiry = table["TableName"], table["TimeToLiveSpecification"]
        described = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if described.get("AttributeName") != expiry["AttributeName"]:
            client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
        client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification=table["PointInTimeRecoverySpecification"]
        )
