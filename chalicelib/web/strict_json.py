"""JSON as RFC 8259 means it and no looser: what two readers could take differently is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NoReturn

from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.phrase import phrase

DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(body: bytes) -> Any:
    """The value of a JSON text in UTF-8. ``Malformed`` on NaN, duplicate names, lone surrogates and deep nesting."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    if _too_deep(text):
        raise Malformed(phrase("The body nests deeper than %(most)s levels.", most=DEEPEST))
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=_bounded)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Malformed(phrase("The body is not JSON at line %(line)s, column %(column)s.", **place)) from error
    except RecursionError as error:
        raise Malformed("The body is not JSON.") from error
    _no_surrogates(value)
    return value


def parse_object(body: bytes) -> dict[str, Any]:
    """As ``parse``, for bodies that must be a JSON object."""
    value = parse(body)
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object.")
    return value


def _too_deep(text: str) -> bool:
    depth = deepest = 0
    in_string = escaped = False
    for letter in text:
        if in_string:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_string = False
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest > DEEPEST


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise Malformed(
            "A name stands twice in one object.", [Fault("", phrase("%(name)s stands twice", name=repr(twice[:50])))]
        )
    return found


def _no_constant(name: str) -> NoReturn:
    raise Malformed(phrase("%(name)s is no JSON number.", name=name))


def _bounded(digits: str) -> int:
    if len(digits) > 20:
        raise Malformed("A number is too large.")
    return int(digits)


def _no_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise Malformed("A text holds half a surrogate pair.")
    elif isinstance(value, dict):
        for name, entry in value.items():
            _no_surrogates(name)
            _no_surrogates(entry)
    elif isinstance(value, list):
        for entry in value:
            _no_surrogates(entry)
