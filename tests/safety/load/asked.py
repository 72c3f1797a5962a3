"""A small world of factories and certificates of known standing, what is asked about it, and what the answer said."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.safety.load.client import Ask, Shot
from tests.world import World

FACTORIES = 12
FIXED = {"valid": "", "suspended": "suspended", "withdrawn": "withdrawn", "expired": "", "not_yet_valid": ""}
TERMS = {"expired": ("2020-01-01", "2021-12-31"), "not_yet_valid": ("2090-01-01", "2091-12-31")}
MOVING = 12
"""Certificates that are suspended, withdrawn and reinstated while others look."""
_PANEL = re.compile(rb'<section class="panel ([a-z_]+)"')


@dataclass
class Standings:
    """What was said of each certificate: when a change was sent, when it was confirmed, and the status from then on."""

    changes: dict[str, list[tuple[float, float, str]]] = field(default_factory=dict)

    def possible(self, code: str, sent: float, ended: float) -> set[str]:
        """What a check from ``sent`` to ``ended`` may say: nothing that was over before, nothing that came after."""
        known = self.changes[code]
        current = max(number for number, (_, done, _) in enumerate(known) if done <= sent)
        return {status for began, _, status in known[current:] if began <= ended}


@dataclass(frozen=True)
class Known:
    """The world's names, of each factory its certificates. ``moving``: the certificates whose standing changes."""

    factories: dict[str, tuple[str, ...]]
    standings: Standings
    moving: list[str]

    def asks(self, seed: int = 8) -> list[Ask]:
        """A mix as buyers bring it, certificates above all, in an order by chance that is the same each time."""
        rng = random.Random(seed)
        codes = list(self.standings.changes)
        html, spoken = {"Accept": "text/html"}, ("en", "bn", "ar", "zh", "tr")
        made = [Ask("GET", f"/v1/certificates/{code}", 200, "document", codes=(code,)) for code in codes * 8]
        made += [
            Ask("GET", f"/c/{code}", 200, "page", {**html, "Accept-Language": rng.choice(spoken)}, codes=(code,))
            for code in codes * 3
        ]
        for _ in range(len(codes) * 2):
            picked = tuple(rng.sample(codes, 5))
            made.append(
                Ask(
                    "POST",
                    "/v1/verify",
                    200,
                    "batch",
                    {"Content-Type": "application/json"},
                    json.dumps({"numbers": picked}),
                    picked,
                )
            )
        made += [
            Ask("GET", f"/f/{each}", 200, "", {**html, "Accept-Language": rng.choice(spoken)})
            for each in [*self.factories] * 2
        ]
        made += [
            Ask("GET", f"/v1/factories/{each}", 200, "factory", codes=held) for each, held in self.factories.items()
        ]
        made += [Ask("GET", f"/qr/f/{each}.svg", 200) for each in self.factories]
        made += [Ask("GET", path, status) for path, status in OTHERS] * 3
        rng.shuffle(made)
        return made


OTHERS = (
    ("/", 200),
    ("/factories?q=mill", 200),
    ("/f/BDFK6SY9541N", 404),
    ("/v1/certificates/C4J7K2M9QXD", 400),
    ("/c/%00", 400),
    ("/no/such/page", 404),
)


def known(world: World) -> Known:
    """Make the world, through the internal API."""
    factories = [world.a_factory(f"L-{number}", audit_reference=f"L-{number}") for number in range(FACTORIES)]
    standings, moving = Standings(), list[str]()
    for number, (status, standing) in enumerate(list(FIXED.items()) * 2 + [("valid", "")] * MOVING):
        first, last = TERMS.get(status, ("2026-01-01", "2099-12-31"))
        code = world.a_certificate(factories[number % FACTORIES], number=f"L-{number}", valid_from=first, valid_to=last)
        if standing:
            body = {"standing": standing, "reason": "Seen at a visit"}
            world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).ok()
        standings.changes[code] = [(float("-inf"), float("-inf"), status)]
        if number >= len(FIXED) * 2:
            moving.append(code)
    codes = list(standings.changes)
    return Known({each: tuple(codes[turn::FACTORIES]) for turn, each in enumerate(factories)}, standings, moving)


def said(ask: Ask, status: int, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
    """What an answer says of each certificate that was asked for; of a 503, whether it says when to come again."""
    if status == 503:
        claims = _PANEL.search(body) is not None or re.search(rb'"status":\s*"', body) is not None
        return ("later",) if int(headers.get("retry-after", "0")) > 0 and not claims else ("no word of when",)
    if status != 200 or not ask.reads:
        return ()
    if ask.reads == "page":
        found = _PANEL.search(body)
        return (found[1].decode() if found else "nothing",)
    told = json.loads(body)
    if ask.reads == "factory":
        held = {each["code"]: each["status"] for each in told["certificates"]}
        return tuple(held.get(code, "missing") for code in ask.codes)
    return (told["status"],) if ask.reads == "document" else tuple(row["status"] for row in told["results"])


def right(ask: Ask, shot: Shot, standings: Standings) -> bool:
    """Whether an answer is the right one, or a 503 that says when to come again."""
    if shot.status == 503:
        return shot.said == ("later",)
    if shot.status != ask.expects:
        return False
    free = {"unavailable"} if ask.reads == "batch" else set[str]()
    pairs = zip(ask.codes, shot.said, strict=True)
    return all(status in standings.possible(code, shot.sent, shot.ended) | free for code, status in pairs)
