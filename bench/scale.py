"""What a look-up costs as the registry grows: ``python -m bench.scale``, at 1,000 and 10,000 factories.

The local engine is filled with the very items that publishing a factory writes, and asked through the public function;
``--more``: with 100,000, too. Units are DynamoDB's arithmetic over what came. Times are mostly the local engine's,
which is no DynamoDB: they show whether a look-up grows with the registry, not how long it takes there. Beyond, the
arithmetic is from counted keys.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from botocore.config import Config
from tqdm import tqdm

from bench.made_up import MadeUp
from bench.stats import plain, spread
from bench.traffic import size, watched
from bench.world import World
from infra.engine import Engine
from infra.package import PROJECT
from tests import events

SIZES = (1_000, 10_000)
MORE = (100_000,)
COUNTED = (100_000, 1_000_000)
ASKED = 25  # look-ups of each kind at each size
_UNCOUNTED = 3
_WRITERS = 4
_BATCH = 25  # DynamoDB's most in one BatchWriteItem
Item = dict[str, dict[str, str]]


@dataclass
class Registry:
    """What was written so far: to ask for, and to count."""

    factories: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    items: int = 0
    bytes: int = 0
    lists: Counter[str] = field(default_factory=Counter)
    """Bytes in each list of the directory."""
    words: set[tuple[str, str]] = field(default_factory=set)
    """What many factories share, and is written once."""


def scale(*, more: bool = False, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """The same in a process of its own: this one may be connected to another table."""
    command = [sys.executable, "-m", "bench.scale", "--json", *(["--more"] if more else [])]
    command += ["--sizes", *map(str, sizes)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(sizes: Sequence[int]) -> dict[str, Any]:
    """Fill up to each size in turn, and look up."""
    found: dict[str, Any] = {"sizes": {}}
    registry, world = Registry(), MadeUp().factories(max(sizes))
    with Engine() as engine:
        os.environ.update(World(engine, "", "", "", "").environment(SURFACE="public", INDEX_PAGES="0"))
        for number in sizes:
            began = time.monotonic()
            _fill(engine, registry, islice(world, number - len(registry.factories)), number)
            seconds = time.monotonic() - began
            found["sizes"][str(number)] = _looked_up(registry) | {"filled_in_seconds": round(seconds, 1)}
    found |= {
        "items_per_factory": round(registry.items / len(registry.factories), 1),
        "bytes_per_factory": round(registry.bytes / len(registry.factories)),
        "largest_lists_bytes_per_factory": {
            name: round(weight / len(registry.factories), 1) for name, weight in registry.lists.most_common(3)
        },
    }
    return found | {"counted": {str(number): counted(found, number) for number in COUNTED}}


def counted(found: dict[str, Any], factories: int) -> dict[str, float]:
    """From what a factory has to what so many have: items, bytes, and the list that every factory is in."""
    largest = max(found["largest_lists_bytes_per_factory"].values())
    return {
        "items": round(found["items_per_factory"] * factories),
        "gigabytes": round(found["bytes_per_factory"] * factories / 1e9, 2),
        "largest_list_gigabytes": round(largest * factories / 1e9, 2),
    }


def _fill(engine: Engine, registry: Registry, factories: Iterator[Any], number: int) -> None:
    config = Config(max_pool_connections=_WRITERS, retries={"total_max_attempts": 3})
    client = engine.client("dynamodb", config=config)

    def write(batch: list[Item]) -> int:
        puts = [{"PutRequest": {"Item": item}} for item in batch]
        reply = client.batch_write_item(RequestItems={engine.public_table: puts})
        if reply.get("UnprocessedItems"):
            raise RuntimeError("the engine left items unwritten")
        return len(batch)

    with tqdm(desc=f"{number:,} factories", unit=" items") as bar, ThreadPoolExecutor(_WRITERS) as pool:
        items = _items(registry, factories)
        while some := [batch for _ in range(40) if (batch := list(islice(items, _BATCH)))]:
            for written in pool.map(write, some):
                bar.update(written)


def _items(registry: Registry, factories: Iterator[Any]) -> Iterator[Item]:
    """All that publishing these factories writes to the public table."""
    from chalicelib.domain import finding
    from chalicelib.domain.disclosure import public_factory
    from chalicelib.store import public_keys
    from chalicelib.store.registry.factories import public_items

    for factory, certificates in factories:
        registry.factories.append(factory.factory_id)
        registry.names.append(str(factory.value("name")))
        registry.certificates += [each.code for each in certificates]
        bodies = public_items(factory, certificates, {})
        page = public_factory(factory, certificates, {})
        words = finding.entries(page).forgiven if page else ()
        halves = {public_keys.half(half, word) for word in words for half in finding.halves(word)} - registry.words
        registry.words |= halves
        for key, body in {**bodies, **{key: {} for key in halves}}.items():
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, "body": {"S": text}}
            registry.items += 1
            registry.bytes += size(item)
            if key.sk != "PAGE":
                registry.lists[key.pk] += size(item)
            yield item


def _looked_up(registry: Registry) -> dict[str, Any]:
    """Medians of times and units, by what is looked up; the kinds in turn, so that what disturbs one disturbs all."""
    from app import app  # after the environment that it reads

    pick = random.Random(5)
    times: dict[str, list[float]] = {}
    units: dict[str, list[float]] = {}
    requests: dict[str, list[float]] = {}
    for turn in range(ASKED + _UNCOUNTED):
        for name, event in _events(registry, pick).items():
            with watched() as traffic:
                began = time.perf_counter()
                answer = app(event, None)
                elapsed = time.perf_counter() - began
            if answer["statusCode"] != 200:
                raise RuntimeError(f"{name} answered {answer['statusCode']}")
            if turn >= _UNCOUNTED:  # the first ones load what is loaded once
                times.setdefault(name, []).append(1000 * elapsed)
                units.setdefault(name, []).append(traffic.read_units)
                requests.setdefault(name, []).append(len(traffic.requests))
    return {
        "items": registry.items,
        "latency_ms": {name: plain(spread(each, 2)) for name, each in times.items()},
        "read_units": {name: plain(spread(each)) for name, each in units.items()},
        "requests": {name: plain(spread(each)) for name, each in requests.items()},
    }


def _events(registry: Registry, pick: random.Random) -> dict[str, Any]:
    factory, certificate = pick.choice(registry.factories), pick.choice(registry.certificates)
    return {
        "factory": events.get("/f/{factory_id}", path={"factory_id": factory}),
        "certificate": events.get("/v1/certificates/{code}", path={"code": certificate}),
        "search": events.get("/factories", query={"q": pick.choice(registry.names)}),
        "directory": events.get("/factories", query={"country": "BD"}),
    }


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """The medians, by size."""
    names = ("latency_ms", "read_units")
    sizes = {
        number: {name: {kind: one["median"] for kind, one in each[name].items()} for name in names}
        for number, each in found["sizes"].items()
    }
    return sizes | {number: each for number, each in found["counted"].items() if number not in sizes}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--more", action="store_true", help="100,000 factories, too: a quarter of an hour")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--json", action="store_true", help="all that was measured, for programs")
    chosen = parser.parse_args()
    found = measured([*sorted(chosen.sizes), *(MORE if chosen.more else ())])
    if chosen.json:
        print(json.dumps(found))
        return
    for name in ("items_per_factory", "bytes_per_factory", "largest_lists_bytes_per_factory"):
        print(name, found[name])
    for number, each in figures(found).items():
        print(f"{int(number):>9,}", json.dumps(each))


if __name__ == "__main__":
    main()
