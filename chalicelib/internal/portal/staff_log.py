"""For staff: how far the log of changes has come, and a checkpoint now."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import clock
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store import log_reader
from chalicelib.store.registry import checkpoints, sequencer
from chalicelib.web.responses import Problem

PATH = "/portal/staff/log"
_SECONDS = 15.0


@door.page("GET", PATH, who=door.STAFF)
def log(visit: Visit) -> Response:
    """How far it has come."""
    return _shown(visit)


def _shown(visit: Visit, problem: Problem | None = None) -> Response:
    extent = log_reader.extent()
    return view.render(
        visit,
        "portal/staff_log.html",
        http_status=problem.status if problem else 200,
        extent=extent,
        at=clock.parsed(extent.checkpoint.at) if extent.checkpoint else None,
        path=PATH,
        problem=problem,
    )


@door.page("POST", PATH, who=door.STAFF, again=_shown)
def made(visit: Visit) -> Response:
    """Number what waits, and sign a checkpoint now."""
    sequencer.run(_SECONDS)
    checkpoints.make()
    return view.go(visit, f"{PATH}?done=made")
