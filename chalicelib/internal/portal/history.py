"""The history of a record as people read it: what was done, by whom, when, why, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed
from chalicelib.domain.programme import PROGRAMMES
from chalicelib.internal import events
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, history, organisations
from chalicelib.store.registry.history import Chain
from chalicelib.web import event_words, form_words, words

PAGE = 30
_UNTOLD = frozenset({"version", "history", "code", "id", "factory_id", "updated_at", "holder_id", "certifier_id"})
"""What a whole record holds beside what people said of it."""
_CODES = {
    "state": event_words.STATES,
    "standing": words.STANDING,
    "scope": words.AUDIT_SCOPE,
    "type": words.AUDIT_TYPE,
    "notice": words.AUDIT_NOTICE,
    "category": words.CATEGORY,
    "hazard": words.HAZARD,
    "stage": words.MEASURE,
}
"""What codes are called, by the field. A certificate's scope is no code, and stands as it was written."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as it is shown. ``before`` and ``after`` are texts; ``is_word``: they are to be translated."""

    label: str
    before: str
    after: str
    is_word: bool = False
    hidden: bool = False

    @property
    def tells(self) -> bool:
        """Whether there is anything to show: from nothing to an empty list is no change for a reader."""
        return self.hidden or bool(self.before or self.after)


@door.page("GET", "/portal/factories/{factory_id}/history", who=door.FACTORY)
def of_factory(visit: Visit, factory_id: str) -> Response:
    """The history of a factory, of one of its certificates or of a programme (``?record=``)."""
    held = factories.need(factory_id)
    code = _asked(visit)
    asked = visit.ask.query.get("record", "")
    programme = asked if asked in events.OF_FACTORY else None
    record = f"CERTIFICATE#{code}" if code in held.certificates else f"FACTORY#{factory_id}"
    return _page(
        visit,
        f"{programme.upper()}#{factory_id}" if programme else record,
        "portal/factory_history.html",
        path=f"/portal/factories/{factory_id}/history",
        factory_id=factory_id,
        factory=held.factory,
        certificates=list(held.certificates.values()),
        programme=programme,
        programmes=PROGRAMMES,
    )


@door.page("GET", "/portal/staff/history", who=door.STAFF)
def for_staff(visit: Visit) -> Response:
    """The history of any record, and whether its chain is whole."""
    return _of_code(visit, "/portal/staff/history")


@door.page("GET", "/portal/certifier/history", who=door.CERTIFIER)
def for_certifier(visit: Visit) -> Response:
    """The history of a certificate of this certifier."""
    return _of_code(visit, "/portal/certifier/history")


@door.page("GET", "/portal/member/history", who=door.MEMBER)
def for_member(visit: Visit) -> Response:
    """The history of a product of this member."""
    return _of_code(visit, "/portal/member/history")


def _of_code(visit: Visit, path: str) -> Response:
    given = visit.ask.query.get("record", "").strip()
    if not given:
        return view.render(visit, "portal/history.html", path=path, found=None, given="", record="")
    return _page(visit, events.record_of(visit.person, given), "portal/history.html", path=path, given=given)


def _page(visit: Visit, record: str, template: str, **context: Any) -> Response:
    found = history.latest(record, _before(visit), PAGE + 1)
    names: dict[tuple[str, str], str] = {}
    shown = [_told(event, names) for event in found[:PAGE]]
    return view.render(
        visit,
        template,
        record=_code_of(record),
        found=shown,
        older=shown[-1]["number"] if len(found) > PAGE else None,
        chain=_verdict(events.check(record)) if visit.person.kind == door.STAFF else None,
        **context,
    )


def _asked(visit: Visit) -> str:
    try:
        return identity.parse_certificate_code(visit.ask.query.get("record", ""))
    except Malformed:
        return ""


def _before(visit: Visit) -> int | None:
    given = visit.ask.query.get("before", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or len(given) > 12:
        raise Malformed("before is the number of an event.")
    return int(given)


def _code_of(record: str) -> str:
    """A record's code as it is printed; of an organisation, its kind and identifier."""
    kind, _, code = record.partition("#")
    coded = kind in ("FACTORY", "CERTIFICATE") or (kind == "PRODUCT" and not code.isdigit())
    return identity.shown(code) if coded else record.replace("#", ":").lower() if kind != "PRODUCT" else code


def _verdict(chain: Chain) -> tuple[bool, str]:
    return chain.holds, event_words.verdict(chain.events, chain.broken, chain.counted, more=chain.more)


def _told(event: Mapping[str, Any], names: dict[tuple[str, str], str]) -> dict[str, Any]:
    actor = event["actor"]
    whose = actor["kind"], actor["tenant"]
    if actor["kind"] in event_words.NAMED and whose not in names:
        held = organisations.load(event_words.NAMED[actor["kind"]], actor["tenant"])
        names[whose] = str(held["name"]) if held is not None else actor["tenant"]
    return {
        "number": event["number"],
        "at": datetime.fromisoformat(event["at"]),
        "done": event_words.done(event["action"]),
        "who": event_words.who(actor["kind"], names.get(whose, "")),
        "by": actor["by"],
        "reason": event["reason"],
        "changes": [each for each in _changes(event["changes"], event["action"]) if each.tells],
    }


def _changes(changes: Mapping[str, Any], action: str) -> Iterator[Shown]:
    if set(changes) == {"from", "to"}:  # a whole record: only what differs is told
        yield from _between(changes["from"] or {}, changes["to"] or {})
        return
    for name, value in changes.items():
        if not isinstance(value, dict):
            yield _shown(name, None, value, action)
        elif value.get("personal"):
            yield Shown(event_words.FIELDS.get(name, name), "", "", hidden=True)
        elif name in ("audit", "risk"):
            yield from _between(value.get("from") or {}, value.get("to") or {})
        else:
            yield _shown(name, value.get("from"), value.get("to"), action)


def _between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Shown]:
    for name in dict.fromkeys((*before, *after)):
        if name not in _UNTOLD and before.get(name) != after.get(name):
            told = _shown(name, before.get(name), after.get(name), "")
            is_product = name == "name" and "brand" in {**before, **after}
            yield replace(told, label=event_words.NAME) if is_product else told


def _shown(name: str, before: Any, after: Any, action: str) -> Shown:
    codes = form_words.AUDIENCES if action == "privacy" else _CODES.get(name, {})
    given = [each for each in (before, after) if each is not None]
    is_word = any(isinstance(each, bool) or str(each) in codes for each in given)
    label = event_words.FIELDS.get(name, name)
    return Shown(label, _plain(before, codes), _plain(after, codes), is_word)


def _plain(value: Any, codes: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return event_words.YES if value else event_words.NO
    if isinstance(value, Mapping):
        return "\n".join(_parts(value))
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return "\n".join(", ".join(_parts(each)) for each in value)
    if isinstance(value, list):
        return ", ".join(_plain(each, {}) for each in value)
    return "" if value is None else codes.get(str(value), str(value))


def _parts(value: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {_plain(each, {})}" for name, each in value.items()]
