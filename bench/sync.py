"""The audit sync against a bare loop that writes the same transactions to the same engine.

``python -m bench.sync`` measures it alone, on an engine of its own; ``--rounds 2`` is quick. As deployed, each new site
is signed twice by KMS; then the bare loop asks KMS for as many signatures before it writes. Without a signing key,
which no deployed registry is, both only write.
"""

from __future__ import annotations

import argparse
import base64
import copy
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import product
from threading import Barrier
from typing import Any, NamedTuple

from botocore.config import Config
from tqdm import tqdm

from bench.stats import in_turn, plain, spread
from bench.traffic import Kept, Traffic, watched
from bench.world import World, signing
from infra import tables
from infra.engine import Engine

ITEMS = 300
ROUNDS = 5
WORKERS = 8
SIGNED, UNSIGNED = "", "unsigned_"
ONE_WORKER = "_one_worker"
Transaction = list[dict[str, Any]]


class Took(NamedTuple):
    """Seconds by the clock, and of this process's processor time."""

    seconds: float
    cpu: float


class Turn(NamedTuple):
    """What is measured at once: signed or not, by so many workers, by the bare loop or by us."""

    mode: str
    workers: int
    bare: bool

    @property
    def end(self) -> str:
        """How its figures' names end."""
        return ONE_WORKER if self.workers == 1 else ""


TURNS = [Turn(*each) for each in product((SIGNED, UNSIGNED), (WORKERS, 1), (False, True))]


class Work(NamedTuple):
    """What the bare loop does for sites that were sent as one: signatures to ask for, what to write."""

    signatures: list[dict[str, Any]]
    transaction: Transaction


def sync(world: World, rounds: int = ROUNDS) -> dict[str, Any]:
    """Items a second, of new factories with one audit each, and the processor time that this process took for them.

    The bare loop is given the very bytes that the sync sent, for keys of its own, and has nothing to read or decide. In
    each round all take their turns in another order, so the bare loop writes what an earlier turn of the sync sent.
    """
    found: dict[str, list[float]] = {}
    sent: dict[tuple[str, int], Traffic] = {}
    for turn in TURNS:
        if not turn.bare:
            sent[turn[:2]] = _ours(world, f"before-{turn.mode}{turn.workers}", turn)[1]
    with tqdm(total=rounds * len(TURNS), desc="audit sync", unit="") as bar:
        for number in range(rounds):
            for turn in in_turn(TURNS, number):
                if turn.bare:
                    took = _bare(world, _renamed(sent[turn[:2]], f"{number}"), turn.workers)
                else:
                    label = f"{number}-{turn.mode}{turn.workers}"
                    took, sent[turn[:2]] = _ours(world, label, turn)
                    _note(found, _costs(turn.mode, sent[turn[:2]], world))
                    if turn.mode == SIGNED and turn.workers == 1:
                        _note(found, _night(world, label, turn))
                whose = f"{turn.mode}{'bare_' if turn.bare else ''}"
                _note(found, {f"{whose}items_per_second{turn.end}": ITEMS / took.seconds})
                _note(found, {f"{whose}cpu_ms_per_item{turn.end}": 1000 * took.cpu / ITEMS})
                bar.update()
    for mode, end in product((SIGNED, UNSIGNED), ("", ONE_WORKER)):
        ours, bare = (found[f"{mode}{whose}items_per_second{end}"] for whose in ("", "bare_"))
        found[f"{mode}percent_of_bare{end}"] = [100 * one / other for one, other in zip(ours, bare, strict=True)]
    return {name: plain(spread(samples, 2)) for name, samples in found.items()} | {"workers": WORKERS}


def _note(found: dict[str, list[float]], told: dict[str, float]) -> None:
    for name, value in told.items():
        found.setdefault(name, []).append(value)


def _costs(mode: str, traffic: Traffic, world: World) -> dict[str, float]:
    """What DynamoDB and KMS bill for an item: units, signatures, and what each table keeps of it."""
    told = {"write_units": traffic.write_units / ITEMS}
    if mode == SIGNED:
        told["signatures"] = traffic.signatures / ITEMS
        kept = traffic.kept()
        for name, table in (("registry", world.engine.registry_table), ("public", world.engine.public_table)):
            held = kept.get(table, Kept())
            told |= {f"{name}_items": held.items / ITEMS, f"{name}_bytes": held.billed / ITEMS}
    return {f"{mode}{name}_per_item": value for name, value in told.items()}


def _timed(work: Callable[[], Any]) -> tuple[Took, Any]:
    began, busy = time.perf_counter(), time.process_time()
    came = work()
    return Took(time.perf_counter() - began, time.process_time() - busy), came


