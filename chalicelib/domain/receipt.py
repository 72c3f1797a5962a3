"""Proof that somebody checked: the question, the answer and the moment, as the registry signs them.

A receipt says what was answered then, of one certificate or of a list. It says nothing of today.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain import jws, merkle
from chalicelib.domain.disclosure import CertificateAnswer, answer_on
from chalicelib.domain.errors import Malformed

TYPE = "receipt+jwt"
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}(?![A-Za-z0-9_-])")
_LONGEST_NAME = 120  # characters: a longer name is cut, since the receipt must fit a code


@dataclass(frozen=True, slots=True)
class Position:
    """How far the log of changes had come: so many entries, and the root of their last signed checkpoint."""

    size: int
    root: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """A receipt as it was given: the key's name, what is signed, the signature, what it says."""

    kid: str
    signed: bytes
    signature: bytes
    said: Mapping[str, Any]


def of_answer(answer: CertificateAnswer, version: str) -> dict[str, Any]:
    """Question and answer about one certificate. ``version``: the digest of what was on record (``data_version``).

    An answer by what was once known comes with that by all that is known now: else it would pass for it.
    """
    page = answer.certificate
    question: dict[str, Any] = {"code": page.code, "on": answer.day.isoformat()}
    if answer.known is not None:
        question["known_at"] = answer.known
    said = {
        "question": question,
        "answer": {
            **standing(answer),
            "number": _cut(page.number),
            "standard": _cut(page.standard_name),
            "holder": _cut(page.holder_name),
            "factory_id": page.holder_id,
            "certifier": _cut(page.certifier),
            "valid_from": page.valid_from.isoformat(),
            "valid_to": page.valid_to.isoformat(),
        },
        "version": version,
    }
    return said if answer.known is None else {**said, "known_now": standing(answer_on(page, answer.day))}


def standing(answer: CertificateAnswer) -> dict[str, Any]:
    """The part of an answer that may be another one later."""
    return {"status": answer.status.value, "confirmed": answer.confirmed}


def of_list(
    rows: Sequence[Mapping[str, Any]],
    day: date,
    known: str | None,
    counts: Mapping[str, int],
    counts_now: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Question and answer about a list: how many of each status, and the root over the rows (RFC 9162 hashing).

    The rows go with the receipt; any one of them can be proved with the hashes beside it alone. ``counts_now``: by all
    that is known now, where the answers are by what was once ``known``.
    """
    question: dict[str, Any] = {"lines": len(rows), "on": day.isoformat()}
    if known is not None:
        question["known_at"] = known
    said = {"question": question, "answer": {"counts": dict(counts)}, "rows": root_over(rows)}
    return said if counts_now is None else {**said, "known_now": {"counts": dict(counts_now)}}


def faces(counts: Mapping[str, int]) -> dict[str, int]:
    """How many lines of a list show which word: ``declared`` for valid ones that no certifier has confirmed."""
    declared = counts.get("valid_not_confirmed", 0)
    others = {name: number for name, number in counts.items() if name not in ("total", "valid", "valid_not_confirmed")}
    return {"valid": counts.get("valid", 0) - declared, "declared": declared, **others}


def root_over(rows: Sequence[Mapping[str, Any]]) -> str:
    """The root over the rows of a list, each a leaf: JSON with sorted names and without blanks, as base64url."""
    return jws.base64url(merkle.root([merkle.leaf_hash(canonical(row)) for row in rows]))


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON object that are hashed: names in order, no blanks, letters as they are."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def data_version(body: Mapping[str, Any]) -> str:
    """What names a state of a record: the first half of SHA-256 over what anyone may see of it, as base64url."""
    return jws.base64url(hashlib.sha256(canonical(body)).digest()[:16])


def payload(issuer: str, issued: int, identifier: str, said: Mapping[str, Any], at: Position | None) -> dict[str, Any]:
    """What is signed. ``issued``: seconds since 1970; ``identifier``: unique; ``at``: where the log stood."""
    position = {"log": {"size": at.size, "root": at.root}} if at is not None else {}
    return {"iss": issuer, "iat": issued, "jti": identifier, **said, **position}


def found_in(content: str) -> Read:
    """The receipt that stands somewhere in a text: a token, an address, a PDF. ``Malformed`` unless just one does."""
    tokens = set(_TOKEN.findall(content))
    if not tokens:
        raise Malformed("There is no receipt in this. It begins with eyJ and is one long line.")
    if len(tokens) > 1:
        raise Malformed("There is more than one receipt in this. Check them one by one.")
    header, said, signed, signature = jws.read(tokens.pop())
    if header.get("typ") != TYPE or header.get("alg") != "ES256" or not isinstance(header.get("kid"), str):
        raise Malformed("This is signed, but it is no receipt.")
    return Read(header["kid"], signed, signature, said)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
