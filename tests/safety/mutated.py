"""So many mutated requests, one after the other, to the same world."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chalice.local import RouteMatcher

import app
from chalicelib import journal
from tests.safety import judging, mutations, real
from tests.safety.real import Request
from tests.safety.stage import stage

SEED = 8_1


@dataclass
class Outcome:
    """How many were sent, by status, and what was wrong with which."""

    statuses: Counter[int] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many were sent."""
        return self.statuses.total()


_routes = RouteMatcher(list(app.app.routes))


def _where(sent: Request) -> Request:
    """The request with the route that its address, bent as it is, belongs to now."""
    try:
        return replace(sent, route=_routes.match_route(sent.path).route)
    except ValueError:
        return sent


def run(many: int, seed: int = SEED, tell: Callable[[int], None] = lambda _: None) -> Outcome:
    """Send ``many`` mutations, the requests of every route in turn."""
    done, draw = Outcome(), random.Random(seed)
    noted: list[str] = []

    def note(line: str) -> None:
        if json.loads(line)["event"] == "unforeseen":
            noted.append(line.strip())

    written, journal.write = journal.write, note
    try:
        with stage() as held:
            requests = real.all_of(held)
            held.put_back()
            for number in range(many):
                sent = _where(mutations.mutated(draw, requests[number % len(requests)], held))
                headers = {"Content-Type": sent.media, **held.callers[sent.caller], **sent.headers}
                answer = held.ask(sent.method, sent.address, {n: v for n, v in headers.items() if v}, sent.content)
                done.statuses[answer.status_code] += 1
                done.routes[f"{sent.method} {sent.route}"] += not judging.by_the_gateway(answer)
                wrong = [*judging.faults(held, sent, answer), *(f"log: {line}" for line in noted)]
                done.lost += [f"{number}: {sent.caller} {sent.method} {sent.address[:200]}: {'; '.join(wrong)}"] * bool(
                    wrong
                )
                noted.clear()
                if held.wrote:
                    held.put_back()
                tell(number + 1)
    finally:
        journal.write = written
    return done
