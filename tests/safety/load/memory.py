"""What a process of the function holds after very many requests of all kinds: no more than after the first few."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import guard, guarded
from chalicelib.web import language
from tests.safety.load import serving
from tests.safety.load.upstream import upstream

GROWTH = "Memory no greater after many requests than after the first of them (2 MB at most)"
MOST_GROWTH = 2_000_000
"""Bytes that a process may hold more at the end than after it was warm, however many requests are between."""
FAULTS = 0.01
WARM = 0.25
"""The share of the requests after which it is warm: 20,000 at the most, and no fewer than all kinds once."""
MALFORMED = (
    "/f/BD0000000000",
    "/c/nothing-like-it",
    "/01/09521234543214",
    "/01/%00",
    "/414/%ff",
    "/v1/certificates/C4J7K2M9QXD",
    "/v1/factories/",
    "/qr/f/../../etc.svg",
    "/no/such/page",
    "/factories?q=%E2%80%8B&country=XX&from=nowhere",
    "/find?q=" + "x" * 2_000,
    "/c/%0d%0aSet-Cookie:a=b",
)
FORGIVEN = ("/factories?q=%E2%80%8B&country=XX&from=nowhere",)
"""Malformed, and answered all the same: a search leaves out what it does not understand."""
Request = tuple[str, str, dict[str, str], str, bool]
"""Method, target, headers, body, and whether there is an answer to it: else it is to be refused."""
State = dict[str, Any]


def requests(names: dict[str, str]) -> list[Request]:
    """All kinds of pages and documents in all languages, and what is malformed or not there, all between each other."""
    made: list[Request] = []
    for turn, spoken in enumerate(language.LANGUAGES):
        headers = {
            "accept": "text/html",
            "accept-language": spoken,
            **({"accept-encoding": "gzip"} if turn % 2 else {}),
        }
        for method, path, more in guarded.ASKED.values():
            for name, value in names.items():
                path, more = path.replace(f"{{{name}}}", value), more.replace(f"{{{name}}}", value)  # noqa: PLW2901
            if method == "GET":
                made.append((method, f"{path}?{more}" if more else path, headers, "", True))
            else:
                made.append((method, path, {**headers, "content-type": "application/json"}, more, True))
        made += [("GET", path, headers, "", path in FORGIVEN) for path in MALFORMED]
        made.append(("POST", "/v1/verify", {**headers, "content-type": "application/json"}, '{"numbers":[', False))
        made.append(("HEAD", "/f/" + names["factory_id"], headers, "", True))
        made.append(("DELETE", "/c/" + names["code"], headers, "", False))
    return made


@dataclass(frozen=True, slots=True)
class Held:
    """What a process held, from when it was warm; ``lost``: the connections to the database that broke under it."""

    states: list[State]
    lost: int

    @property
    def growth(self) -> int:
        """Bytes that were added from the first third of the samples to the last, by their medians."""
        memory = [int(each["memory"]) for each in self.states]
        third = max(1, len(memory) // 3)
        return round(statistics.median(memory[-third:]) - statistics.median(memory[:third]))

    @property
    def slope(self) -> float:
        """Bytes for each request: least squares over the samples."""
        asked = [each["answered"] for each in self.states]
        return statistics.linear_regression(asked, [each["memory"] for each in self.states]).slope

    @property
    def statuses(self) -> Counter[int]:
        """How often each was answered."""
        return Counter({int(status): number for status, number in self.states[-1]["statuses"].items()})

    def rows(self) -> list[tuple[str, int, int]]:
        """The statements: tried, held."""
        last, first = self.states[-1], self.states[0]
        number = last["answered"]
        wrong = sum(last["unlike"].values())
        opened = last["connections"] <= 1 + self.lost
        steady = [each for each in self.states if each["files"] <= first["files"] + 1]
        alone = [each for each in self.states if each["threads"] == 1]
        return [
            (
                "Requests of all kinds and languages are answered, malformed ones refused, or it is a 503",
                number,
                number - wrong,
            ),
            (GROWTH, 1, int(self.growth <= MOST_GROWTH)),
            ("Open files are as many as at first, at each look", len(self.states), len(steady)),
            ("No thread is left behind, at each look", len(self.states), len(alone)),
            ("A connection to the database is opened only for one that was lost", 1, int(opened)),
        ]


@cache
def _world() -> dict[str, Any]:
    return guard.world()


def watched(task: Path, folder: Path, number: int, *, leak: bool = False, tell: Callable[[int], object] = int) -> Held:
    """Let a process of the function answer so many requests, behind a database that fails now and then."""
    world = _world()
    file = folder / "requests.json"
    made = requests(world["names"])
    file.write_text(json.dumps(made), "utf-8")
    warm = max(len(made), min(20_000, int(number * WARM)))
    every = max(50, (number - warm) // 60)
    states: list[State] = []
    with upstream(world["items"], FAULTS) as database:
        told = serving.environment(database.url, "factory-id-public", task)
        more = ["leak"] if leak else []
        with serving.worker(told, ["repeat", str(file), str(number), str(every), *more]) as process:
            for line in process.stdout or ():
                states.append(json.loads(line))
                tell(states[-1]["answered"])
            ended = process.wait()
        lost = database.fired["hung up"] + database.fired["cut short"]
    if ended or not states:
        raise RuntimeError("The function ended before its time.")
    return Held([each for each in states if each["answered"] >= warm], lost)