def _ours(world: World, label: str, turn: Turn) -> tuple[Took, Traffic]:
    """How long a batch of new sites took, and what was sent meanwhile."""
    with _mode(world, turn.mode):
        return _applied(label, turn.workers, "created")


@contextmanager
def _mode(world: World, mode: str) -> Iterator[None]:
    """With the key that signs, or without."""
    os.environ["SIGNING_KEY"] = world.keys["SIGNING_KEY"] if mode == SIGNED else ""
    try:
        yield
    finally:
        os.environ["SIGNING_KEY"] = world.keys["SIGNING_KEY"]


def _night(world: World, label: str, turn: Turn) -> dict[str, float]:
    """The same batch under another key: what a row costs that says nothing new, as most of a night's rows do."""
    with _mode(world, turn.mode):
        took, traffic = _applied(label, turn.workers, "unchanged")
    return {
        "unchanged_cpu_ms_per_item": 1000 * took.cpu / ITEMS,
        "unchanged_read_units_per_item": traffic.read_units / ITEMS,
        "unchanged_write_units_per_item": traffic.write_units / ITEMS,
    }


def _applied(label: str, workers: int, outcome: str) -> tuple[Took, Traffic]:
    """How long a batch of sites took, each with that outcome, and what was sent meanwhile."""
    from chalicelib.domain.audit import Audit, SyncItem
    from chalicelib.store.registry import audits, replies
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
    request = replies.Request("ics", f"bench-{label}-{os.urandom(4).hex()}", "0" * 64)
    with watched() as traffic:
        took, results = _timed(lambda: audits.apply(rows, request, Actor("ics", "ics", "bench"), workers))
    if [result.outcome.value for result in results] != [outcome] * ITEMS:
        raise RuntimeError(f"not all were {outcome}: {results[:3]}")
    return took, traffic


def _renamed(traffic: Traffic, mark: str) -> list[Work]:
    """What the sync sent, for partitions that are not taken, with its signatures shared out evenly."""
    requests = traffic.requests
    sent = [copy.deepcopy(asked["TransactItems"]) for name, asked, _ in requests if name == "TransactWriteItems"]
    wanted = [asked | {"Message": base64.b64decode(asked["Message"])} for name, asked, _ in requests if name == "Sign"]
    for transaction in sent:
        for action in transaction:
            for about in action.values():
                key = about.get("Item") or about["Key"]
                key["pk"]["S"] = f"B{mark}#" + key["pk"]["S"]
    each = -(-len(wanted) // len(sent))
    return [Work(wanted[place * each : (place + 1) * each], transaction) for place, transaction in enumerate(sent)]


def _bare(world: World, works: list[Work], workers: int) -> Took:
    """How long a loop over boto3's clients takes for them."""
    config = Config(max_pool_connections=WORKERS, retries={"total_max_attempts": 1})
    table, kms = (world.engine.client(name, config=config) for name in ("dynamodb", "kms"))
    name = world.engine.prefix + tables.REGISTRY_SUFFIX
    _connected(lambda: table.describe_table(TableName=name), workers)
    if works[0].signatures:
        _connected(lambda: kms.describe_key(KeyId=world.keys["SIGNING_KEY"]), workers)

    def write(each: Work) -> None:
        for asked in each.signatures:
            kms.sign(**asked)
        table.transact_write_items(TransactItems=each.transaction)

    def loop() -> None:
        if workers == 1:
            for each in works:
                write(each)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(write, works))

    return _timed(loop)[0]


def _connected(ask: Callable[[], Any], workers: int) -> None:
    """Ask from so many threads at once, so that as many connections are open before the clock starts, as ours are."""
    together = Barrier(workers)

    def one(_: int) -> None:
        together.wait()
        ask()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(workers)))


def figures(found: dict[str, Any]) -> dict[str, float]:
    """The medians, by name."""
    return {name: each["median"] for name, each in found.items() if isinstance(each, dict)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with Engine() as engine:
        world = World(engine, keys=signing(engine))
        os.environ.update(world.environment(SURFACE="all", CSRF_SECRET=os.urandom(16).hex()))
        found = sync(world, rounds)
    print(json.dumps(found, indent=1))
    for mode, end in product((SIGNED, UNSIGNED), ("", ONE_WORKER)):
        ours, bare, share = (
            found[f"{mode}{name}{end}"]["median"]
            for name in ("items_per_second", "bare_items_per_second", "percent_of_bare")
        )
        label = f"{mode.strip('_') or 'signed'}, {'one worker' if end else f'{WORKERS} workers'}"
        print(f"{label}: {ours:,.0f} of {bare:,.0f} items a second, {share:.0f} %")


if __name__ == "__main__":
    main()
