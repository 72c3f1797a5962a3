"""docs/load.md: what was measured, where, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench import stats
from infra.package import PROJECT
from tests.safety.faulty import KINDS
from tests.safety.load.client import Figures

if TYPE_CHECKING:
    from tests.safety.load_run import Measured

PAGE = PROJECT / "docs" / "load.md"
MB = 1_000_000
FAULTS = dict(zip(KINDS, ("replies broken off", "throttled", "server errors", "late"), strict=True))
COMMAND = "python -m tests.safety.load_run --minutes {0.minutes:g} --requests {0.requests} --step {0.step:g} --write"
HOW = """# Under load
What the public surface holds on one machine, and that it stays right meanwhile. Written by `{command}`
on {day}; in full it is `--minutes 10 --requests 200000 --step 10`, on a machine that does nothing else.
`make safety` runs a short form and counts only the statements, not the times.

{machine}

## What is measured
{processes} processes of the packaged public function, the zip that is deployed and nothing else on its path. Each takes
one request at a time, as in Lambda, in the form of a function URL; there is no gateway. Behind them one MiniStack
stands for DynamoDB, and between the two microburst makes faults. **All of it shares this machine, and so does whoever
asks:** the rates are those of a desk, and tell nothing of AWS, where the database is not the limit and more processes
are started as more is asked. In the long part the function took {cpu:.1f} ms of processor time an answer.

Requests are due at a fixed rate however long answers take, and their time counts from when they were **due**, not from
when they were sent: a stall is seen by all that were due meanwhile. The mix: half are checks of a certificate as JSON,
a third its page and lists of five, the rest factories, codes, the directory, and what is not there. The standing of
every certificate is known, and read from all of these but a factory's page, codes and lists: of those the status code
is looked at. Another process suspends, withdraws and reinstates some through the internal API, behind
the same faults, and asks right after each 200. An answer is right if it says what held at some moment between its
sending and its coming; all else but a 503 with `Retry-After` is wrong.

A fault is, a quarter each: throttled, a server error, 50 to 300 ms late, broken off after it was done.
"""


def machine() -> str:
    """This machine now, before it is kept busy."""
    return f"{stats.machine()}."


def written(found: Measured, told: str) -> str:
    """The page."""
    from tests.safety import load_run

    day = f"{datetime.now(UTC):%Y-%m-%d}"
    how = HOW.format(
        command=COMMAND.format(found), day=day, machine=told, processes=load_run.PROCESSES, cpu=found.cpu_ms
    )
    return "\n".join([how, *_rates(found, load_run.MOST_P99), *_long(found), *_memory(found), *_statements(found)])


def _rates(found: Measured, most: float) -> list[str]:
    lines = [
        "## Rates",
        f"Each rate for {found.step:g} s. It is kept if 99 of 100 are answered within {most:g} ms, all are right, and "
        "no queue is left.",
        "",
    ]
    for name, steps in found.steps.items():
        lines += [f"**{name.capitalize()}: {found.knee(name):g} a second are kept.**", "", *_head("rate")]
        lines += [f"| {each.rate:g}{'' if each.holds(most) else ', not kept'} {_cells(each)}" for each in steps]
        lines.append("")
    return lines


def _long(found: Measured) -> list[str]:
    assert found.long
    assert found.worst
    assert found.outage
    during, after = found.outage
    fired = Counter[str]()
    for action, number in found.fired.items():
        fired[next(FAULTS[kind] for kind in FAULTS if action.startswith(kind))] += number
    return [
        "## For long, behind faults",
        f"Half the rate that is kept, for {found.minutes:g} min, with faults in 1 % of the requests to the "
        "database; then a quarter of that with faults in half of them; then without the database; then with it again.",
        "",
        *_head("part"),
        f"| {found.long.rate:g} a second, faults in 1 % {_cells(found.long)}",
        f"| {found.worst.rate:g} a second, faults in 50 % {_cells(found.worst)}",
        f"| {during.rate:g} a second, no database {_cells(during)}",
        f"| {after.rate:g} a second, the database is back {_cells(after)}",
        "",
        f"Faults in all: {', '.join(f'{number:,} {kind}' for kind, number in sorted(fired.items()))}.",
        "",
    ]


def _head(first: str) -> Sequence[str]:
    return (
        f"| {first} | requests | answered a second | p50 | p99 | p99.9 | longest | 503 | wrong |",
        "| --- " * 9 + "|",
    )


def _cells(each: Figures) -> str:
    times = " | ".join(f"{time:,.0f} ms" for time in (each.p50, each.p99, each.p999, each.longest))
    return f"| {each.number:,} | {each.answered:,.1f} | {times} | {each.later:,} | {each.wrong:,} |"


def _memory(found: Measured) -> list[str]:
    held = found.held
    assert held
    first, last = held.states[0], held.states[-1]
    return [
        "## Memory",
        f"One process of the function answers {found.requests:,} requests of all kinds of pages and documents in eight "
        "languages, of what is not there and of what is malformed, with faults in 1 % of its requests to a database in "
        f"memory. After {first['answered']:,} it held {first['memory'] / MB:.1f} MB, at the end "
        f"{last['memory'] / MB:.1f} MB: between the first and the last third of {len(held.states)} looks it grew by "
        f"{held.growth / 1000:,.0f} KB (2,000 KB are the bound), a slope of {held.slope:.2f} bytes a request. "
        f"{last['files']} files were open and {last['threads']} thread ran, first and last; {held.lost:,} connections "
        f"were broken, {last['connections']:,} opened.",
        "",
    ]


def _statements(found: Measured) -> list[str]:
    return [
        "## What must hold",
        "| statement | tried | held |",
        "| --- | --- | --- |",
        *(f"| {name} | {tried:,} | {held:,} |" for name, tried, held in found.rows),
        "",
        "`tests/safety/test_load.py` tries the same in short, and shows that it would be seen: a function that keeps "
        "answers, files, or something of each request is caught.",
        "",
    ]
