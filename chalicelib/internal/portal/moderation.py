"""What waits for a decision of staff: the list, one matter, and the decision with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.domain import text
from chalicelib.domain.claim_wording import Concern, Warned
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.moderation import Decision
from chalicelib.internal import moderation as api
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import moderation as store
from chalicelib.web import contact_words, likeness_words
from chalicelib.web.responses import Problem

PATH = "/portal/staff/moderation"
ONE = "/portal/staff/moderation/{matter_id}"


@door.page("GET", PATH, who=door.STAFF)
def queue(visit: Visit) -> Response:
    """What waits, the oldest first; or what was decided, the newest first."""
    state = visit.ask.query.get("state", "open")
    found, following = api.page_of(state, visit.ask.query.get("cursor", ""))
    return view.render(
        visit,
        "portal/moderation.html",
        own_path=f"{PATH}?state={state}",
        state=state,
        matters=found,
        following=following,
        kinds_of_matter=contact_words.MATTERS,
        decisions=contact_words.DECISIONS,
    )


@door.page("GET", ONE, who=door.STAFF)
def matter(visit: Visit, matter_id: str) -> Response:
    """One matter."""
    return _shown(visit, None, matter_id)


def _shown(visit: Visit, problem: Problem | None, matter_id: str) -> Response:
    found = store.need(matter_id)
    return view.render(
        visit,
        "portal/matter.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, ("decision", "reason")),
        matter=found,
        email=store.reporter(matter_id),
        days=store.KEPT.days,
        title=contact_words.MATTERS[found.kind.value],
        complaints=contact_words.COMPLAINTS,
        warned=_warned,
        decisions=contact_words.DECISIONS,
        reasons=likeness_words.REASONS,
        oddities=likeness_words.ODDITIES,
        labels=contact_words.LABELS,
        hints=contact_words.HINTS,
        typed={name: visit.form.get(name, "") for name in ("decision", "reason")},
    )


def _warned(told: Mapping[str, Any]) -> list[Warned]:
    """What the wording of a claim was flagged for."""
    return [Warned(Concern(each["code"]), each["words"]) for each in told["warnings"]]


@door.page("POST", ONE, who=door.STAFF, again=_shown)
def decided(visit: Visit, matter_id: str) -> Response:
    """Decide it. The reason is kept in its history."""
    faults = []
    reason, decision = "", visit.form.get("decision", "")
    if decision not in tuple(Decision):
        faults.append(Fault("/decision", "must be chosen"))
    try:
        reason = text.clean(" ".join(visit.form.get("reason", "").split()))
    except Malformed as error:
        faults.append(Fault("/reason", error.detail))
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    api.settle(visit.person, matter_id, decision, reason)
    return view.go(visit, f"{PATH}?done=decided")
