"""The log of changes, for people: what it is, and which lines of it are about a certificate."""

from __future__ import annotations

from dataclasses import dataclass

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, log
from chalicelib.domain.log import Checkpoint, Line
from chalicelib.public import edge, links
from chalicelib.store import log_reader, reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it: its number if it has one, and the first checkpoint that it is in."""

    line: Line
    number: int | None
    checkpoint: Checkpoint | None


@edge.page(routes, "/log")
def log_page(ask: Ask) -> Response:
    """What the log of changes is for, how far it has come, and how to audit it."""
    extent = log_reader.extent()
    last = extent.checkpoint
    return edge.render(
        ask,
        "log.html",
        path="/log",
        cache=responses.REVALIDATE,
        extent=extent,
        at=None if last is None else clock.parsed(last.at),
    )


@edge.page(routes, "/c/{code}/log")
def certificate_log_page(ask: Ask, code: str) -> Response:
    """The lines of the log that are about a certificate."""
    canonical = identity.parse_certificate_code(code)
    found = reader.certificate(canonical)
    if found is None:
        return links.missing(ask, "certificate", identity.shown(canonical))
    entries = log_reader.of_certificate(canonical)
    checkpoints = _checkpoints([each.number for each in entries])
    shown = [Shown(each, each.number, checkpoints[each.number]) for each in entries]
    shown += [Shown(each, None, None) for each in log.lines_of(found)[len(entries) :]]
    return edge.render(ask, "certificate_log.html", path=f"/c/{canonical}/log", certificate=found, lines=shown)


def _checkpoints(numbers: list[int]) -> dict[int, Checkpoint | None]:
    """The first checkpoint of each entry: as many reads as there are different ones."""
    found: dict[int, Checkpoint | None] = {}
    last: Checkpoint | None = None
    for number in numbers:
        if last is None or number >= last.size:
            last = log_reader.covering(number)
        found[number] = last
        if last is None:
            return found | dict.fromkeys((each for each in numbers if each > number), None)
    return found
