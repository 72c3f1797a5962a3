"""Certifiers send many rows at once, as JSON or CSV: each gets its own answer."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain.certificate import Outcome
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.internal import access, body, certificate_batch, repeats
from chalicelib.internal.access import Call
from chalicelib.internal.certificate_batch import Result
from chalicelib.web import certificate_sheet, listing, responses

routes = Blueprint(__name__)

MOST_BYTES = 1_000_000


@access.endpoint(routes, "POST", "/internal/v1/certificates/batch", scope="certificates:write")
def certificate_rows(call: Call) -> Response:
    """Confirm certificates and change standings, at most 500 rows. A row that is refused hinders no other."""
    rows = _rows(call)
    if call.ask.yes("dry_run"):
        return responses.json_response(_report(certificate_batch.foretell(call.caller, rows)))
    request = repeats.request_of(call)
    return repeats.answer(request, lambda: _report(certificate_batch.apply(call.caller, rows, request)))


def _rows(call: Call) -> list[Any]:
    media = call.ask.header("content-type").partition(";")[0].strip().lower()
    if media == "text/csv":
        call.ask.limit(MOST_BYTES)
        return [entry.said for entry in certificate_sheet.of_text(listing.decoded(call.ask.body))]
    rows = body.read(call.ask.json(MOST_BYTES), {"rows": lambda value: value})["rows"]
    if not isinstance(rows, list) or not rows:
        raise Malformed("Something is not as it should be.", [Fault("/rows", "must be a list of at least one row")])
    certificate_sheet.room_for(len(rows))
    return rows


def _report(results: list[Result]) -> dict[str, Any]:
    counts = {outcome.value: sum(result.outcome is outcome for result in results) for outcome in Outcome}
    shown = [
        {
            "index": result.place,
            "outcome": result.outcome.value,
            "code": result.code,
            "factory_id": result.factory_id,
            "detail": result.detail,
        }
        for result in results
    ]
    return {"counts": counts, "results": shown}
