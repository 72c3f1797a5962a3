"""Records that are lost: their histories or the log of changes tell of them, and they are not there.

They are looked for before anything is mended: what is left of them is the way back, and what the public was told.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.store import log_reader, public_keys, public_table
from chalicelib.store.keys import Key, certificate
from chalicelib.store.registry import history, lookup
from infra.check import histories
from infra.check.faults import HISTORIES, LOG, RESTORE, Fault
from infra.check.state import State

_CERTIFICATE = "CERTIFICATE#"
_ADVICE = f"Nothing that is left of it is deleted. {RESTORE}"
_FREE_TO_GO = "MODERATION#"  # a report is forgotten in time, and what staff decided about it is not


def of_history(record: str, state: State) -> Iterator[Fault]:
    """A history whose record was not met: is it there by now, or is it lost?"""
    if record.startswith(_FREE_TO_GO):
        return
    counter = histories.counter_of(record)
    if counter is not None:
        if counter.events is None:
            yield histories.uncounted(counter)
        return
    last = history.latest(record, None, 1)
    how = f"tells of a record that is not there, up to {histories.told(last[0]) if last else 'nothing'}"
    _lose(record, state)
    yield Fault(HISTORIES, f"EVENTS#{record}", how, advice=f"{record} is lost. {_ADVICE}")


def of_log(code: str, state: State) -> Iterator[Fault]:
    """A certificate that the log of changes tells of and that was not met."""
    record = _CERTIFICATE + code
    if state.lost(record) is None and histories.counter_of(record) is None:
        _lose(record, state)
        how = "tells of a certificate that is not there, and has no history"
        yield Fault(LOG, f"LOG_OF#{code}", how, advice=f"{record} is lost. {_ADVICE}")


def kept(record: str, state: State) -> str | None:
    """What there still is of a record that is not there; ``None`` if nothing is, and what is left of it may go."""
    if state.lost(record) is not None or history.of(record, 0, 1):
        return f"{record} is lost, and its history or the log of changes tells of it."
    if not record.startswith(_CERTIFICATE):
        return None
    code = record.removeprefix(_CERTIFICATE)
    if log_reader.of_certificate(code):
        return f"{record} is lost, and stands in the log of changes."
    return state.lost(f"FACTORY#{_holder(code)}")


def _lose(record: str, state: State) -> None:
    state.lose(record, f"{record} is lost.")
    if record.startswith(_CERTIFICATE):
        holder = _holder(record.removeprefix(_CERTIFICATE))
        if holder:
            state.lose(f"FACTORY#{holder}", f"{record} is lost, which it held.")


def _holder(code: str) -> str:
    """Which factory held a certificate, as its pointer, its history, or what was published of it says."""
    pointer = lookup.item(certificate(code))
    if pointer is not None:
        return str(pointer.body["factory_id"])
    for event in history.of(_CERTIFICATE + code):
        said = event.get("changes", {}).get("to")
        if isinstance(said, dict) and "holder_id" in said:
            return str(said["holder_id"])
    raw = public_table.get(Key(*public_keys.certificate_page(code)))
    return str(public_table.body(raw).get("holder_id", "")) if raw is not None and "body" in raw else ""
