"""The public table filled with made-up factories: the very items that publishing them writes, signatures and all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from botocore.config import Config
from tqdm import tqdm

from bench.made_up import DAY, MadeUp
from bench.traffic import STORED, Item, size
from bench.world import BASE_URL
from infra.engine import Engine

_WRITERS = 4
_BATCH = 25  # DynamoDB's most in one BatchWriteItem
_SIGNATURE = bytes(64)
_ANY_KEY = "A" * 43  # a thumbprint's length
_AT = f"{DAY}T08:00:00Z"


@dataclass
class Registry:
    """What was written: to ask for, and to count. ``bytes``: as DynamoDB bills storage."""

    factories: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    items: int = 0
    bytes: int = 0
    signed: int = 0
    """Bytes of credentials and codes."""
    lists: Counter[str] = field(default_factory=Counter)
    """Bytes in each list of the directory."""
    words: set[tuple[str, str]] = field(default_factory=set)
    """What many factories share, and is written once."""


def filled(engine: Engine, number: int) -> Registry:
    """Publish the first so many of the made-up factories into an engine."""
    config = Config(max_pool_connections=_WRITERS, retries={"total_max_attempts": 3})
    client, registry = engine.client("dynamodb", config=config), Registry()

    def write(batch: list[Item]) -> int:
        puts = [{"PutRequest": {"Item": item}} for item in batch]
        reply = client.batch_write_item(RequestItems={engine.public_table: puts})
        if reply.get("UnprocessedItems"):
            raise RuntimeError("the engine left items unwritten")
        return len(batch)

    items = _items(registry, number)
    with tqdm(desc=f"{number:,} factories", unit=" items") as bar, ThreadPoolExecutor(_WRITERS) as pool:
        while some := [batch for _ in range(40) if (batch := list(islice(items, _BATCH)))]:
            for written in pool.map(write, some):
                bar.update(written)
    return registry


def _items(registry: Registry, number: int) -> Iterator[Item]:
    """All that publishing these factories writes to the public table."""
    from chalicelib.domain import finding
    from chalicelib.domain.disclosure import public_factory
    from chalicelib.store import public_keys
    from chalicelib.store.registry.factories import public_items

    for factory, certificates in MadeUp().factories(number):
        registry.factories.append(factory.factory_id)
        registry.names.append(str(factory.value("name")))
        registry.certificates += [each.code for each in certificates]
        bodies = public_items(factory, certificates, {})
        signed = _signed(factory, certificates)
        page = public_factory(factory, certificates, {})
        words = finding.entries(page).forgiven if page else ()
        halves = {public_keys.half(half, word) for word in words for half in finding.halves(word)} - registry.words
        registry.words |= halves
        for key, body in {**bodies, **{key: {} for key in halves}}.items():
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            beside = signed.get(key, {})
            item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, "body": {"S": text}, **beside}
            registry.items += 1
            registry.bytes += size(item) + STORED
            registry.signed += size(beside)
            if key.sk != "PAGE":
                registry.lists[key.pk] += size(item)
            yield item


def _signed(factory: Any, certificates: list[Any]) -> dict[Any, Item]:
    """What stands beside the pages of a factory and its certificates, as long as it is, by nobody's key."""
    from chalicelib import clock
    from chalicelib.domain import cose, credential, jws
    from chalicelib.domain.disclosure import public_factory
    from chalicelib.store.registry import credentials

    header = {"alg": "ES256", **credential.HEADER, "kid": f"{BASE_URL}#{_ANY_KEY}"}
    found: dict[Any, Item] = {}
    for key, said in credentials.of_factory(public_factory(factory, (), {}), certificates).items():
        beside = found.setdefault(key, {})
        if said.document is not None:
            text = jws.compact(jws.signing_input(header, {"validFrom": _AT, **said.document}), _SIGNATURE)
            beside["credential"] = {"S": text}
        if said.code is not None:
            token = cose.sign1(cose.protected(_ANY_KEY), said.code.said(clock.parsed(_AT)), _SIGNATURE)
            beside["code"] = {"S": f"{cose.base32(token)}/{said.code.tail}"}
    return found
