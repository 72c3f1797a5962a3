"""A certifier uploads a sheet: what each row would do is shown before anything is written, and then what it did."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chalice.app import Response

from chalicelib.domain.certificate import Outcome
from chalicelib.domain.errors import NotFound, TooLarge
from chalicelib.internal import certificate_batch
from chalicelib.internal.certificate_batch import Result
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import certificate_sheet, certificate_words, responses
from chalicelib.web.certificate_sheet import Entry
from chalicelib.web.responses import Problem
from chalicelib.web.words import N_

PATH = "/portal/certificates/upload"
MOST_FILE_BYTES = 1_000_000
MOST_BYTES = 3_000_000
_TOO_LARGE = N_("The file has more than 1 MB. Split the list and send one part after the other.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet with what it did or would do."""

    line: int
    number: str
    result: Result


@door.page("GET", PATH, who=door.CERTIFIER)
def upload(visit: Visit) -> Response:
    """The form, and how a sheet looks."""
    return _shown(visit)


@door.page("GET", f"{PATH}/{{template}}", who=door.CERTIFIER)
def template(_visit: Visit, template: str) -> Response:
    """A sheet to fill in: ``certificates.csv`` or ``standings.csv``."""
    kinds = {"certificates.csv": "certificates", "standings.csv": "standing"}
    if template not in kinds:
        raise NotFound("There is no such sheet.")
    return responses.csv_response("\ufeff" + certificate_sheet.template(kinds[template]), template)


def _again(visit: Visit, problem: Problem) -> Response:
    return _shown(visit, problem, rows=visit.form.get("rows", ""))


@door.page("POST", PATH, who=door.CERTIFIER, again=_again, most_bytes=MOST_BYTES)
def uploaded(visit: Visit) -> Response:
    """Check the rows, or write them: only those that were checked, as they were."""
    try:
        entries = _entries(visit)
    except TooLarge as error:
        return _again(visit, responses.problem_of(error))
    rows = certificate_sheet.written(entries)
    given = [entry.said for entry in entries]
    if visit.form.get("step") == "write" and visit.form.get("checked") == _digest(rows):
        return _shown(visit, lines=_lines(entries, certificate_batch.apply(visit.person, given)), written=True)
    return _shown(visit, lines=_lines(entries, certificate_batch.foretell(visit.person, given)), rows=rows)


def _entries(visit: Visit) -> list[Entry]:
    content = visit.files.get("file")
    if content is None:
        return certificate_sheet.of_text(visit.form.get("rows", ""))
    if len(content) > MOST_FILE_BYTES:
        raise TooLarge(_TOO_LARGE)
    return certificate_sheet.of_file(content)


def _lines(entries: Sequence[Entry], results: Sequence[Result]) -> list[Line]:
    pairs = zip(entries, results, strict=True)
    return [Line(each.line, str(each.said.get("number", each.said.get("code", ""))), result) for each, result in pairs]


def _shown(
    visit: Visit,
    problem: Problem | None = None,
    *,
    lines: Sequence[Line] = (),
    rows: str = "",
    written: bool = False,
) -> Response:
    counted = Counter(line.result.outcome for line in lines)
    return view.render(
        visit,
        "portal/certificate_upload.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        outcomes=certificate_words.OUTCOMES,
        http_status=problem.status if problem else 200,
        problem=problem,
        lines=lines,
        counted=[(outcome.value, counted[outcome]) for outcome in Outcome if counted[outcome]],
        takes=counted[Outcome.CREATED] + counted[Outcome.UPDATED],
        rows=rows,
        checked=_digest(rows),
        written=written,
        path=PATH,
    )


def _digest(rows: str) -> str:
    return hashlib.sha256(rows.replace("\r\n", "\n").strip().encode()).hexdigest()
