"""Up to a thousand certificates checked at once: as a page, as CSV, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain.errors import Malformed, TooLarge, Unavailable
from chalicelib.domain.phrase import phrase
from chalicelib.domain.text import clean_code
from chalicelib.public import edge, lookup, receipts
from chalicelib.public.asked import day_asked, day_of, known_asked, known_of
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
    "known_at",
    "checked_at",
]


@edge.page(routes, "/verify", methods=("GET", "HEAD", "POST"))
def verify_page(ask: Ask) -> Response:
    """The form, and below it what came of it."""
    if ask.method != "POST":
        return _form(ask, Typed("", ask.query.get("on", ""), ask.query.get("known_at", "")))
    form = upload.form(ask, MOST_FORM_BYTES)
    typed = Typed(*(form.fields.get(name, "").strip() for name in ("numbers", "on", "known_at")))
    try:
        moment = Moment(day_of(typed.on), known_of(typed.known_at))
        lines = _lines_of(form)
        if "file" in form.files:  # what was in it stays on the page, in its place
            typed = replace(typed, numbers="\n".join(line.number for line in lines))
    except (Malformed, TooLarge) as error:
        return _form(ask, typed, fault=error.detail, http_status=400 if isinstance(error, Malformed) else 413)
    results = lookup.check(lines, moment.day, _standard(form.fields.get("standard")), moment.known_at)
    if form.fields.get("format") == "csv":
        return _csv(results, moment, for_people=True)
    if form.fields.get("format") == "receipt":
        return _receipt_file(results, moment)
    return _form(ask, typed, results=results, moment=moment)


@edge.document(routes, "/v1/verify", methods=("POST",))
def verify_document(ask: Ask) -> Response:
    """The same for machines: JSON or CSV in, JSON or CSV out."""
    lines, moment, standard = _asked(ask)
    proof = ask.yes("receipt")
    results = lookup.check(lines, moment.day, standard, moment.known_at)
    if _wants_csv(ask.header("accept")):
        return _csv(results, moment)
    body: dict[str, Any] = {"checked_at": clock.instant(clock.now()), "on": moment.day.isoformat()}
    if moment.known_at is not None:
        body["known_at"] = moment.known_at
    body["summary"] = lookup.summary(results)
    facts = [_fact(result) for result in results]
    if proof:
        body["receipt"] = receipts.described(_receipt(facts, results, moment))
    return responses.json_response({**body, "results": facts})


def _receipt_file(results: Sequence[Result], moment: Moment) -> Response:
    """The receipt with the rows that it is over, as a file to be kept."""
    facts = [_fact(result) for result in results]
    told = receipts.described(_receipt(facts, results, moment))
    text = json.dumps({**told, "results": facts}, ensure_ascii=False, indent=1)
    return responses.file_response(text, "application/json", f"certificates-checked-{moment.day.isoformat()}.json")


def _receipt(facts: list[dict[str, Any]], results: Sequence[Result], moment: Moment) -> str:
    if any(result.status == lookup.UNAVAILABLE for result in results):
        raise Unavailable("Some lines could not be read just now, and a proof must be whole. Try again in a moment.")
    now = lookup.summary(lookup.as_known_now(results)) if moment.known_at else None
    return receipts.of_list(facts, moment.day, moment.known_at, lookup.summary(results), now)


class Moment(NamedTuple):
    """What a check is about: the day, and the instant (RFC 3339) whose knowledge counts; ``None``: today's."""

    day: date
    known_at: str | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What the reader gave, to be kept in the form."""

    numbers: str
    on: str
    known_at: str = ""


def _form(
    ask: Ask,
    typed: Typed,
    *,
    fault: str | None = None,
    http_status: int = 200,
    results: Sequence[Result] = (),
    moment: Moment | None = None,
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
        today=moment is None or moment.day == clock.today(),
        day_checked=moment and moment.day,
        known=clock.parsed(moment.known_at) if moment and moment.known_at else None,
        fault=fault,
        receipts=receipts.given(),
    )


def _lines_of(form: upload.Form) -> list[Line]:
    content = form.files.get("file")
    if content is None:
        return listing.pasted(form.fields.get("numbers", ""))
    if len(content) > MOST_BYTES:
        raise TooLarge(FILE_TOO_LARGE)
    from chalicelib.web import spreadsheet

    return listing.from_file(content, spreadsheet.rows)


def _asked(ask: Ask) -> tuple[list[Line], Moment, str | None]:
    """Lines, moment and standard of a request for machines. ``Malformed`` for unknown members."""
    media = ask.header("content-type").partition(";")[0].strip().lower()
    if media == "text/csv":
        ask.limit(MOST_BYTES)
        lines = listing.from_csv(listing.decoded(ask.body))
        return lines, Moment(day_asked(ask), known_asked(ask)), _standard(ask.query.get("standard"))
    if media != "application/json":
        raise Malformed("Send the numbers as Content-Type: application/json or text/csv.")
    said = ask.json(MOST_BYTES)
    unknown = sorted(said.keys() - {"numbers", "on", "known_at", "standard"})
    if unknown:
        raise Malformed(
            phrase(
                "There is no member %(name)s: send numbers, and on, known_at and standard if wanted.",
                name=repr(unknown[0][:50]),
            )
        ).at(_pointer(unknown[0]))
    on, known_at, standard = (_said(ask, said, name) for name in ("on", "known_at", "standard"))
    if not isinstance(on, str) or not isinstance(known_at, str):
        raise Malformed("The day is written YYYY-MM-DD, such as 2026-03-01.").at(
            "/known_at" if isinstance(on, str) else "/on"
        )
    moment = Moment(day_of(on), known_of(known_at))
    return listing.from_json(said.get("numbers")), moment, _standard(standard)


def _said(ask: Ask, body: dict[str, Any], name: str) -> Any:
    """What the body says of that, or the address where the body does not. They may not contradict each other."""
    told, asked = body.get(name), ask.query.get(name, "")
    if told in (None, ""):
        return asked
    if asked and told != asked:
        raise Malformed(phrase("%(name)s in the address and in the body differ: give it once.", name=name)).at(
            f"/{name}"
        )
    return told


def _pointer(member: str) -> str:
    return "/" + member.replace("~", "~0").replace("/", "~1")[:100]


def _standard(given: object) -> str | None:
    if given in (None, ""):
        return None
    try:
        return clean_code(given.lower() if isinstance(given, str) else given)
    except Malformed as error:
        raise Malformed("A standard is a code of lower-case letters, digits, _ and -, such as gots.").at(
            "/standard"
        ) from error


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
            "confirmed_by_certifier": result.answer.confirmed,
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


def _csv(results: Sequence[Result], moment: Moment, *, for_people: bool = False) -> Response:
    checked_at = clock.instant(clock.now())
    rows = []
    for result in results:
        fact = {**_fact(result), "on": moment.day.isoformat(), "known_at": moment.known_at, "checked_at": checked_at}
        if result.answer is not None:
            fact |= {"standard": result.answer.certificate.standard_name}
            fact |= {"holder": result.answer.certificate.holder_name, "factory_id": result.answer.certificate.holder_id}
        rows.append([fact.get(column) for column in _COLUMNS])
    text = sheet.written(_COLUMNS, rows)
    # Without this mark spreadsheets take a file for the alphabet of the machine that they run on.
    mark = "\ufeff" if for_people else ""
    return responses.csv_response(mark + text, f"certificates-checked-{moment.day.isoformat()}.csv")
