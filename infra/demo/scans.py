"""Scans of the demo world: ninety days of them, as the log would have told them, and those of whoever tries it out."""

from __future__ import annotations

import json
import queue
import random
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

DAYS = 90
MOST_WAITING = 1000
_WEEK = (1.0, 0.9, 0.9, 1.0, 1.2, 1.6, 1.4)
_COUNTRIES = ("DE", "DE", "FR", "NL", "GB", "ES", "US", "unknown")


def count(weeks: Iterable[list[dict[str, Any]]]) -> None:
    """Count batches of lines, as the function does that the log calls."""
    from chalicelib.internal import scans

    for lines in weeks:
        scans.count(lines)


def weeks(
    told: Mapping[str, Any], factories: Mapping[str, str], certificates: Mapping[str, str], today: date
) -> list[list[dict[str, Any]]]:
    """Lines of ninety days, a week a batch. ``factories`` by ICS site, ``certificates`` by number."""
    chance = random.Random("scans")  # nosec B311: the same demo each time
    things = [({"scan": "f", "code": factories[row["site"]]}, row) for row in told["factories"]]
    things += [({"scan": "c", "code": certificates[row["number"]]}, row) for row in told["certificates"]]
    things += [({"scan": "p", "code": row["gtin"]}, row) for row in told["products"]]
    batches: list[list[dict[str, Any]]] = [[] for _ in range(DAYS // 7 + 1)]
    for back in range(DAYS):
        day = today - timedelta(days=back)
        for thing, row in things:
            for number in range(round(row["daily"] * _WEEK[day.weekday()] * chance.uniform(0.5, 1.3))):
                serial = {"serial": chance.choice(row["serials"])} if row.get("serials") and number % 3 == 0 else {}
                batches[back // 7].append(_line(day, {**thing, **serial}, chance, bot=chance.random() < 0.2))
    for row in told["copied"]:
        thing = {"scan": "p", "code": row["gtin"], "serial": row["serial"]}
        for back in row["days_ago"]:
            day = today - timedelta(days=back)
            batches[back // 7] += [_line(day, thing, chance, bot=False) for _ in range(row["scans"])]
    return list(reversed(batches))


def _line(day: date, thing: dict[str, str], chance: random.Random, *, bot: bool) -> dict[str, Any]:
    at = datetime.combine(day, clock_time(), UTC)
    place = f"{chance.randrange(65536):04x}"
    said = {**thing, "place": place, "country": chance.choice(_COUNTRIES), "bot": bot}
    return {"id": f"{chance.getrandbits(64):x}", "timestamp": int(at.timestamp() * 1000), "message": json.dumps(said)}


class Feed:
    """What the log and its subscription do where the service is deployed: lines of the site reach the counter.

    Whoever scans does not wait: a line goes into a queue, and is lost if that is full.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Take the site's lines from now on."""
        from chalicelib.public import scans

        scans.log_line = self._take
        self._thread.start()

    def _take(self, line: str) -> None:
        at = time.time_ns()
        self._lines.put_nowait({"id": str(at), "timestamp": at // 1_000_000, "message": line})

    def _run(self) -> None:
        from chalicelib.domain.errors import Unavailable

        while True:
            batch = [self._lines.get()]
            while not self._lines.empty():
                batch.append(self._lines.get())
            try:
                count([batch])
            except Unavailable:
                continue  # the engine is stopping
