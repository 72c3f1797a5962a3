"""The world that is measured: the demo world on a local engine, and the peers' copy of two of its items."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from infra import keys
from infra.engine import CREDENTIALS, REGION, Engine

BASE_URL = "https://factory-id.example"
PEERS_TABLE = "bench-peers"


@dataclass(frozen=True)
class World:
    """A running engine with what was loaded; ``factory``, ``certificate``, ``gtin``, ``lot``: the showcase's codes.

    ``keys``: settings that name the engine's KMS and the keys that sign there, as every deployed registry has them.
    """

    engine: Engine
    factory: str = ""
    certificate: str = ""
    gtin: str = ""
    lot: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """What a function is told of it."""
        return {
            "BASE_URL": BASE_URL,
            "REGISTRY_TABLE": self.engine.registry_table,
            "PUBLIC_TABLE": self.engine.public_table,
            "DYNAMODB_ENDPOINT": self.engine.url,
            "SES_ENDPOINT": self.engine.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **{name.upper(): value for name, value in CREDENTIALS.items()},
            **self.keys,
            **more,
        }

    def item(self, pk: str) -> dict[str, Any]:
        """A page's item in the public table, as DynamoDB has it."""
        key = {"pk": {"S": pk}, "sk": {"S": "PAGE"}}
        answer = self.engine.client("dynamodb").get_item(TableName=self.engine.public_table, Key=key)
        found: dict[str, Any] = answer["Item"]
        return found


@contextmanager
def loaded() -> Iterator[World]:
    """The engine with the demo world in it, loaded through the internal API. Sets the environment of this process."""
    with Engine() as engine:
        bare = World(engine, keys=signing(engine))
        os.environ.update(bare.environment(SURFACE="all", CSRF_SECRET=secrets.token_hex(16), INDEX_PAGES="0"))
        kept = _load(engine)
        world = World(engine, kept["factory"], kept["certificates"]["valid"], kept["gtin"], kept["lot"], bare.keys)
        _copy_for_peers(world)
        yield world


def signing(engine: Engine) -> dict[str, str]:
    """Keys on the engine, and the settings that name them. A registry cannot be deployed without them."""
    made = keys.deploy(engine.client("cloudformation"), engine.prefix)
    return {"KMS_ENDPOINT": engine.url, "SIGNING_KEY": made["SigningKey"], "RECEIPT_KEY": made["ReceiptKey"]}


def _load(engine: Engine) -> dict[str, Any]:
    from app import app  # after the environment that it reads
    from chalicelib import clock
    from chalicelib.internal.access import SCOPES
    from chalicelib.store.registry import callers
    from infra.demo import note
    from infra.demo.loader import Loader
    from infra.serve import Site

    _, staff = callers.create_key("staff", "bench", SCOPES["staff"], "make bench")
    site = Site(app, "127.0.0.1", 0).start()
    try:
        world = Loader(f"http://127.0.0.1:{site.port}", staff, engine.mails, clock.today()).run()
    finally:
        site.stop()
    return note.of(world, clock.today())


def _copy_for_peers(world: World) -> None:
    """The showcase as maps and lists, which is how the peers' tutorials store it, with what is signed beside."""
    client = world.engine.client("dynamodb")
    names = ("pk", "sk")
    client.create_table(
        TableName=PEERS_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    for pk in (f"FACTORY#{world.factory}", f"CERTIFICATE#{world.certificate}"):
        held = world.item(pk)
        page = json.loads(held.pop("body")["S"], parse_float=Decimal)
        client.put_item(TableName=PEERS_TABLE, Item=held | {"page": TypeSerializer().serialize(page)})
