"""Records that are older than what was said of them: their public page or the log of changes tells of something later.

So it is where the tables are not of one instant. What is public is read first and the record once more after it: what
people change meanwhile is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.store import keys, log_keys, public_keys, public_table
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.public_table import Raw
from chalicelib.store.registry import lookup
from infra.check import changed, records
from infra.check.faults import RECORDS, RESTORE, Fault, lacking, named

_ADVICE = f"Nothing that follows from it is published or taken away. Have it said again, or: {RESTORE}"
_Last = tuple[str, int]
"""The instant of the last thing that is told, and how many are."""
_NOTHING: _Last = ("", 0)
_PAGES = {"FACTORY": keys.PAGE, "PRODUCT": keys.PAGE, "CLIMATE": "CLIMATE", "EFFICIENCY": "EFFICIENCY"}


def wrong(items: Iterable[RegistryItem]) -> Iterator[Fault]:
    """Which of these records are older than what was said of them. One that was changed without an event is told so."""
    said = {item.key: (item, places) for item in items if (places := _said_at(item.key))}
    held = records.raw_items(place for _, places in said.values() for place in places)
    for item, places in said.values():
        last, place = max((_last(_body(held.get(place))), place) for place in places)
        if last <= _last(item.body):
            continue
        now = lookup.item(item.key)
        if now is not None and last > _last(now.body) and changed.holds(now):
            how = f"is older than {named(place)}, which tells of {last[0]}"
            yield Fault(RECORDS, named(item.key), how, advice=_ADVICE, lacking=lacking(item))


def _said_at(key: Key) -> tuple[Key, ...]:
    """Where else it stands when a record last said something."""
    kind, _, name = key.pk.partition("#")
    within, _, code = key.sk.partition("#")
    if (kind, within) == ("FACTORY", "CERTIFICATE"):
        return public_keys.certificate_page(code), log_keys.of_certificate(code)
    if key.sk != keys.RECORD or kind not in _PAGES:
        return ()
    return (Key(f"{'PRODUCT' if kind == 'PRODUCT' else 'FACTORY'}#{name}", _PAGES[kind]),)


def _last(body: Mapping[str, Any]) -> _Last:
    """What a record, a page or the lines of the log tell last; of what cannot be read, nothing."""
    try:
        if "updated_at" in body:
            return str(body["updated_at"]), 1
        said = [each for each in body.get("history", body.get("entries", ())) if each["standing"] is not None]
        return (str(said[-1]["recorded"]), len(said)) if said else _NOTHING
    except (AttributeError, KeyError, TypeError):
        return _NOTHING


def _body(raw: Raw | None) -> Any:
    try:
        return {} if raw is None else public_table.body(raw)
    except (KeyError, ValueError):
        return {}
