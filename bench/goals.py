"""What was to be reached, what was, and where it is not: where the rest goes, and what was tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.contenders import FLOOR_OF_A_PAGE
from bench.speed import NOT_EXPLAINED

COLD, WARM_PAGE, WARM_CHECK, SHARE, SECONDS, MEGABYTES = 3.0, 350, 250, 80, 20, 300
_DECISIONS = "../docs/decisions/"


@dataclass(frozen=True, slots=True)
class Goal:
    """``rest``: where the rest goes. ``tried``: where it is told what was tried and decided, as a link."""

    name: str
    wanted: str
    measured: str
    met: bool
    rest: str
    tried: str


def goals(found: dict[str, Any]) -> list[Goal]:
    """All of them, from ``results.json``'s figures."""
    return [*_starts(found), *_requests(found), *_syncs(found), *_labels(found)]


def plain(each: Goal) -> dict[str, Any]:
    """For JSON."""
    return {"wanted": each.wanted, "measured": each.measured, "met": each.met}


def _starts(found: dict[str, Any]) -> list[Goal]:
    cold = found["cold_start_cpu_ms"]
    floor = cold["floor"]
    made = []
    for name, title in (("public_page", "a public page"), ("certificate_json", "a certificate as JSON")):
        times = cold[name] / floor
        told = f"{times:.1f} × ({cold[name]:g} of {floor:g} ms)"
        rest = "imports, and reading bytecode; the first TLS handshake is in neither"
        link = _link("0026-a-start-that-costs-little.md", "26")
        made.append(Goal(f"cold start, {title}", f"{COLD:g} × the floor's CPU", told, times <= COLD, rest, link))
    return made


def _requests(found: dict[str, Any]) -> list[Goal]:
    warm, parts = found["warm_cpu_us"], found["warm_breakdown_us"]
    explained = {name: value for name, value in parts.items() if not name.startswith(NOT_EXPLAINED)}
    dear = sorted(explained, key=lambda name: -explained[name])[:4]
    unexplained = sum(parts.values()) - sum(explained.values())
    page = ", ".join(f"{name} {explained[name]:.0f}" for name in dear) + f"; {NOT_EXPLAINED} {unexplained:.0f}"
    client, check = warm[FLOOR_OF_A_PAGE], warm["certificate_json"]
    pages = f"{_link('0011-reading-without-botocore.md', '11')}, {_link('0025-pages-made-flat.md', '25')}"
    return [
        Goal(
            "warm, a public page",
            f"{WARM_PAGE} µs of CPU",
            f"{warm['public_page']:.0f} µs, {warm['public_page'] - client:.0f} besides Lambda's client",
            warm["public_page"] <= WARM_PAGE,
            f"in µs: {page}",
            pages,
        ),
        Goal(
            "warm, a certificate as JSON",
            f"{WARM_CHECK} µs of CPU",
            f"{check:.0f} µs, {check - warm['floor']:.0f} besides Lambda's client",
            check <= WARM_CHECK,
            f"in µs: Lambda's client {warm['floor']:.0f}; signing, socket and parsing as for a page",
            pages,
        ),
    ]


def _syncs(found: dict[str, Any]) -> list[Goal]:
    link = _link("0028-transactions-over-the-wire.md", "28")
    said = {
        "": "the bare loop asks for as many signatures",
        "unsigned_": "without a signing key",
    }
    made = []
    for mode, told in said.items():
        share, alone = (found["sync"][f"{mode}percent_of_bare{end}"] for end in ("", "_one_worker"))
        ours = found["sync"][f"{mode}items_per_second"]
        measured = f"{share:.0f} % ({ours:.0f} items a second), one worker {alone:.0f} %"
        rest = "the engine's work, the same for both, on the same cores; reading and deciding"
        made.append(Goal(f"audit sync, {told}", f"{SHARE} % of a bare loop", measured, share >= SHARE, rest, link))
    return made


def _labels(found: dict[str, Any]) -> list[Goal]:
    labels = found["labels"]
    number, link = labels["labels"], "[labels.md](../docs/labels.md)"
    rest = f"codes and pages drawn by two processes; {labels['read_back']:,.0f} read back"
    seconds, peak = labels["seconds"], labels["peak_mb"]
    return [
        Goal(f"{number:,.0f} labels, time", f"{SECONDS} s", f"{seconds:.1f} s", seconds <= SECONDS, rest, link),
        Goal(f"{number:,.0f} labels, memory", f"{MEGABYTES} MB", f"{peak:.0f} MB", peak <= MEGABYTES, rest, link),
    ]


def _link(page: str, number: str) -> str:
    return f"[decision {number}]({_DECISIONS}{page})"
