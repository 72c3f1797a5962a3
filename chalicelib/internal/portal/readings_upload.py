"""Readings out of a file: shown first, with what is wrong in which row; put on record when the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import indicator as rules
from chalicelib.domain.errors import Fault, Malformed, TooLarge
from chalicelib.domain.indicator import Indicator, Reading
from chalicelib.internal import indicators
from chalicelib.internal.network import MARK
from chalicelib.internal.portal import door, efficiency, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import efficiency as store
from chalicelib.web import indicator_words, reading_sheet, responses
from chalicelib.web.columns import Entry
from chalicelib.web.responses import Problem

PATH = f"{efficiency.ONE}/upload"
MOST_BYTES = 1_000_000
MOST_FILE_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file, and what is wrong with it."""

    line: int
    cells: dict[str, str]
    faults: list[tuple[str, str]]


@door.page("GET", PATH, who=door.FACTORY)
def begun(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """A form for the file, and what has to stand in it."""
    return _shown(visit, None, factory_id, indicator_id)


def _shown(
    visit: Visit, problem: Problem | None, factory_id: str, indicator_id: str, lines: Sequence[Line] = ()
) -> Response:
    whole = all(not line.faults for line in lines)
    return efficiency.render(
        visit,
        "portal/readings_upload.html",
        problem,
        factory_id,
        indicator=store.load(factory_id).need(indicator_id),
        columns=indicator_words.COLUMNS,
        lines=lines,
        faulty=sum(bool(line.faults) for line in lines),
        packed=reading_sheet.written([line.cells for line in lines]) if lines and whole else "",
        typed=visit.form.get("pasted", ""),
    )


@door.page("POST", PATH, who=door.FACTORY, again=_shown, most_bytes=MOST_BYTES)
def looked_at(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """What would come of the file. Nothing is written."""
    held = store.load(factory_id).need(indicator_id)
    content = visit.files.get("file")
    try:
        if content is not None and len(content) > MOST_FILE_BYTES:
            raise TooLarge("The file has more than 500 kB. Split it and send one part after the other.")
        pasted = visit.form.get("pasted", "")
        entries = reading_sheet.from_file(content) if content is not None else reading_sheet.pasted(pasted)
    except TooLarge as error:
        return _shown(visit, responses.problem_of(error), factory_id, indicator_id)
    return _shown(visit, None, factory_id, indicator_id, _checked(held, entries))


@door.page("POST", f"{PATH}/confirm", who=door.FACTORY, again=_shown, most_bytes=MOST_BYTES)
def confirmed(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """Put the readings on record. Sent twice, it changes nothing more."""
    rows = [dict(entry.cells) for entry in reading_sheet.pasted(visit.form.get("rows", ""))]
    indicators.add(visit.person, factory_id, indicator_id, rows)
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency/{indicator_id}?done=readings")


@door.page("GET", f"{PATH}/template.csv", who=door.FACTORY)
def template(_visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """A file to fill in, with the units of the indicator."""
    held = store.load(factory_id).need(indicator_id)
    row = {"amount": "1250.5", "unit": held.unit, "output": "300", "output_unit": held.output_unit}
    example = [{**row, "period": period} for period in ("2026-01", "2026-02")]
    return responses.csv_response(MARK + reading_sheet.written(example), "readings.csv")


def _checked(held: Indicator, entries: Sequence[Entry]) -> list[Line]:
    """Each row with its own faults, and with those that it has beside the others."""
    known: list[tuple[int, Reading]] = []
    faults: dict[int, list[Fault]] = {}
    for number, entry in enumerate(entries):
        found, wrong = indicators.parsed(held, [dict(entry.cells)])
        known += [(number, reading) for reading in found]
        faults[number] = wrong
    try:
        rules.with_readings(held, [reading for _, reading in known], clock.today())
    except Malformed as error:
        for fault in error.faults:
            faults[known[int(fault.pointer.split("/")[2])][0]].append(fault)
    return [
        Line(entry.line, dict(entry.cells), [(fault.pointer.split("/")[-1], fault.detail) for fault in faults[number]])
        for number, entry in enumerate(entries)
    ]
