"""moto without what it does again for each test, transaction and value, at the price of most of a test's time.

A transaction begins with a deep copy of its tables, streams and all, to go back to if it fails. Items are never changed
where they lie but by updates: so dictionaries are copied, and only those items that the transaction updates. And an
encrypted table gets a fresh RSA key of KMS, which nothing here encrypts with: one is made, and lent to all. And each
text in an answer is looked up under every name that a value of any kind could have: what is a text already is left so.
And a query sorts all of its table before it looks for a partition: it is shown a table with that partition only.
"""

from __future__ import annotations

import copy
import inspect
from collections import defaultdict
from functools import cache, wraps
from types import SimpleNamespace
from typing import Any

from moto.core.serialize import JSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models.table import Table
from moto.kms import models as kms_models


def install() -> None:
    """From now on."""
    generate, one = kms_models.generate_private_key, cache(kms_models.generate_private_key)
    kms_models.generate_private_key = lambda spec: one(spec) if spec == "SYMMETRIC_DEFAULT" else generate(spec)
    models.DynamoDBBackend.transact_write_items = _transacting(models.DynamoDBBackend.transact_write_items)
    JSONSerializer._serialize_type_structure = _writing(JSONSerializer._serialize_type_structure)
    Table.query = _querying(Table.query)


def _writing(write: Any) -> Any:
    def quick(serializer: Any, written: dict[str, Any], value: Any, shape: Any, key: str) -> None:
        kind = next(iter(value)) if shape.name == "AttributeValue" and type(value) is dict and len(value) == 1 else ""
        if key and kind in ("S", "N") and type(value[kind]) is str:
            written[serializer.get_serialized_name(shape, key)] = dict(value)
        else:
            write(serializer, written, value, shape, key)

    return quick


def _querying(query: Any) -> Any:
    asked = inspect.signature(query)

    @wraps(query)
    def quick(table: Table, *given: Any, **named: Any) -> Any:
        by = asked.bind(table, *given, **named).arguments
        if by.get("index_name") or not table.range_key_attr:
            return query(table, *given, **named)
        partition = copy.copy(table)
        partition.items = {by["hash_key"]: dict(table.items.get(by["hash_key"], {}))}
        return query(partition, *given, **named)

    return quick


def _transacting(transact: Any) -> Any:
    def quick(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        updates = [each["Update"] for each in transact_items if "Update" in each]

        def copied(original: Any) -> Any:
            if not isinstance(original, Table):
                return copy.deepcopy(original)
            return _as_it_is(original, [each["Key"] for each in updates if each["TableName"] == original.name])

        models.copy = SimpleNamespace(deepcopy=copied)
        try:
            transact(backend, transact_items)
        finally:
            models.copy = copy

    return quick


def _as_it_is(table: Table, to_be_updated: list[dict[str, Any]]) -> Table:
    """What to go back to."""
    kept = copy.copy(table)
    kept.items = defaultdict(dict, {key: dict(within) for key, within in table.items.items()})
    for key in to_be_updated:
        item = table.get_item(*(models.DynamoType(key[name]) for name in (table.hash_key_attr, table.range_key_attr)))
        if item is not None:
            kept.items[item.hash_key][item.range_key] = copy.deepcopy(item)
    if table.stream_shard is not None:
        kept.stream_shard = copy.copy(table.stream_shard)
        kept.stream_shard.table, kept.stream_shard.items = kept, list(table.stream_shard.items)
    return kept
