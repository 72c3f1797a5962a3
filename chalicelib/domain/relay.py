"""A letter that a buyer writes to a factory through us. The factory's own address is no part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_email

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written, by whom, to which factory; ``language`` is the sender's, for what we write to them."""

    factory_id: str
    message: str
    sender: str
    company: str
    email: str
    language: str


def clean_letter(factory_id: str, language: str, given: Mapping[str, str]) -> Letter:
    """What somebody typed, as a letter; ``Malformed`` with every fault. Nothing in it has more lines than it may."""
    checks: Mapping[str, Callable[[Any], str]] = {
        "message": lambda value: text.clean(value, LONGEST, lines=True),
        "sender": text.clean,
        "company": text.clean,
        "email": lambda value: clean_email(value.strip()),
    }
    cleaned, faults = {}, []
    for name, check in checks.items():
        try:
            cleaned[name] = check(given.get(name, ""))
        except Malformed as error:
            faults.append(Fault(f"/{name}", error.detail))
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return Letter(factory_id=factory_id, language=language, **cleaned)
