"""A claim as a body or form says it: checked, and what it rests on looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.claim import LONGEST, PROGRAMMES, Basis, Claim, Holder, NamedVerifier, Rests
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_language
from chalicelib.internal import body
from chalicelib.internal.body import Check
from chalicelib.store.registry import claims as store
from chalicelib.store.registry import organisations
from chalicelib.store.registry.claims import Shelf

_TITLE = 120


def claim(given: Any, shelf: Shelf, claim_id: str, made_by: str) -> Claim:
    """The claim that somebody would make on a record; ``Malformed`` with every fault."""
    read = body.read(
        given,
        {"text": _text, "language": clean_language, "basis": _basis},
        {"verifier": _verifier},
    )
    basis = _known(read["basis"], shelf)
    today = clock.today().isoformat()
    return Claim(claim_id, read["text"], read["language"], basis, read["verifier"], None, today, made_by)


def _text(value: Any) -> str:
    return text.clean(value, LONGEST)


def secure(value: Any) -> str:
    """A web address that is read over https."""
    address = text.clean_website(value)
    if not address.startswith("https://"):
        raise Malformed("must be an address that begins with https://")
    return address


def _title(value: Any) -> str:
    return text.clean(value, _TITLE)


_OF_BASIS: Mapping[Rests, Mapping[str, Check]] = {
    Rests.CERTIFICATE: {"code": body.code(identity.parse_certificate_code)},
    Rests.STANDARD: {"standard_id": text.clean_tenant},
    Rests.PROGRAMME: {"programme": body.one_of(*PROGRAMMES)},
    Rests.EVIDENCE: {"url": secure, "title": _title},
    Rests.NONE: {},
}


def _basis(value: Any) -> Basis:
    kinds = body.one_of(*Rests)
    if not isinstance(value, dict):
        raise Malformed("must be an object")
    try:
        kind = Rests(kinds(value.get("kind")))
    except Malformed as error:
        raise Malformed("", [Fault("/basis/kind", error.detail)]) from error
    read = body.read(value, {"kind": kinds, **_OF_BASIS[kind]}, pointer="/basis")
    ref = next((str(read[name]) for name in ("code", "standard_id", "programme", "url") if name in read), "")
    return Basis(kind, ref, read.get("title", ""))


def _verifier(value: Any) -> NamedVerifier:
    read = body.read(value, {"name": _title}, {"on": _past, "url": secure}, pointer="/verifier")
    return NamedVerifier(read["name"], read["on"], read["url"])


def _past(value: Any) -> str:
    day = body.day(value)
    if day > clock.today():
        raise Malformed("must not lie in the future")
    return day.isoformat()


def _known(basis: Basis, shelf: Shelf) -> Basis:
    """The same, if what it names is on record: of a factory its own certificates, of a product those of its makers."""
    if basis.kind is Rests.CERTIFICATE:
        held = store.on_record([basis.ref]) if shelf.kind is Holder.MEMBER else shelf.certificates
        if basis.ref not in held:
            fault = Fault("/basis/code", _NOT_HELD[shelf.kind])
            raise Malformed("Something is missing or not as it should be.", [fault])
    if basis.kind is Rests.STANDARD:
        standard = organisations.load("standard", basis.ref)
        if standard is None:
            fault = Fault("/basis/standard_id", "is not on record")
            raise Malformed("Something is missing or not as it should be.", [fault])
        return Basis(basis.kind, basis.ref, str(standard.get("short_name") or standard["name"]))
    return basis


_NOT_HELD = {
    Holder.FACTORY: "is no certificate of this factory",
    Holder.PRODUCT: "is no certificate of a factory of its stages",
    Holder.MEMBER: "is not on record",
}
