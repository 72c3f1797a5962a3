"""For staff: the last batches of audits, and which of their rows were not applied and why."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.audit import Outcome
from chalicelib.internal import syncs as api
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import responses, sheet
from chalicelib.web.words import N_

PATH = "/portal/staff/syncs"
OUTCOMES = {
    Outcome.CREATED: N_("Created"),
    Outcome.UPDATED: N_("Updated"),
    Outcome.UNCHANGED: N_("Unchanged"),
    Outcome.STALE: N_("Stale: a newer version is held"),
    Outcome.CONFLICT: N_("Conflict: the same version is held with other content"),
    Outcome.REJECTED: N_("Rejected"),
}
"""What became of rows, in words."""

_COLUMNS = ("received_at", "sent_by", "key", "row_of_batch", "site", "audit_reference", "outcome", "why")


@door.page("GET", PATH, who=door.STAFF)
def syncs(visit: Visit) -> Response:
    """The last batches, the newest first."""
    found, following = api.page(visit.person, _token(visit))
    return view.render(
        visit,
        "portal/syncs.html",
        syncs=[{"at": clock.parsed(each.at), "sync": each} for each in found],
        any_refused=any(each.refusals for each in found),
        following=following,
        outcomes=OUTCOMES,
        token=_token(visit),
    )


@door.page("GET", f"{PATH}.csv", who=door.STAFF)
def refusals(visit: Visit) -> Response:
    """The rows that were not applied, of the batches on the page, as a file."""
    found, _ = api.page(visit.person, _token(visit))
    rows: list[list[Any]] = [
        [sync.at, sync.caller, sync.by, each.index + 1, each.site, each.reference, each.outcome, each.detail]
        for sync in found
        for each in sync.refusals
    ]
    # Without this mark spreadsheets take a file for the alphabet of the machine that they run on.
    return responses.csv_response("\ufeff" + sheet.written(_COLUMNS, rows), "rows-not-applied.csv")


def _token(visit: Visit) -> str:
    return visit.ask.query.get("cursor", "")
