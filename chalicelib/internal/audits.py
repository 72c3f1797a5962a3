"""ICS pushes its audits: dates and types, in batches, every night."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock, journal
from chalicelib.domain import text
from chalicelib.domain.audit import Audit, Outcome, RowResult, SyncItem
from chalicelib.domain.errors import Fault, Malformed, TooLarge
from chalicelib.domain.fields import clean_fields
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, body
from chalicelib.internal.access import Call
from chalicelib.store.registry import audits as store
from chalicelib.store.registry import replies, syncs
from chalicelib.store.registry.replies import Request
from chalicelib.store.registry.syncs import Refusal
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_ITEMS = 1000
MOST_BYTES = 4_000_000
LONGEST_DETAIL = 300
LARGEST_VERSION = 2**53 - 1
TAKEN = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
"""What became of a row that was right. A batch without any is as good as none."""
_RATINGS = frozenset({"rating", "score", "grade", "result", "findings", "finding", "outcome", "status", "level"})


@access.endpoint(routes, "POST", "/internal/v1/audit-syncs", scope="audits:write")
def audit_sync(call: Call) -> Response:
    """Apply a batch. Every row gets its own answer; a row that is refused hinders no other."""
    content = call.ask.json(MOST_BYTES)
    rows, rejected = _rows(content, clock.today(), call.caller.tenant)
    if call.ask.yes("dry_run"):
        return responses.json_response(_report([*store.plan(rows), *rejected]))
    request = _request(call)
    stored = replies.replied(request)
    if stored is not None:
        return _stored(stored)
    results = store.apply(rows, request, call.caller.actor, access.SETTINGS.sync_workers)
    report = _report([*results, *rejected])
    taken = sum(report["counts"][outcome] for outcome in TAKEN)
    journal.say("sync", tenant=call.caller.tenant, rows=len(rows) + len(rejected), taken=taken)
    record = syncs.item(request, call.caller.actor, clock.now(), report["counts"], _refusals(content, report))
    return _stored(replies.remember(request, responses.dumps(report), record))


def _request(call: Call) -> Request:
    key = call.ask.header("idempotency-key")
    if not 1 <= len(key) <= 200:
        raise Malformed("Send an Idempotency-Key header of 1 to 200 characters: a new one for each new batch.")
    return Request(call.caller.tenant, key, hashlib.sha256(call.ask.body).hexdigest())


def _stored(reply: str) -> Response:
    answer = responses.json_response({})
    answer.body = reply
    return answer


def _report(results: list[RowResult]) -> dict[str, Any]:
    ordered = sorted(results, key=lambda result: result.index)
    counts = {outcome.value: 0 for outcome in Outcome}
    for result in ordered:
        counts[result.outcome.value] += 1
    return {
        "counts": counts,
        "results": [
            {
                "index": result.index,
                "outcome": result.outcome.value,
                "factory_id": result.factory_id,
                "detail": result.detail,
            }
            for result in ordered
        ],
    }


def _refusals(content: dict[str, Any], report: dict[str, Any]) -> list[Refusal]:
    """The rows that were not applied and ought to be mended, with what they were about."""
    found = []
    for result in report["results"]:
        if result["outcome"] in (Outcome.REJECTED, Outcome.CONFLICT):
            item = content["items"][result["index"]]
            audit = item.get("audit") if isinstance(item, dict) else None
            about = _name(item, "site"), _name(audit, "reference")
            found.append(Refusal(result["index"], *about, result["outcome"], result["detail"] or ""))
    return found


def _name(part: Any, member: str) -> str:
    """A name in an item that may be anything; empty if there is none that could be one."""
    try:
        return text.clean(part.get(member)) if isinstance(part, dict) else ""
    except Malformed:
        return ""


def _rows(content: dict[str, Any], today: date, tenant: str) -> tuple[list[SyncItem], list[RowResult]]:
    items = body.read(content, {"items": lambda value: value})["items"]
    if not isinstance(items, list) or not items:
        raise Malformed("Something is not as it should be.", [Fault("/items", "must be a list of at least one item")])
    if len(items) > MOST_ITEMS:
        raise TooLarge(phrase("A batch has at most %(most)s items: send the rest in another.", most=f"{MOST_ITEMS:,}"))
    rows, rejected = [], []
    for index, item in enumerate(items):
        try:
            rows.append(_row(index, item, today, tenant))
        except Malformed as error:
            detail = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults) or error.detail
            rejected.append(RowResult(index, Outcome.REJECTED, None, detail[:LONGEST_DETAIL]))
    return rows, rejected


def _row(index: int, item: Any, today: date, tenant: str) -> SyncItem:
    _no_rating(item)
    read = body.read(
        item,
        {"site": text.clean, "version": _version, "factory": _factory, "audit": lambda value: _audit(value, today)},
        {"member_ids": body.list_of(text.clean_tenant, 50)},
    )
    members = tuple(sorted(set(read["member_ids"] or ())))
    audit = Audit(version=read["version"], member_ids=members, **read["audit"])
    return SyncItem(index, read["site"], read["factory"], audit, tenant)


def _no_rating(item: Any) -> None:
    for part in (item, item.get("audit") if isinstance(item, dict) else None):
        for name in part if isinstance(part, dict) else ():
            if name.lower() in _RATINGS:
                fault = Fault(f"/{name}", "is not taken: ICS shares dates and types of audits, never how they went")
                raise Malformed("A rating was sent.", [fault])


def _version(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST_VERSION:
        raise Malformed(phrase("must be a whole number from 1 to %(most)s", most=LARGEST_VERSION))
    return value


def _factory(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("must be an object")
    given = {name: entry for name, entry in value.items() if entry is not None}
    cleaned, faults = clean_fields(given, "/factory", required=("name", "country"))
    if faults:
        raise Malformed("The factory's data has faults.", faults)
    return {name: entry for name, entry in cleaned.items() if entry not in ([], {})}


def _audit(value: Any, today: date) -> dict[str, Any]:
    read = body.read(
        value,
        {"reference": text.clean, "scope": text.clean_code, "type": text.clean_code, "date": body.day},
        {"notice": text.clean_code},
        pointer="/audit",
    )
    # A day of grace: it may be tomorrow where the audit took place.
    if read["date"] > today + timedelta(days=1):
        raise Malformed("The audit lies in the future.", [Fault("/audit/date", "lies in the future")])
    return {**read, "date": read["date"].isoformat()}
