"""Cold start and warm requests, each contender in turn, again and again: so all have the same weather."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tqdm import tqdm

from bench.contenders import Contender
from bench.stats import plain, spread
from bench.world import World
from tests import events

COLD_ROUNDS = 15
WARM_ROUNDS = 30
WARM_REQUESTS = 40  # a round
WARMING = 60
WARM_ONLY_COMPILED = "_without_bytecode"


def cold(contenders: Sequence[Contender], scratch: Path, rounds: int = COLD_ROUNDS) -> dict[str, Any]:
    """From the start of the process to its first answer, in ms of CPU and of the clock on the wall, by contender."""
    cpu: dict[str, list[float]] = {each.name: [] for each in contenders}
    wall: dict[str, list[float]] = {each.name: [] for each in contenders}
    for contender in contenders:
        _start_once(contender, scratch)  # files into the page cache
    with tqdm(total=rounds * len(contenders), desc="cold starts", unit="") as bar:
        for _ in range(rounds):
            for contender in contenders:
                seconds, elapsed = _start_once(contender, scratch)
                cpu[contender.name].append(seconds * 1e3)
                wall[contender.name].append(elapsed * 1e3)
                bar.update()
    return {name: {"cpu_ms": plain(spread(cpu[name])), "wall_ms": plain(spread(wall[name]))} for name in cpu}


def warm(contenders: Sequence[Contender], scratch: Path, rounds: int = WARM_ROUNDS) -> dict[str, Any]:
    """One request of many, in µs of CPU and of the clock on the wall, by contender; a sample is the mean of a round."""
    fit = [each for each in contenders if not each.name.endswith(WARM_ONLY_COMPILED)]
    cpu: dict[str, list[float]] = {each.name: [] for each in fit}
    wall: dict[str, list[float]] = {each.name: [] for each in fit}
    with ExitStack() as stack, tqdm(total=rounds * len(fit), desc="warm requests", unit="") as bar:
        running = [(each, stack.enter_context(each.process(scratch))) for each in fit]
        for contender, process in running:
            for _ in range(WARMING):
                contender.ask(process)
        for _ in range(rounds):
            for contender, process in running:
                before, began = process.cpu_seconds, time.perf_counter()
                for _ in range(WARM_REQUESTS):
                    contender.ask(process)
                elapsed, after = time.perf_counter() - began, process.cpu_seconds
                cpu[contender.name].append((after - before) / WARM_REQUESTS * 1e6)
                wall[contender.name].append(elapsed / WARM_REQUESTS * 1e6)
                bar.update()
    return {name: {"cpu_us": plain(spread(cpu[name], 0)), "wall_us": plain(spread(wall[name], 0))} for name in cpu}


def _start_once(contender: Contender, scratch: Path) -> tuple[float, float]:
    with contender.process(scratch) as process:
        began = time.perf_counter()
        contender.ask(process)
        elapsed = time.perf_counter() - began
        return process.cpu_seconds, elapsed


def breakdown(world: World, rounds: int = WARM_ROUNDS) -> dict[str, Any]:
    """Where a warm factory page's time goes, in µs of CPU, in this process: each part repeated by itself, in turn.

    ``database client``: one read, from the call to the decoded item, signature and socket included.
    """
    parts = _parts(world)
    samples: dict[str, list[float]] = {name: [] for name in parts}
    for part in parts.values():
        for _ in range(WARMING):
            part()
    for _ in range(rounds):
        for name, part in parts.items():
            before = time.thread_time()
            for _ in range(WARM_REQUESTS):
                part()
            samples[name].append((time.thread_time() - before) / WARM_REQUESTS * 1e6)
    return {name: plain(spread(each, 0)) for name, each in samples.items()}


def _parts(world: World) -> dict[str, Callable[[], Any]]:
    from app import app  # after the environment that it reads
    from chalicelib.store import codec, public_keys, public_table
    from chalicelib.web import pages

    event = events.get("/f/{factory_id}", path={"factory_id": world.factory})
    with patch.object(pages, "render", wraps=pages.render) as watched:
        app(event, None)
    page = watched.call_args
    key = public_keys.factory_page(world.factory)
    raw = public_table.get(key)
    assert raw is not None
    body = public_table.body(raw)
    return {
        "everything": lambda: app(event, None),
        "database client": lambda: public_table.body(public_table.get(key) or {}),
        "types from JSON": lambda: codec.public_factory(body),
        "rendering": lambda: pages.render(*page.args, **page.kwargs),
        "dispatch and headers (a page of no content)": lambda: app(events.get("/healthz"), None),
    }
