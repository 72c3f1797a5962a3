"""What somebody says of a certificate, read and checked: that it is so, or what its standing is from a day on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from chalicelib.domain import identity, text
from chalicelib.domain.certificate import Standing
from chalicelib.domain.errors import Fault, Malformed, NotAllowed
from chalicelib.domain.phrase import phrase
from chalicelib.domain.word import Word
from chalicelib.internal import access, body
from chalicelib.internal.access import Caller
from chalicelib.store.registry import organisations
from chalicelib.store.registry.certificates import Particulars


@dataclass(frozen=True, slots=True)
class Registration:
    """A certificate as its certifier or holder states it."""

    factory_id: str
    said: Particulars

    @property
    def place(self) -> tuple[str, str]:
        """Standard and number, as the registry compares them."""
        return self.said.standard_id, identity.squeeze_number(self.said.number)


@dataclass(frozen=True, slots=True)
class Statement:
    """A certifier's word on the standing of a certificate, which is named by its code, or by standard and number."""

    code: str | None
    place: tuple[str, str] | None
    word: Word


@dataclass(frozen=True, slots=True)
class Books:
    """What has to be looked up while rows are read: for many rows, each standard and certifier once."""

    organisation: Callable[[str, str], dict[str, Any] | None] = field(
        default_factory=lambda: cache(organisations.load), repr=False
    )


def registration(caller: Caller, given: Any, books: Books | None = None) -> Registration:
    """A certificate as a body, row or form states it, as the word of the caller."""
    required: dict[str, body.Check] = {
        "factory_id": body.code(identity.parse_factory_id),
        "number": _number,
        "standard_id": text.clean_tenant,
        "scope": lambda value: text.clean(value, text.LONG),
        "valid_from": body.day,
        "valid_to": body.day,
    }
    optional: dict[str, body.Check] = {"products": body.list_of(text.clean, 30), "gdti": _gdti}
    (required if caller.kind == "factory" else optional)["certifier"] = text.clean
    read = body.read(given, required, optional)
    if read["valid_to"] < read["valid_from"]:
        raise Malformed("The dates do not fit.", [Fault("/valid_to", "lies before valid_from")])
    return Registration(read["factory_id"], _particulars(caller, read, books or Books()))


def statement(given: Any, today: date, *, named: bool) -> Statement:
    """A change of standing as a body, row or form states it today; ``named``: it says itself of which certificate."""
    required: dict[str, body.Check] = {"standing": body.one_of(*Standing), "reason": text.clean}
    names: dict[str, body.Check] = {
        "code": body.code(identity.parse_certificate_code),
        "number": body.code(identity.squeeze_number),
        "standard_id": text.clean_tenant,
    }
    read = body.read(given, required, {"effective": body.day, **(names if named else {})})
    _not_to_come(read["effective"] or today, today)
    word = Word(Standing(read["standing"]), read["reason"], read["effective"], today, listed=named)
    code, number, standard = (read.get(name) for name in names)
    if named and code is None and (number is None or standard is None):
        raise Malformed("Which certificate?", [Fault("/code", "is missing: send code, or number and standard_id")])
    return Statement(code, (standard, number) if standard and number and not code else None, word)


def _not_to_come(effective: date, today: date) -> None:
    if effective > today:
        late = phrase("lies after today (%(today)s UTC): send the change on the day it takes effect", today=today)
        raise Malformed("The change lies in the future.", [Fault("/effective", late)])


def _particulars(caller: Caller, read: dict[str, Any], books: Books) -> Particulars:
    standard = books.organisation("standard", read["standard_id"])
    if standard is None:
        raise Malformed("The standard is not on record.", [Fault("/standard_id", "is not on record: ask the staff")])
    if caller.kind == "certifier" and "certificates:write" in caller.scopes:
        known = books.organisation("certifier", caller.tenant) or organisations.need("certifier", caller.tenant)
        certifier_id, certifier = caller.tenant, known["name"]
    elif caller.kind == "factory" and "certificates:declare" in caller.scopes:
        access.need_factory(caller, read["factory_id"])
        certifier_id, certifier = None, read["certifier"]
    else:
        raise NotAllowed("Certifiers confirm certificates, and factories declare theirs.")
    return Particulars(
        number=read["number"],
        standard_id=read["standard_id"],
        standard_name=standard["name"],
        certifier_id=certifier_id,
        certifier=certifier,
        scope=read["scope"],
        products=tuple(read["products"] or ()),
        valid_from=read["valid_from"],
        valid_to=read["valid_to"],
        gdti=read["gdti"],
    )


def _number(value: object) -> str:
    number = text.clean(value)
    identity.squeeze_number(number)
    return number


def _gdti(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("must be text: 13 digits and up to 17 characters")
    return identity.parse_gdti(value)
