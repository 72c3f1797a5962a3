"""For staff: the keys of a tenant, made, rotated and revoked. A new key is shown once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.internal import staff
from chalicelib.internal.access import SCOPES
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers
from chalicelib.store.registry.callers import ActiveKey
from chalicelib.web import event_words, key_words, responses
from chalicelib.web.responses import Problem

KEYS = "/portal/staff/keys"
REVOKE = "/portal/staff/keys/{prefix}/revoke"
SCOPE = "scope-"
_WRONG = "Some fields cannot be taken as sent."


@door.page("GET", KEYS, who=door.STAFF)
def keys(visit: Visit) -> Response:
    """Choose a tenant; its active keys, and a form to make one."""
    return _shown(visit, None)


def _shown(visit: Visit, problem: Problem | None) -> Response:
    asked = visit.form or visit.ask.query
    kind, tenant, chosen = asked.get("kind", ""), tidy(asked.get("tenant", "")), False
    if "kind" in asked or "tenant" in asked:
        try:
            kind, tenant = whose(asked)
            chosen = True
        except Malformed as error:
            problem = problem or responses.problem_of(error)
    scopes = SCOPES[kind] if chosen else ()
    return view.render(
        visit,
        "portal/staff_keys.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        titles=event_words.KINDS,
        labels=key_words.STAFF_LABELS,
        hints=key_words.STAFF_HINTS,
        kind=kind,
        tenant=tenant,
        chosen=chosen,
        found=[told(each) for each in callers.active_keys(kind, tenant)] if chosen else [],
        most=callers.MOST_ACTIVE,
        scopes={scope: not visit.form or f"{SCOPE}{scope}" in visit.form for scope in scopes},
        reason=visit.form.get("reason", ""),
    )


@door.page("POST", KEYS, who=door.STAFF, again=_shown)
def made(visit: Visit) -> Response:
    """Make a key. The answer shows it, and nothing else ever will."""
    kind, tenant = whose(visit.form)
    scopes = [scope for scope in SCOPES[kind] if f"{SCOPE}{scope}" in visit.form]
    if not scopes:
        raise Malformed("Choose at least one thing that the key may do.")
    given: dict[str, Any] = {"kind": kind, "tenant": tenant, "scopes": scopes, "reason": reason(visit)}
    key, secret = staff.make_key(visit.person, given)
    return view.render(visit, "portal/staff_key_made.html", key=key, secret=secret, title=event_words.KINDS[key.kind])


@door.page("GET", REVOKE, who=door.STAFF)
def revoking(visit: Visit, prefix: str) -> Response:
    """Which key is to be revoked, and a form that confirms it."""
    return _revoking(visit, None, prefix)


def _revoking(visit: Visit, problem: Problem | None, prefix: str) -> Response:
    return view.render(
        visit,
        "portal/staff_key_revoke.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        each=told(callers.active_key(prefix)),
        titles=event_words.KINDS,
        reason=visit.form.get("reason", ""),
    )


@door.page("POST", REVOKE, who=door.STAFF, again=_revoking)
def revoked(visit: Visit, prefix: str) -> Response:
    """Revoke it: the next request with it is refused."""
    key = callers.active_key(prefix).key
    callers.revoke_key(prefix, visit.person.actor, reason(visit))
    return view.go(visit, f"{KEYS}?kind={key.kind}&tenant={key.tenant}&done=revoked")


def whose(asked: Mapping[str, str]) -> tuple[str, str]:
    """Kind and tenant, as they were typed or chosen."""
    kind, tenant = asked.get("kind", ""), tidy(asked.get("tenant", ""))
    if kind not in SCOPES:
        raise Malformed(_WRONG, [Fault("/kind", "must be chosen")])
    if not tenant:
        raise Malformed(_WRONG, [Fault("/tenant", "is missing")])
    try:
        return kind, staff.tenant_of(kind, tenant)
    except (Malformed, NotFound) as error:
        raise Malformed(_WRONG, [Fault("/tenant", error.detail)]) from error


def reason(visit: Visit) -> str:
    """Why, as it was typed: needed."""
    return staff.reason_of({"reason": " ".join(visit.form.get("reason", "").split()) or None})


def told(active: ActiveKey) -> dict[str, Any]:
    """A key as the page shows it."""
    used = datetime.fromisoformat(active.used_at) if active.used_at else None
    return {
        "key": active.key,
        "made_by": active.made_by,
        "made_at": datetime.fromisoformat(active.made_at),
        "used": used,
    }
