"""A sync by the command line, killed twice and resumed, against one that nothing disturbed: are they the same?

``python -m bench.sync_resume`` makes a CSV of 50,000 audits of 10,000 factories, sends it with ``factory-id sync`` to
the service on a local engine; then to an empty one, where the command is killed with SIGKILL at two random moments
and started again. It compares all that both pairs of tables hold (``sync_state`` says what is left out) and both
reports byte for byte, and prints the time, the write units and the service's memory. It ends with 1 if anything
differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import sync_file
from bench.sync_state import State, export
from infra import tables
from infra.engine import CREDENTIALS, REGION, Engine

ROOT = Path(__file__).resolve().parent.parent
_LOOK = 0.01  # seconds between two looks at how far the command came
ENDED = (0, 1)  # the command's codes for all applied, and some refused


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent, and when the command is killed: ``kills`` are numbers of batches that it has done by then."""

    file: Path
    rows: int
    batch: int
    kills: tuple[int, ...] = ()
    delay: float = 0.0  # seconds at the most, by chance, between the batch's end and the kill


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one sync."""

    state: State
    report: bytes
    summary: str
    seconds: float
    counted: dict[str, int]
    killed_at: tuple[int, ...]


def run(engine: Engine, prefix: str, plan: Plan, folder: Path, keys: list[dict[str, Any]]) -> Run:
    """Sync the file into new tables, killing the command as planned. ``keys`` is filled at first, then put back."""
    folder.mkdir()
    file = folder / plan.file.name
    file.write_bytes(plan.file.read_bytes())
    client = engine.client("dynamodb")
    tables.create_tables(client, prefix)
    names = prefix + tables.REGISTRY_SUFFIX, prefix + tables.PUBLIC_SUFFIX
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SURFACE": "all",
        "REGISTRY_TABLE": names[0],
        "PUBLIC_TABLE": names[1],
        "DYNAMODB_ENDPOINT": engine.url,
        "AWS_REGION": REGION,
        "CSRF_SECRET": "the same secret in both runs",
        "SYNC_WORKERS": "8",
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }
    key = _ics_key(client, names[0], environment, keys)
    with _served(environment, folder / "server.log") as (port, counted):
        command = {**environment, "FACTORY_ID_URL": f"http://127.0.0.1:{port}", "FACTORY_ID_KEY": key}
        began = time.perf_counter()
        killed_at = tuple(_killed(file, plan, number, command) for number in plan.kills)
        summary = _finished(file, plan, command)
        seconds = time.perf_counter() - began
    report = file.with_name(file.stem + ".rejected.csv").read_bytes()
    return Run(export(client, names, folder / "state"), report, summary, seconds, counted, killed_at)


def _ics_key(client: Any, table: str, environment: dict[str, str], keys: list[dict[str, Any]]) -> str:
    """The same key in each run: its name stands in every event."""
    if not keys:
        make = (
            "from chalicelib.internal.access import SCOPES; from chalicelib.store.registry import callers; "
            "print(callers.create_key('ics', 'ics', SCOPES['ics'], 'bench')[1])"
        )
        made = subprocess.run([sys.executable, "-c", make], env=environment, check=True, capture_output=True, text=True)
        keys.append({"key": made.stdout.strip()})
        keys.extend(client.scan(TableName=table)["Items"])
    else:
        for item in keys[1:]:
            client.put_item(TableName=table, Item=item)
    return str(keys[0]["key"])


@contextmanager
def _served(environment: dict[str, str], log: Path) -> Iterator[tuple[int, dict[str, int]]]:
    command = [sys.executable, "-m", "bench.sync_server"]
    with log.open("wb") as written:  # what it says of callers that vanish
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=written, text=True)
    assert server.stdout is not None
    counted: dict[str, int] = {}
    try:
        yield int(server.stdout.readline()), counted
    finally:
        server.send_signal(signal.SIGTERM)
        told, _ = server.communicate(timeout=60)
        counted.update(json.loads(told.splitlines()[-1]))


def _command(file: Path, plan: Plan, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "factory_id", "sync", str(file), "--batch", str(plan.batch)]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)


def _killed(file: Path, plan: Plan, number: int, environment: dict[str, str]) -> int:
    """Start the command, kill it once it has done so many batches; how many it had noted when it died."""
    journal = file.with_name(file.name + ".sync-state")
    running = _command(file, plan, environment)
    while _batches(journal) < number:
        if running.poll() is not None:
            raise RuntimeError(f"the command ended with {running.returncode} before it could be killed")
        time.sleep(_LOOK)
    time.sleep(random.uniform(0, plan.delay))
    running.kill()
    running.communicate()
    if running.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the command ended with {running.returncode} before it was killed")
    return _batches(journal)


def _batches(journal: Path) -> int:
    return max(0, journal.read_bytes().count(b"\n") - 1) if journal.exists() else 0


def _finished(file: Path, plan: Plan, environment: dict[str, str]) -> str:
    running = _command(file, plan, environment)
    told, _ = running.communicate()
    if running.returncode not in ENDED:
        raise RuntimeError(f"the command ended with {running.returncode}")
    return told.splitlines()[0]


def compared(plan: Plan, folder: Path, engine: Engine | None = None) -> tuple[Run, Run]:
    """One run without kills and one with those planned, on new tables each: of ``engine``, or of an engine each."""
    keys: list[dict[str, Any]] = []
    found = []
    for name, each in (("undisturbed", replace(plan, kills=())), ("killed", plan)):
        if engine is not None:
            found.append(run(engine, f"{name}-{secrets.token_hex(4)}", each, folder / name, keys))
        else:
            with Engine(with_tables=False) as own:
                found.append(run(own, "sync", each, folder / name, keys))
    return found[0], found[1]


def same(one: Run, other: Run) -> bool:
    """Whether both left the same state and the same report, byte for byte."""
    return one.state.path.read_bytes() == other.state.path.read_bytes() and one.report == other.report


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync_resume", description=__doc__)
    parser.add_argument("--audits", type=int, default=50_000)
    parser.add_argument("--factories", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--order", choices=sync_file.ORDERS, default=sync_file.ORDERS[0])
    parser.add_argument("--seed", type=int, default=None, help="of the moments of the kills; a random one unless given")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else secrets.randbelow(10**6)
    random.seed(seed)
    with tempfile.TemporaryDirectory(prefix="factory-id-sync-") as scratch:
        folder = Path(scratch)
        file = folder / "audits.csv"
        rows = sync_file.write(file, chosen.audits, chosen.factories, chosen.order)
        batches = -(-rows // chosen.batch)
        kills = tuple(sorted(random.sample(range(1, batches - 1), chosen.kills)))
        plan = Plan(file, rows, chosen.batch, kills, delay=0.5)
        print(f"{rows:,} audits of {chosen.factories:,} factories, ordered by {chosen.order}; seed {seed}.", flush=True)
        undisturbed, killed = compared(plan, folder)
        for name, each in (("undisturbed", undisturbed), ("killed", killed)):
            _tell(name, each, rows, batches)
        if same(undisturbed, killed):
            print("The state and the reports of both are the same, byte for byte.")
            return 0
        print("THE TWO DIFFER.")
        return 1


def _tell(name: str, each: Run, rows: int, batches: int) -> None:
    memory, begun = each.counted["memory"], each.counted["memory_at_first"]
    units, at = each.counted["write_units"], ", ".join(map(str, each.killed_at))
    print(
        f"\n{name}{f' after {at} of {batches} batches' if at else ''}\n"
        f"  {each.summary}\n"
        f"  time         {each.seconds:,.0f} s, {rows / each.seconds:,.0f} audits a second\n"
        f"  write units  {units:,}, {units / rows:.1f} an audit, in {each.counted['transactions']:,} transactions\n"
        f"  memory       {memory} MB at the most in the service, {begun} MB of them before the first batch\n"
        f"  state        {each.state.items:,} items, {each.state.events:,} events, every chain of events whole\n"
        f"               SHA-256 {each.state.digest}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
