"""Up to a thousand certificates checked at once: as a page, as CSV, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.domain.phrase import phrase
from chalicelib.domain.text import clean_code
from chalicelib.public import edge, lookup
from chalicelib.public.certificate import day_asked, day_of
from chalicelib.public.lookup import Result
from chalicelib.web import listing, responses, sheet, upload
from chalicelib.web.listing import Line
from chalicelib.web.request import Ask
from chalicelib.web.words import N_

routes = Blueprint(__name__)

MOST_BYTES = 1_000_000
MOST_FORM_BYTES = 3_000_000  # a file, and a text in which a letter of Bengali takes nine bytes
FILE_TOO_LARGE = N_("The file has more than 1 MB. Save the one column with the numbers as CSV.")

_COLUMNS = [
    "line",
    "number",
    "status",
    "confirmed_by_certifier",
    "code",
    "recorded_number",
    "standard",
    "holder",
    "factory_id",
    "certifier",
    "valid_from",
    "valid_to",
    "status_reason",
    "matches",
    "advice",
    "url",
    "on",
    "checked_at",
]


@edge.page(routes, "/verify", methods=("GET", "HEAD", "POST"))
def verify_page(ask: Ask) -> Response:
    """The form, and below it what came of it."""
    if ask.method != "POST":
        return _form(ask, Typed("", ask.query.get("on", "")))
    form = upload.form(ask, MOST_FORM_BYTES)
    typed = Typed(form.fields.get("numbers", ""), form.fields.get("on", "").strip())
    try:
        day = day_of(typed.on)
        lines = _lines_of(form)
        # What was in a file stays on the page, in its place.
        typed = Typed("\n".join(line.number for line in lines) if "file" in form.files else typed.numbers, typed.on)
    except (Malformed, TooLarge) as error:
        return _form(ask, typed, fault=error.detail, http_status=400 if isinstance(error, Malformed) else 413)
    results = lookup.check(lines, day, _standard(form.fields.get("standard")))
    if form.fields.get("format") == "csv":
        return _csv(results, day, for_people=True)
    return _form(ask, typed, results=results, checked_on=day)


@edge.document(routes, "/v1/verify", methods=("POST",))
def verify_document(ask: Ask) -> Response:
    """The same for machines: JSON or CSV in, JSON or CSV out."""
    lines, day, standard = _asked(ask)
    results = lookup.check(lines, day, standard)
    if _wants_csv(ask.header("accept")):
        return _csv(results, day)
    now = clock.now()
    body = {"checked_at": clock.instant(now), "on": day.isoformat(), "summary": lookup.summary(results)}
    return responses.json_response({**body, "results": [_fact(result) for result in results]})


@dataclass(frozen=True, slots=True)
class Typed:
    """What the reader gave, to be kept in the form."""

    numbers: str
    on: str


def _form(
    ask: Ask,
    typed: Typed,
    *,
    fault: str | None = None,
    http_status: int = 200,
    results: Sequence[Result] = (),
    checked_on: date | None = None,
) -> Response:
    faces = ("valid", "declared", "not_yet_valid", "expired", "suspended", "withdrawn", "unknown", lookup.UNAVAILABLE)
    counted = [(face, sum(result.face == face for result in results)) for face in faces]
    return edge.render(
        ask,
        "verify.html",
        path="/verify",
        http_status=http_status,
        typed=typed,
        results=results,
        counted=[(face, number) for face, number in counted if number],
        today=checked_on in (None, clock.today()),
        day_checked=checked_on,
        fault=fault,
    )


def _lines_of(form: upload.Form) -> list[Line]:
    content = form.files.get("file")
    if content is None:
        return listing.pasted(form.fields.get("numbers", ""))
    if len(content) > MOST_BYTES:
        raise TooLarge(FILE_TOO_LARGE)
    from chalicelib.web import spreadsheet

    return listing.from_file(content, spreadsheet.rows)


def _asked(ask: Ask) -> tuple[list[Line], date, str | None]:
    """Lines, day and standard of a request for machines. ``Malformed`` for unknown members."""
    media = ask.header("content-type").partition(";")[0].strip().lower()
    if media == "text/csv":
        ask.limit(MOST_BYTES)
        return listing.from_csv(listing.decoded(ask.body)), day_asked(ask), _standard(ask.query.get("standard"))
    if media != "application/json":
        raise Malformed("Send the numbers as Content-Type: application/json or text/csv.")
    said = ask.json(MOST_BYTES)
    unknown = sorted(said.keys() - {"numbers", "on", "standard"})
    if unknown:
        raise Malformed(
            phrase(
                "There is no member %(name)s: send numbers, and on and standard if wanted.", name=repr(unknown[0][:50])
            )
        )
    on = said.get("on") or ""
    if not isinstance(on, str):
        raise Malformed("The day is written YYYY-MM-DD, such as 2026-03-01.")
    return listing.from_json(said.get("numbers")), day_of(on), _standard(said.get("standard"))


def _standard(given: object) -> str | None:
    if given in (None, ""):
        return None
    try:
        return clean_code(given)
    except Malformed as error:
        raise Malformed("A standard is a code of lower-case letters, digits, _ and -, such as gots.") from error


def _wants_csv(accept: str) -> bool:
    """Whether CSV is named, and named before JSON."""
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    place = named.index("text/csv") if "text/csv" in named else None
    return place is not None and "application/json" not in named[:place]


def _fact(result: Result) -> dict[str, Any]:
    said: dict[str, Any] = {"line": result.line.line, "number": result.line.number, "status": result.status}
    if result.answer is not None:
        page = result.answer.certificate
        said |= {
            "confirmed_by_certifier": page.confirmed,
            "code": page.code,
            "recorded_number": page.number,
            "standard": {"id": page.standard_id, "name": page.standard_name},
            "holder": {"factory_id": page.holder_id, "name": page.holder_name},
            "certifier": page.certifier,
            "valid_from": page.valid_from.isoformat(),
            "valid_to": page.valid_to.isoformat(),
            "status_reason": result.answer.reason,
            "matches": result.matches,
            "url": edge.url(f"/c/{page.code}"),
        }
    if result.advice:
        said["advice"] = result.advice
    return said


def _csv(results: Sequence[Result], day: date, *, for_people: bool = False) -> Response:
    checked_at = clock.instant(clock.now())
    rows = []
    for result in results:
        fact = {**_fact(result), "on": day.isoformat(), "checked_at": checked_at}
        if result.answer is not None:
            fact |= {"standard": result.answer.certificate.standard_name}
            fact |= {"holder": result.answer.certificate.holder_name, "factory_id": result.answer.certificate.holder_id}
        rows.append([fact.get(column) for column in _COLUMNS])
    text = sheet.written(_COLUMNS, rows)
    # Without this mark spreadsheets take a file for the alphabet of the machine that they run on.
    mark = "\ufeff" if for_people else ""
    return responses.csv_response(mark + text, f"certificates-checked-{day.isoformat()}.csv")
