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
from bench.stats import in_turn, plain, spread
from infra.package import PROJECT

COLD_ROUNDS = 15
WARM_ROUNDS = 30
WARM_REQUESTS = 40  # a round
WARMING = 60
NOT_EXPLAINED = "not explained"
COLD_ONLY = ("_as_packaged", "_as_installed")


def cold(contenders: Sequence[Contender], scratch: Path, rounds: int = COLD_ROUNDS) -> dict[str, Any]:
    """From the start of the process to its first answer, in ms of CPU and of the clock on the wall, by contender."""
    cpu: dict[str, list[float]] = {each.name: [] for each in contenders}
    wall: dict[str, list[float]] = {each.name: [] for each in contenders}
    for contender in contenders:
        _start_once(contender, scratch)  # files into the page cache
    with tqdm(total=rounds * len(contenders), desc="cold starts", unit="") as bar:
        for turn in range(rounds):
            for contender in in_turn(contenders, turn):
                seconds, elapsed = _start_once(contender, scratch)
                cpu[contender.name].append(seconds * 1e3)
                wall[contender.name].append(elapsed * 1e3)
                bar.update()
    return {name: {"cpu_ms": plain(spread(cpu[name])), "wall_ms": plain(spread(wall[name]))} for name in cpu}


def warm(contenders: Sequence[Contender], scratch: Path, rounds: int = WARM_ROUNDS) -> dict[str, Any]:
    """One request of many, in µs of CPU and of the clock on the wall, by contender; a sample is the mean of a round."""
    fit = [each for each in contenders if not each.name.endswith(COLD_ONLY)]
    cpu: dict[str, list[float]] = {each.name: [] for each in fit}
    wall: dict[str, list[float]] = {each.name: [] for each in fit}
    with ExitStack() as stack, tqdm(total=rounds * len(fit), desc="warm requests", unit="") as bar:
        running = [(each, stack.enter_context(each.process(scratch))) for each in fit]
        for contender, process in running:
            for _ in range(WARMING):
                contender.ask(process)
        for turn in range(rounds):
            for contender, process in in_turn(running, turn):
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

    ``page``: the packaged function; ``warm``: what was measured of it, and of the floor of a page's size. The last
    three rows are what no part explains: differences of medians, some of other runs, so they have no quartiles, are no
    causes, and may be below nothing. Parts are measured hot; in its place the same code finds the caches full of other
    things.
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
        "the page, its record at hand, less its parts": kept - (sum(each.median for each in found.values()) - reading),
        "the page with its reading, less both": whole - kept - reading,
        "a request, less that page and the client": all_of_it - client - whole,
    }
    said = {"Lambda's client, an answer of that size": warm[FLOOR_OF_A_PAGE]["cpu_us"]}
    said |= {name: plain(each) for name, each in found.items()}
    return said | {f"{NOT_EXPLAINED}: {name}": _difference(number) for name, number in rest.items()}


def _difference(number: float) -> dict[str, Any]:
    return {"median": round(number), "lower": None, "upper": None, "number": 0}
