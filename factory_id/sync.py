"""``factory-id sync FILE``: audits from a CSV file to the registry, however often it is interrupted."""

from __future__ import annotations

import argparse
import secrets
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from factory_id import audits, tables
from factory_id.audits import About, Batch
from factory_id.bar import Bar, lasting
from factory_id.endings import DONE, SOME_REFUSED, Stopped, WrongUse
from factory_id.journal import Journal, Refusal
from factory_id.service import Refused, Service
from factory_id.tables import Table

PATH = "/internal/v1/audit-syncs"
OUTCOMES = ("created", "updated", "unchanged", "stale", "conflict", "rejected")
REFUSED = frozenset({"conflict", "rejected"})
HEADING = ("row", "site", "audit_reference", "outcome", "why")
MOST_ITEMS = 1000


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "sync",
        help="send audits from a CSV file; goes on where an earlier run was interrupted",
        description="Send audits from a CSV file (docs/sync.md has its columns). Interrupted, however it was: run the "
        "same command again, and it goes on. Rows that were not applied stand in the report with the reason.",
    )
    parser.add_argument("file", type=Path, help="a CSV file with a heading; comma, semicolon, tab or | between cells")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    parser.add_argument("--report", type=Path, help="where to list the rows not applied (FILE.rejected.csv)")
    parser.add_argument("--state", type=Path, help="where to note how far it came (FILE.sync-state)")
    parser.add_argument("--batch", type=int, default=500, help="rows in a request, at most 1,000 (500)")
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="a column that is not sent")
    parser.add_argument(
        "--again", action="store_true", help="a file that was synced before: apply it anew, not just repeat the answers"
    )
    parser.set_defaults(run=run, needs_key=True)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Send the file; the exit code says whether all of it was applied."""
    if not 1 <= chosen.batch <= MOST_ITEMS:
        raise WrongUse(f"--batch takes 1 to {MOST_ITEMS:,}.")
    ignored = sorted({name.strip().lower() for name in chosen.ignore})
    table = Table.of(chosen.file)
    audits.check_columns(table, ignored)
    report = chosen.report or chosen.file.with_name(chosen.file.name.removesuffix(".csv") + ".rejected.csv")
    if report.resolve() == chosen.file.resolve():
        raise WrongUse("The report would overwrite the file itself: give another --report.")
    began = time.monotonic()
    if chosen.dry_run:
        counts, refusals = _tried(table, chosen.batch, ignored, service)
        tables.written(report, HEADING, refusals)
    else:
        state = chosen.state or chosen.file.with_name(chosen.file.name + ".sync-state")
        about = {"digest": table.digest, "url": service.url, "ignored": ignored, "size": chosen.batch}
        about["run"] = secrets.token_hex(6) if chosen.again else ""
        counts = _synced(table, Journal(state, about), service, report)
    return _summed_up(chosen, counts, report, time.monotonic() - began)


def _synced(table: Table, journal: Journal, service: Service, report: Path) -> Counter[str]:
    finished = False
    try:
        with Bar("audits", table.total, journal.rows) as bar:
            service.note = bar.note
            if journal.done:
                bar.note(f"Going on where an earlier run ended: {journal.rows:,} of {table.total:,} rows are done.")
            for batch in audits.batches(table, journal.about["size"], journal.about["ignored"]):
                if batch.number >= journal.done:
                    key = _key(journal.about, batch.number)
                    counts, refusals = _sent(batch, partial(_post, service, PATH, key))
                    journal.note(batch.rows, counts, refusals)
                    bar.advance(batch.rows)
        finished = True
    finally:
        tables.written(report, HEADING, journal.refusals())
        journal.close(finished=finished)
    return journal.counts


def _tried(table: Table, size: int, ignored: list[str], service: Service) -> tuple[Counter[str], list[Refusal]]:
    counts: Counter[str] = Counter()
    refusals: list[Refusal] = []
    with Bar("audits", table.total) as bar:
        service.note = bar.note
        for batch in audits.batches(table, size, ignored):
            found, refused = _sent(batch, partial(_post, service, f"{PATH}?dry_run=1", ""))
            counts.update(found)
            refusals += refused
            bar.advance(batch.rows)
    return counts, refusals


def _key(about: dict[str, Any], number: int) -> str:
    """The same for the same rows of the same file, so that a batch whose answer was lost is told it again."""
    again = f"-{about['run']}" if about["run"] else ""
    return f"csv{about['journal']}-{about['digest'][:40]}-{about['size']}-{number}{again}"


def _post(service: Service, path: str, key: str, body: bytes) -> dict[str, Any]:
    try:
        reply = service.call("POST", path, body, headers={"Idempotency-Key": key} if key else {})
    except Refused as error:
        if error.reply.status == 422:
            raise Stopped("This stretch of the file was sent before with other content. Add --again.") from error
        raise Stopped(f"The service refused a whole batch: {error}. Rows sent before it stay applied.") from error
    answer = reply.json()
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise Stopped("The answer is not that of an audit sync. Is the URL that of the service?")
    return answer


def _sent(batch: Batch, post: Callable[[bytes], dict[str, Any]]) -> tuple[dict[str, int], list[Refusal]]:
    """How many rows had which outcome, and what was refused, in the order of the file."""
    counts = Counter({"rejected": len(batch.unfit)}) if batch.unfit else Counter[str]()
    refusals = [_refusal(about, "rejected", why) for about, why in batch.unfit]
    if batch.items:
        results = post(batch.body)["results"]
        if len(results) != len(batch.items):
            raise Stopped("The service answered fewer rows than were sent. Run the same command again.")
        for about, result in zip(batch.about, results, strict=True):
            counts[result["outcome"]] += 1
            if result["outcome"] in REFUSED:
                refusals.append(_refusal(about, result["outcome"], audits.by_columns(result["detail"] or "")))
    return dict(counts), sorted(refusals)


def _refusal(about: About, outcome: str, why: str) -> Refusal:
    return about.row, about.site, about.reference, outcome, why


def _summed_up(chosen: argparse.Namespace, counts: Counter[str], report: Path, seconds: float) -> int:
    refused = sum(counts[outcome] for outcome in REFUSED)
    told = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES if counts[outcome]) or "no rows"
    print(f"{chosen.file.name}: {told}; in {lasting(seconds)}.")
    if chosen.dry_run:
        print("Nothing was changed: this was a dry run. A new site counts as created in each of its batches.")
    if refused:
        print(f"{refused:,} rows {'would not be' if chosen.dry_run else 'were not'} applied, and why: {report}")
    return SOME_REFUSED if refused else DONE
