"""Transactions over both tables, and what lies together in the registry table: over the wire.

What is signed with is what botocore finds: an operator makes the first key with a profile of their own.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.utils import get_environ_proxies

from chalicelib import settings
from chalicelib.domain.errors import Unavailable
from chalicelib.store import plain
from chalicelib.store.keys import Key
from chalicelib.store.signature import Credentials
from chalicelib.store.wire import Wire

Action = dict[str, dict[str, Any]]
"""One write of a transaction: ``{"Put": {…}}``."""
Each = Callable[..., Iterable[Any]]
"""``map``, or what does the same in several threads."""

AT_ONCE = 25  # writes in one BatchWriteItem: DynamoDB's limit
_ROUNDS = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds, with full jitter
_wire: Wire | None = None
_chosen = settings.load()


def connect(chosen: settings.Settings) -> None:
    """Point at an operator's tables. The wire is made when first needed."""
    global _wire, _chosen
    if _wire is not None:
        _wire.close()
    _wire, _chosen = None, chosen
    _found.cache_clear()


def wire_to(chosen: settings.Settings) -> Wire:
    """The way to an operator's DynamoDB. ``RuntimeError`` if only a proxy leads there."""
    told = _resolved(chosen)
    way = Wire(told, given=_credentials)
    if told.dynamodb_endpoint is None or told is not chosen:
        _without_proxy(way.host)
    return way


def _resolved(chosen: settings.Settings) -> settings.Settings:
    """With the endpoint for FIPS, if botocore is told to ask that one."""
    session = botocore.session.get_session()
    if chosen.dynamodb_endpoint or not session.get_config_variable("use_fips_endpoint"):
        return chosen
    asked = session.create_client("dynamodb", region_name=chosen.region)
    return replace(chosen, dynamodb_endpoint=str(asked.meta.endpoint_url))


def _without_proxy(host: str) -> None:
    if "https" in get_environ_proxies(f"https://{host}"):
        raise RuntimeError(f"DynamoDB is reached without a proxy: unset HTTPS_PROXY, or put {host} in NO_PROXY.")


def transact(actions: Sequence[Action], token: str) -> None:
    """All of these writes, or none. ``wire.Refused`` if none; at once if it is because the tables are busy.

    ``token``: by it DynamoDB knows the same transaction again, for ten minutes.
    """
    asked = {"TransactItems": actions, "ClientRequestToken": token}
    _way().send("TransactWriteItems", plain.encoded(asked), waits=False)


def partition(of: str) -> list[plain.Raw]:
    """All items of a partition of the registry table, read consistently."""
    asked = {
        "TableName": _chosen.registry_table,
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": of}},
        "ConsistentRead": True,
    }
    found: list[plain.Raw] = []
    while True:
        reply = _way().call("Query", asked)
        found += reply["Items"]
        if "LastEvaluatedKey" not in reply:
            return found
        asked["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def publish(put: Iterable[Key], delete: Iterable[Key], each: Each = map) -> None:
    """Put empty items into the public table and take others out, each for itself. It may be done again."""
    writes: list[Action] = [{"PutRequest": {"Item": {**plain.key(key), "body": {"S": "{}"}}}} for key in put]
    writes += [{"DeleteRequest": {"Key": plain.key(key)}} for key in delete]
    for _ in each(_publish, [writes[start : start + AT_ONCE] for start in range(0, len(writes), AT_ONCE)]):
        pass


def _publish(left: list[Action]) -> None:
    table = _chosen.public_table
    for turn in range(_ROUNDS):
        if turn:
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**turn)))  # nosec B311: jitter
        reply = _way().send("BatchWriteItem", plain.encoded({"RequestItems": {table: left}}))
        left = reply.get("UnprocessedItems", {}).get(table, [])
        if not left:
            return
    raise Unavailable("The registry could not be reached just now.")


def _way() -> Wire:
    global _wire
    way = _wire
    if way is None:
        way = _wire = wire_to(_chosen)
    return way


def _credentials() -> Credentials:
    try:
        found = _found().get_frozen_credentials()
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The registry could not be reached just now.") from error
    return Credentials(found.access_key, found.secret_key, found.token or "")


@cache
def _found() -> Any:
    found = botocore.session.get_session().get_credentials()
    if found is None:
        raise NoCredentialsError
    return found
