"""What a look-up costs as the registry grows: ``python -m bench.scale``, at 1,000 and 10,000 factories.

Each size has a local engine of its own, filled with what publishing so many factories writes, and all are asked in
turn through the public function: what disturbs one disturbs all. Units are DynamoDB's arithmetic over what came. Times
are mostly the local engine's, which is no DynamoDB: they show whether a look-up grows with the registry, not how long
it takes there. ``--more``: with 100,000, too. Beyond, the arithmetic is from counted items.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from bench.filled import Registry, filled
from bench.stats import in_turn, plain, spread
from bench.traffic import READ_UNIT, watched
from bench.world import World
from infra.engine import Engine
from infra.package import PROJECT
from tests import events

SIZES = (1_000, 10_000)
MORE = (100_000,)
COUNTED = (100_000, 1_000_000)
ASKED = 25  # look-ups of each kind at each size
KINDS = ("factory", "certificate", "search", "directory")
_UNCOUNTED = 3


def scale(*, more: bool = False, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """The same in a process of its own: this one may be connected to another table."""
    command = [sys.executable, "-m", "bench.scale", "--json", *(["--more"] if more else [])]
    command += ["--sizes", *map(str, sizes)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(sizes: Sequence[int]) -> dict[str, Any]:
    """Fill an engine for each size, and look up in all of them."""
    found: dict[str, Any] = {"sizes": {}}
    with ExitStack() as stack:
        engines = {number: stack.enter_context(Engine()) for number in sizes}
        first = World(next(iter(engines.values())), keys={"SIGNING_KEY": "nobody's"})
        os.environ.update(first.environment(SURFACE="public", INDEX_PAGES="0"))
        registries, seconds = {}, {}
        for number, engine in engines.items():
            began = time.monotonic()
            registries[number] = filled(engine, number)
            seconds[number] = round(time.monotonic() - began, 1)
        looked_up = _looked_up(engines, registries)
    for number, registry in registries.items():
        found["sizes"][str(number)] = {
            "items": registry.items,
            "filled_in_seconds": seconds[number],
            **looked_up[number],
        }
    largest = registries[max(sizes)]
    factories = len(largest.factories)
    found |= {
        "items_per_factory": round(largest.items / factories, 1),
        "bytes_per_factory": round(largest.bytes / factories),
        "signed_bytes_per_factory": round(largest.signed / factories),
        "largest_lists_bytes_per_factory": {
            name: round(weight / factories, 1) for name, weight in largest.lists.most_common(3)
        },
    }
    return found | {"counted": {str(number): counted(found, number) for number in COUNTED}}


def counted(found: dict[str, Any], factories: int) -> dict[str, Any]:
    """From what a factory has to what so many have, and what a look-up then reads at the most."""
    card = max(found["largest_lists_bytes_per_factory"].values())
    largest = found["sizes"][max(found["sizes"], key=int)]["read_units"]
    return {
        "items": round(found["items_per_factory"] * factories),
        "gigabytes": round(found["bytes_per_factory"] * factories / 1e9, 2),
        "largest_list_gigabytes": round(card * factories / 1e9, 2),
        "read_units": {kind: largest[kind]["median"] for kind in ("factory", "certificate")}
        | {"search": _most_of_a_search(card)[0], "directory": _page_of_the_directory(card)[0]},
        "formulas": dict.fromkeys(("factory", "certificate"), "one item, as measured")
        | {"search": _most_of_a_search(card)[1], "directory": _page_of_the_directory(card)[1]},
    }


def _most_of_a_search(card: float) -> tuple[float, str]:
    """The most that a search for a name as it is written may read: see ``public/search.py``."""
    from chalicelib.public import search

    tried = search.MOST_PROBED * search._PROBE
    steps = math.ceil((search.MOST_READ - search._PROBE) / search._STEP)
    queries = search.MOST_PROBED + steps
    units = math.ceil((tried + steps * search._STEP) * card / READ_UNIT) + queries
    beginnings, rest = f"{search.MOST_PROBED} × {search._PROBE}", f"{steps} × {search._STEP}"
    return (
        units,
        f"at most: ({beginnings} + {rest}) cards × {card:g} B / {READ_UNIT} B, and {queries} queries rounded up",
    )


def _page_of_the_directory(card: float) -> tuple[float, str]:
    from chalicelib.public import search

    cards = search.PAGE + 1
    return (
        math.ceil(cards * card / READ_UNIT) + 1,
        f"{cards} cards × {card:g} B / {READ_UNIT} B, rounded up, and 1 for the choices",
    )


def _looked_up(engines: dict[int, Engine], registries: dict[int, Registry]) -> dict[int, dict[str, Any]]:
    """Times and units by size and by what is looked up; kinds and sizes in turn."""
    from app import app  # after the environment that it reads
    from chalicelib import settings
    from chalicelib.store import public_table

    chosen = settings.load()
    wires = {n: public_table.wire_to(replace(chosen, dynamodb_endpoint=each.url)) for n, each in engines.items()}
    names = ("latency_ms", "cpu_ms", "read_units", "requests")
    samples: dict[int, dict[str, dict[str, list[float]]]] = {
        number: {name: {kind: [] for kind in KINDS} for name in names} for number in engines
    }
    pick = random.Random(5)
    for turn in range(ASKED + _UNCOUNTED):
        asked = {number: _events(registries[number], pick) for number in engines}
        for kind in KINDS:
            for number in in_turn(list(engines), turn):
                public_table._wire = wires[number]
                with watched() as traffic:
                    began, busy = time.perf_counter(), time.process_time()
                    answer = app(asked[number][kind], None)
                    took = time.perf_counter() - began, time.process_time() - busy
                if answer["statusCode"] != 200:
                    raise RuntimeError(f"{kind} answered {answer['statusCode']}")
                if turn >= _UNCOUNTED:  # the first ones load what is loaded once
                    came = (1000 * took[0], 1000 * took[1], traffic.read_units, len(traffic.requests))
                    for name, value in zip(names, came, strict=True):
                        samples[number][name][kind].append(value)
    for wire in wires.values():
        wire.close()
    return {
        number: {name: {kind: plain(spread(all_, 2)) for kind, all_ in by.items()} for name, by in each.items()}
        for number, each in samples.items()
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
    """The medians, by size; beyond the sizes that were measured, what was counted."""
    names = ("latency_ms", "cpu_ms", "read_units")
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
