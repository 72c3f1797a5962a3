"""Reading a body field by field: every fault with its place, and nothing that was not asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalicelib.domain import text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import escaped
from chalicelib.domain.phrase import phrase

Check = Callable[[Any], Any]


def read(
    given: Any, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, pointer: str = ""
) -> dict[str, Any]:
    """The cleaned members of an object. ``Malformed`` with a fault for each that is missing, unknown or wrong.

    Optional members that are absent or ``null`` are ``None``.
    """
    optional = optional or {}
    if not isinstance(given, dict):
        raise Malformed("Something is not as it should be.", [Fault(pointer, "must be an object")])
    faults = [Fault(f"{pointer}/{name}", "is missing") for name in required if given.get(name) is None]
    cleaned: dict[str, Any] = dict.fromkeys(optional)
    for name, value in given.items():
        check = required.get(name) or optional.get(name)
        place = f"{pointer}/{escaped(name)}"
        if check is None:
            faults.append(Fault(place, "is not known here"))
        elif value is not None:
            try:
                cleaned[name] = check(value)
            except Malformed as fault:
                faults.extend(_placed(fault, place))
    if faults:
        raise Malformed("Something is missing or not as it should be.", faults)
    return cleaned


def _placed(fault: Malformed, place: str) -> list[Fault]:
    return list(fault.faults) or [Fault(place, fault.detail)]


def day(value: Any) -> date:
    """A date written ``YYYY-MM-DD``, between 1990 and 2100."""
    return text.clean_day(value, date(1990, 1, 1), date(2100, 1, 1))


def code(parse: Callable[[str], str]) -> Check:
    """A check for a code that ``identity`` parses: what is not even text is ``Malformed`` too."""

    def clean(value: Any) -> str:
        if not isinstance(value, str):
            raise Malformed("must be text")
        return parse(value)

    return clean


def listed(value: Any, most: int, least: int = 0) -> list[Any]:
    """A list of so many entries."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise Malformed(phrase("must be a list of %(least)s to %(most)s", least=least, most=most))
    return value


def list_of(check: Check, most: int, least: int = 0) -> Check:
    """A check for a list whose entries pass a check."""

    def clean(value: Any) -> list[Any]:
        return [check(entry) for entry in listed(value, most, least)]

    return clean


def one_of(*allowed: str) -> Check:
    """A check for one of a few words."""

    def clean(value: Any) -> str:
        if value not in allowed:
            raise Malformed(phrase("must be one of %(allowed)s", allowed=", ".join(allowed)))
        return str(value)

    return clean


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Malformed("must be true or false")
    return value
