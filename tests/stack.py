"""The two tables to test on: what is in them, and how MiniStack gets a fresh pair for each test."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import settings
from chalicelib.store import models
from infra import tables
from infra.engine import Engine

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Tables:
    """A DynamoDB client and the names of both tables."""

    client: Any
    registry: str
    public: str

    def scan(self, table: str) -> list[dict[str, Any]]:
        """All items of a table as DynamoDB writes them, in the order of their keys."""
        pages = self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    def everything(self) -> str:
        """Both tables as one text, to be compared. When a key was last used is no change of what is on record."""
        items = [*self.scan(self.registry), *self.scan(self.public)]
        return json.dumps([{**item, "used": None} for item in items], sort_keys=True)

    def keys(self, table: str) -> set[tuple[str, str]]:
        """The keys of a table's items."""
        return {(item["pk"]["S"], item["sk"]["S"]) for item in self.scan(table)}

    def bodies(self, table: str, prefix: str) -> list[dict[str, Any]]:
        """The contents of a table's items whose partition key begins with ``prefix``."""
        return [json.loads(item["body"]["S"]) for item in self.scan(table) if item["pk"]["S"].startswith(prefix)]


def engine_of_session() -> Iterator[Engine]:
    """A MiniStack without tables: each test makes its own."""
    with Engine(with_tables=False) as running:
        yield running


def fresh_tables(engine: Any) -> Iterator[Tables]:
    """Two new tables on a running engine, and the store connected to them."""
    prefix = f"test-{next(_numbers)}"
    client = engine.client("dynamodb")
    tables.create_tables(client, prefix)
    registry, public = prefix + tables.REGISTRY_SUFFIX, prefix + tables.PUBLIC_SUFFIX
    chosen = settings.load()
    models.connect(replace(chosen, registry_table=registry, public_table=public, dynamodb_endpoint=engine.url))
    yield Tables(client, registry, public)
    models.connect(chosen)
