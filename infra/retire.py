"""``python -m infra.retire NAME``: a pair of tables that nothing uses any more is deleted, and all that recovers it.

Whoever asked for erasure after a pair was left stands in it still, and in what point-in-time recovery keeps of a table
that was deleted while it was on: hence it is turned off first. Tables that a stack names are refused.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import stack
from infra.choices import TABLES
from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX

DONE, REFUSED, STOPPED = 0, 2, 3
OFF = {"PointInTimeRecoveryEnabled": False}
PATIENCE = {"Delay": 1, "MaxAttempts": 600}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.retire",
        description="Say what there is of a pair of tables that no stack uses; with --delete, delete it for good.",
        epilog="exit codes: 0 done; 2 refused, for a stack uses them, or there are none; 3 could not go on: once more",
    )
    found.add_argument(
        "pair", metavar="NAME", help="begins both tables' names, as it was given to infra.deploy --tables"
    )
    found.add_argument("--delete", action="store_true", help="delete the tables, their recovery and their stack")
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    told = parser().parse_args(arguments)
    session = boto3.Session()
    try:
        return _retired(session.client("cloudformation"), session.client("dynamodb"), told.pair, delete=told.delete)
    except (BotoCoreError, ClientError, KeyboardInterrupt) as error:
        print(f"Stopped: {error or 'interrupted'}. Run the same command again: it goes on.", file=sys.stderr)
        return STOPPED


def users(client: Any, tables: set[str]) -> list[str]:
    """The stacks whose functions use one of ``tables``, whatever they are called. ``client``: of CloudFormation."""
    found = []
    for page in client.get_paginator("describe_stacks").paginate():
        for each in page["Stacks"]:
            held = {one["ParameterKey"]: one.get("ParameterValue") for one in each.get("Parameters", [])}
            if tables & {held.get(name) for name in TABLES}:
                found.append(each["StackName"])
    return sorted(found)


def _retired(cloudformation: Any, dynamodb: Any, pair: str, *, delete: bool) -> int:
    names = [pair + suffix for suffix in (REGISTRY_SUFFIX, PUBLIC_SUFFIX)]
    if using := users(cloudformation, set(names)):
        print(f"{pair} is in use, by {', '.join(using)}. Nothing was deleted.", file=sys.stderr)
        return REFUSED
    there = [held for held in (_described(dynamodb, name) for name in names) if held is not None]
    made = stack.parameters_of(cloudformation, f"{pair}-data") is not None
    if not there and not made:
        print(f"There are no tables of {pair} in this account and region.", file=sys.stderr)
        return REFUSED
    for held in there:
        print(f"{held['TableName']}: some {held['ItemCount']:,} items, made {held['CreationDateTime']:%Y-%m-%d %H:%M}")
    if not delete:
        print("No stack uses them. To delete them for good: --delete.")
        return DONE
    for held in there:
        _delete(dynamodb, held["TableName"])
        print(f"{held['TableName']} is deleted.")
    if made:
        cloudformation.delete_stack(StackName=f"{pair}-data")
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=f"{pair}-data")
    return DONE


def _described(client: Any, table: str) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return held


def _delete(client: Any, table: str) -> None:
    try:
        client.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=OFF)
        client.update_table(TableName=table, DeletionProtectionEnabled=False)
        client.get_waiter("table_exists").wait(TableName=table, WaiterConfig=PATIENCE)
        client.delete_table(TableName=table)
    except client.exceptions.ResourceNotFoundException:
        return  # by another run
    client.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig=PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
