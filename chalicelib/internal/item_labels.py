"""Labels for the items of a product, each with a code of its own: what is asked, refused with advice, and drawn.

The drawing is that of the command ``factory-id labels``, which takes any number; a request takes what it has time for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain import gs1_values
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.phrase import phrase
from factory_labels import document, layouts, links, symbols
from factory_labels.layouts import Job
from factory_labels.links import Item, Unfit

MOST = 1_000
LEVEL = "Q"
"""For labels that are handled: a twelfth of the code may be lost."""
FIRST_LAYOUT = "avery-l7160"


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels that can be printed."""

    job: Job
    items: tuple[Item, ...]

    @property
    def sheets(self) -> int:
        """On how many sheets."""
        return -(-len(self.items) // self.job.layout.labels)

    def pdf(self, title: str) -> str:
        """All of them, in ASCII."""
        return document.whole(self.job, self.items, title)


def labels(base_url: str, gtin: str, asked: Mapping[str, str]) -> Labels:
    """The labels from ``first`` to ``last``, of a ``lot`` if one is named. ``Malformed`` names the input.

    Without a last serial number it is one label.
    """
    first, last, lot = (asked.get(name, "").strip() for name in ("first", "last", "lot"))
    layout = layouts.LAYOUTS.get(asked.get("layout", FIRST_LAYOUT))
    faults = _faults("first", "21", first) + (_faults("last", "21", last) if last else [])
    if lot:
        faults += _faults("lot", "10", lot)
    if layout is None:
        faults.append(Fault("/layout", "is none of the sheets that are offered."))
    if faults or layout is None:
        raise Malformed("These labels cannot be printed.", faults)
    serials = _serials(first, last or first)
    items = tuple(links.item(base_url, gtin, serial, lot) for serial in serials)
    longest = max(items, key=lambda item: len(item.address))
    letters = max(len(line) for line in longest.lines)
    try:
        version = symbols.version_of(longest.address, LEVEL)
        return Labels(layouts.job(layout, LEVEL, version, (len(longest.lines), letters)), items)
    except Unfit as error:
        fault = Fault("/layout", "has labels too small for these codes. Take larger ones, or shorter serial numbers.")
        raise Malformed("These labels cannot be printed.", [fault]) from error


def _faults(name: str, ai: str, value: str) -> list[Fault]:
    try:
        gs1_values.check(ai, value)
    except Malformed as error:
        return [Fault(f"/{name}", error.detail)]
    if value in (".", ".."):
        return [Fault(f"/{name}", "is nothing but dots, which browsers take out of an address.")]
    return []


def _serials(first: str, last: str) -> list[str]:
    if first == last:
        return [first]
    try:
        numbers = links.running(first, last)
    except Unfit as error:
        fault = Fault("/last", "must begin like the first, end in as many digits and be higher: A0001 and A0500.")
        raise Malformed("These labels cannot be printed.", [fault]) from error
    if len(numbers) > MOST:
        fault = Fault(
            "/last",
            phrase("is too far from the first: here at most %(most)s labels at once are printed.", most=f"{MOST:,}"),
        )
        raise Malformed("These labels cannot be printed.", [fault])
    return [links.numbered(first, number) for number in numbers]
