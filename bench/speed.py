"""Cold start and warm requests, each contender in turn, again and again: so all have the same weather."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench import parts
from bench.contenders import FLOOR_OF_A_PAGE, Contender
from bench.stats import plain, spread
from infra.package import PROJECT

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


def breakdown(page: Contender, warm: dict[str, Any], rounds: int = WARM_ROUNDS) -> dict[str, Any]:
    """Where a warm factory page's time goes, in µs of CPU: rows that add up to what ``warm`` says of it.

    ``page``: the packaged function; ``warm``: what was measured of it, and of the floor of a page's size. What no part
    explains are the last three rows: code that was not taken apart, and what the same code takes longer for when the
    caches hold something else, which they do after each wait.
    """
    factory = page.event["pathParameters"]["factory_id"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.parts", str(page.folder), factory, str(rounds)],
        cwd=PROJECT,
        env={"PATH": os.environ.get("PATH", ""), **page.environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = {name: spread(samples, 0) for name, samples in json.loads(done.stdout).items()}
    whole, kept = (found.pop(name).median for name in (parts.EVERYTHING, parts.KEPT))
    reading = found[parts.READING].median
    client, all_of_it = (warm[name]["cpu_us"]["median"] for name in (FLOOR_OF_A_PAGE, page.name))
    rest = {
        "the rest of our code": kept - (sum(each.median for each in found.values()) - reading),
        "the same code after the wait for the record": whole - kept - reading,
        "the same code after the wait for a request": all_of_it - client - whole,
    }
    said = {"Lambda's client, an answer of that size": warm[FLOOR_OF_A_PAGE]["cpu_us"]}
    said |= {name: plain(each) for name, each in found.items()}
    return said | {name: plain(spread([number], 0)) for name, number in rest.items()}
