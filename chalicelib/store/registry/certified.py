"""The certificates of a certifier: those that it confirmed, in the order of their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chalicelib.domain.certificate import Certificate
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import lookup, records

AT_ONCE = 100
MOST_LOOKED_AT = 2000
"""For one page: who filters for what is rare goes on from there."""
_LAST = "\U0010ffff"


def listed(
    certifier_id: str, admits: Callable[[Certificate], bool], after: str, limit: int
) -> tuple[list[Certificate], str | None]:
    """At most so many certificates behind a code, and the code to go on behind; ``None`` if there are no more."""
    found: list[Certificate] = []
    for _ in range(MOST_LOOKED_AT // AT_ONCE):
        pointers = _behind(certifier_id, after)
        held = lookup.bodies(keys.held_certificate(each["factory_id"], each["code"]) for each in pointers)
        for pointer in pointers:
            after = pointer["code"]
            body = held.get(keys.held_certificate(pointer["factory_id"], after))
            certificate = records.certificate(body, 0) if body is not None else None
            if certificate is not None and admits(certificate):
                found.append(certificate)
                if len(found) == limit:
                    more = pointer is not pointers[-1] or len(pointers) == AT_ONCE
                    return found, after if more else None
        if len(pointers) < AT_ONCE:
            return found, None
    return found, after


def places(
    codes: Iterable[str], numbers: Iterable[tuple[str, str]]
) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Which factory holds each code, and each confirmed number of a standard; those not on record are absent."""
    by_code = {keys.certificate(code): code for code in codes}
    by_number = {keys.confirmed_number(*number): number for number in numbers}
    found = lookup.bodies([*by_code, *by_number])
    return (
        {code: found[key]["factory_id"] for key, code in by_code.items() if key in found},
        {number: found[key]["factory_id"] for key, number in by_number.items() if key in found},
    )


def code_of(standard_id: str, number: str) -> str | None:
    """The code of the confirmed certificate of a standard with a number (``identity.squeeze_number``)."""
    pointer = lookup.item(keys.confirmed_number(standard_id, number))
    return None if pointer is None else str(pointer.body["code"])


def _behind(certifier_id: str, after: str) -> list[dict[str, str]]:
    first = keys.confirmed_by(certifier_id, after)
    # Nothing lies between a code and itself with a blank.
    wanted = RegistryItem.sk.between(f"{first.sk} " if after else first.sk, keys.confirmed_by(certifier_id, _LAST).sk)
    with reaching():
        found = RegistryItem.query(first.pk, wanted, consistent_read=True, limit=AT_ONCE)
        return [item.body for item in found]
