"""Lists of what is to be watched: codes and numbers as people and machines give them, looked up where all may look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import identity
from chalicelib.domain.errors import Fault, Malformed, Unavailable
from chalicelib.domain.phrase import phrase
from chalicelib.domain.watching import MOST_WATCHED
from chalicelib.store import batch, codec, public_keys, public_table
from chalicelib.store.keys import Key
from chalicelib.web.listing import Line

_SECONDS = 6.0
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Named:
    """Something that is watched, as its page calls it: a factory, or a certificate with its number and standard."""

    code: str
    name: str
    number: str | None = None
    standard: str | None = None

    @property
    def path(self) -> str:
        """Its public page."""
        return f"/f/{self.code}" if self.number is None else f"/c/{self.code}"

    @property
    def shown(self) -> str:
        """Its code as people read it."""
        return identity.shown(self.code)


def codes(lines: Sequence[Line], pointer: str = "/things") -> list[str]:
    """Factory IDs and certificate codes for what was given; ``Malformed`` if some of it is not on record."""
    readings = {line.number: _readings(line.number) for line in lines}
    numbers = {squeezed for line in lines if (squeezed := _number(line.number))}
    entries, lost = batch.entries(numbers, _SECONDS)
    known = names({code for found in readings.values() for code in found})
    if lost:
        raise Unavailable("The registry could not be reached just now.")
    meant: list[str] = []
    unknown: list[str] = []
    for line in lines:
        found = [code for code in readings[line.number] if code in known]
        if not found and (number := _number(line.number)) in entries:
            found = sorted(entries[number].codes(None))
        meant += found
        if not found:
            unknown.append(line.number[:40])
    if unknown:
        told = ", ".join(dict.fromkeys(unknown[:_MOST_TOLD]))
        fault = Fault(pointer, phrase("not on record: %(numbers)s", numbers=told))
        raise Malformed("Some of these are not on record.", [fault])
    wanted = list(dict.fromkeys(meant))
    if len(wanted) > MOST_WATCHED:
        raise Malformed("A watch has at most 1,000 entries.", [Fault(pointer, "has more than 1,000 entries")])
    return wanted


def names(wanted: Sequence[str] | set[str]) -> dict[str, Named]:
    """What is on record of factories and certificates, by code; those that are not public are absent."""
    places = {_page(code): code for code in wanted}
    found = batch.read(places, _SECONDS)
    if found.unread:
        raise Unavailable("The registry could not be reached just now.")
    return {places[key]: _named(places[key], public_table.body(raw)) for key, raw in found.found.items()}


def _named(code: str, body: codec.Body) -> Named:
    if _is_certificate(code):
        page = codec.public_certificate(body)
        return Named(code, page.holder_name, page.number, page.standard_name)
    return Named(code, codec.public_factory(body).name)


def _page(code: str) -> Key:
    return public_keys.certificate_page(code) if _is_certificate(code) else public_keys.factory_page(code)


def _is_certificate(code: str) -> bool:
    return len(code) == len("C4J7K2M9QXD") and code.startswith(identity.CERTIFICATE_PREFIX)


def _readings(typed: str) -> list[str]:
    found = []
    for parse in (identity.parse_certificate_code, identity.parse_factory_id):
        try:
            found.append(parse(typed))
        except Malformed:
            continue
    return found


def _number(typed: str) -> str:
    try:
        return identity.squeeze_number(typed)
    except Malformed:
        return ""
