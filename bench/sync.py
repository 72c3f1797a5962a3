"""The audit sync against a bare loop that writes the same transactions to the same engine.

``python -m bench.sync`` measures it alone, on an engine of its own; ``--rounds 2`` is quick.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

from botocore.config import Config
from tqdm import tqdm

from bench.stats import plain, spread
from bench.traffic import Traffic, all_write_units, operation, watched
from bench.world import World
from infra import tables
from infra.engine import Engine

ITEMS = 300
ROUNDS = 5
WORKERS = 8
Transaction = list[dict[str, Any]]


class Took(NamedTuple):
    """Seconds by the clock, and of this process's processor time."""

    seconds: float
    cpu: float


def sync(world: World, rounds: int = ROUNDS) -> dict[str, Any]:
    """Items a second, of new factories with one audit each, with 8 workers and with one; write units an item.

    Items a second of our own processor's time, too: how fast the other processes of a machine are changes it less.

    The bare loop is given the very bytes that the sync sent, for keys of its own, and has nothing to read or decide.
    """
    found: dict[str, list[float]] = {}
    unit: list[float] = []
    stored: list[float] = []
    nights: dict[str, list[float]] = {}
    with tqdm(total=rounds * 4, desc="audit sync", unit="") as bar:
        for number in range(rounds):
            for workers in (WORKERS, 1):
                took, traffic = _ours(f"{number}-{workers}", workers)
                unit.append(traffic.write_units / ITEMS)
                stored.append(traffic.written_bytes / ITEMS)
                _noted(found, f"ours_{workers}", took)
                bar.update()
                _noted(found, f"bare_{workers}", _bare(world, _renamed(traffic), workers))
                if workers == 1:
                    for name, value in _night(f"{number}-{workers}").items():
                        nights.setdefault(name, []).append(value)
                bar.update()
    return {
        "items_per_second": plain(spread(found[f"ours_{WORKERS}"])),
        "bare_items_per_second": plain(spread(found[f"bare_{WORKERS}"])),
        "items_per_second_one_worker": plain(spread(found["ours_1"])),
        "bare_items_per_second_one_worker": plain(spread(found["bare_1"])),
        "items_per_cpu_second": plain(spread(found["ours_1_cpu"])),
        "bare_items_per_cpu_second": plain(spread(found["bare_1_cpu"])),
        "write_units_per_item": plain(spread(unit)),
        "bytes_per_item": plain(spread(stored, 0)),
        **{name: plain(spread(samples, 2)) for name, samples in nights.items()},
        "workers": WORKERS,
    }


def _noted(found: dict[str, list[float]], name: str, took: Took) -> None:
    found.setdefault(name, []).append(ITEMS / took.seconds)
    found.setdefault(f"{name}_cpu", []).append(ITEMS / took.cpu)


def _timed(work: Callable[[], Any]) -> tuple[Took, Any]:
    began, busy = time.perf_counter(), time.process_time()
    came = work()
    return Took(time.perf_counter() - began, time.process_time() - busy), came


def _ours(label: str, workers: int) -> tuple[Took, Traffic]:
    """How long a batch of new sites took, and what was sent meanwhile."""
    return _applied(label, workers, "created")


def _night(label: str) -> dict[str, float]:
    """The same batch under another key: what a row costs that says nothing new, as most of a night's rows do."""
    took, traffic = _applied(label, 1, "unchanged")
    written = sum(all_write_units(operation(target), asked) for target, asked, _ in traffic.raw)
    return {
        "unchanged_cpu_ms_per_item": 1000 * took.cpu / ITEMS,
        "unchanged_read_units_per_item": traffic.read_units / ITEMS,
        "unchanged_write_units_per_item": written / ITEMS,
    }


def _applied(label: str, workers: int, outcome: str) -> tuple[Took, Traffic]:
    """How long a batch of sites took, each with that outcome, and what was sent meanwhile."""
    from chalicelib.domain.audit import Audit, SyncItem
    from chalicelib.store.registry import audits
    from chalicelib.store.registry.history import Actor

    today = date.today().isoformat()
    rows = [
        SyncItem(
            index,
            f"BENCH-{label}-{index}",
            {"name": f"Bench {label} Knitwear {index} Ltd.", "country": "BD", "city": "Gazipur"},
            Audit(
                version=1,
                member_ids=("maison-lumiere",),
                reference=f"A-{label}-{index}",
                scope="social",
                type="initial",
                notice="unannounced",
                date=today,
            ),
        )
        for index in range(ITEMS)
    ]
    request = audits.Request("ics", f"bench-{label}-{os.urandom(4).hex()}", "0" * 64)
    with watched() as traffic:
        took, results = _timed(lambda: audits.apply(rows, request, Actor("ics", "ics", "bench"), workers))
    if [result.outcome.value for result in results] != [outcome] * ITEMS:
        raise RuntimeError(f"not all were {outcome}: {results[:3]}")
    return took, traffic


def _renamed(traffic: Traffic) -> list[Transaction]:
    """The transactions that the sync sent, for partitions that are not taken."""
    sent = [
        copy.deepcopy(asked["TransactItems"]) for name, asked, _ in traffic.requests if name == "TransactWriteItems"
    ]
    for transaction in sent:
        for action in transaction:
            for about in action.values():
                key = about.get("Item") or about["Key"]
                key["pk"]["S"] = "BARE#" + key["pk"]["S"]
    return sent


def _bare(world: World, transactions: list[Transaction], workers: int) -> Took:
    """How long a loop over boto3's client takes to write them."""
    config = Config(max_pool_connections=WORKERS, retries={"total_max_attempts": 1})
    client = world.engine.client("dynamodb", config=config)
    client.describe_table(TableName=world.engine.prefix + tables.REGISTRY_SUFFIX)  # connected before the clock starts
    write: Callable[[Transaction], Any] = lambda each: client.transact_write_items(TransactItems=each)  # noqa: E731

    def loop() -> None:
        if workers == 1:
            for each in transactions:
                write(each)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(write, transactions))

    return _timed(loop)[0]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with Engine() as engine:
        world = World(engine, "", "", "", "")
        os.environ.update(world.environment(SURFACE="all", CSRF_SECRET=os.urandom(16).hex()))
        _ours("warm", WORKERS)
        found = sync(world, rounds)
    print(json.dumps(found, indent=1))
    for label, suffix in (("8 workers", ""), ("one worker", "_one_worker")):
        ours, bare = (found[f"{name}items_per_second{suffix}"]["median"] for name in ("", "bare_"))
        print(f"{label}: {ours:,.0f} of {bare:,.0f} items a second, {ours / bare:.0%}")


if __name__ == "__main__":
    main()
