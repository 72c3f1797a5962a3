"""Real requests bent out of shape: addresses, questions, headers, JSON and forms.

The same seed bends them alike, but for the identifiers that are drawn anew.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tests.safety.real import FORM, Request
from tests.safety.stage import Stage

MARKER = "\"'><fz-x onfocus=alert(1)>"
"""Markup that no page may take for its own."""
PIECES = [
    "%2F",
    "%00",
    "%ff",
    "%0d%0a",
    "%",
    "%zz",
    "..",
    "//",
    "?",
    "&",
    "=",
    "#",
    "%F0%9F%98%80",
    "'",
    ";",
    "\\",
    "~",
]
PIECES += ["%25", "+", "*", "é", "%ED%A0%80", "%E2%80%AE", "{x}", quote(MARKER), "%C2%B2", "0" * 300, "%EF%B7%BA" * 40]
TEXTS = [
    "",
    " ",
    MARKER,
    "{{ 7*7 }}",
    "%(x)s",
    "\x00",
    "a\r\nBcc: c@d.example",
    "\u202eevil",
    "Mi\u200bll",
    "\U0001f469" * 9,
]
TEXTS += ["a" + "\u0301" * 400, "=cmd|' /C calc'!A0", "../../etc", "9" * 400, "-1", "NaN", "²", "x" * 5000, "null"]
TEXTS += ["javascript:alert(1)", "https://user@evil.example", "2026-02-30", "9999-12-31", "\u2028", "ﷺ" * 90]
VALUES: list[Any] = [None, True, -1, 0, 1.5, 10**19, 1e308, [], {}, [[]], {"a": {}}, ["x", None], *TEXTS]
HEADERS = {
    "Content-Type": ["text/plain", "application/json; charset=utf-16", "multipart/form-data", "", "a/b", FORM],
    "Accept": ["application/json", "*/*;q=x", "text/csv", "application/linkset+json", "", "a" * 5000, "image/png"],
    "Accept-Language": ["xx", "fr;q=NaN", ";;,,", "ar", "en-" * 900, "\xff", "zh"],
    "Cookie": ["__Host-session=x", "a=b; ;;=", '__Host-session="\\', "lang=fr", "x" * 5000],
    "Authorization": ["Bearer x", "Bearer", "Basic dTpw", "bearer fid_000000000000_" + "x" * 43],
    "If-Match": ["*", '"²"', "", '"9999999"', 'W/"1"'],
    "If-None-Match": ["*", '"x"', "W/" * 50],
    "Idempotency-Key": ["", "k" * 201, "é", "night-1"],
    "Host": ["evil.example", "", "a b"],
    "X-Forwarded-Host": ["evil.example"],
    "X-CSRF-Token": ["0" * 64, "é", ""],
    "X-Acting-For": ["member:outfit", "x", "staff:staff"],
    "Sec-Fetch-Site": ["cross-site", "same-origin", "x"],
    "Origin": ["https://evil.example", "null"],
}
ASKED = "q lang cursor next url on known_at number standard country size label dark linkType ids kind about as page"


def mutated(draw: random.Random, real: Request, stage: Stage) -> Request:
    """A real request with one to three things wrong with it; one in six is left as it is, and sent by another."""
    bent = real
    if draw.random() < 0.25:
        bent = replace(bent, caller=draw.choice(list(stage.callers)))
    roads = [_path, _name, _query, _header]
    if real.body is not None:
        roads += [_content] * 5
    for _ in range(draw.choice((0, 1, 1, 2, 2, 3))):
        bent = draw.choice(roads)(draw, bent, stage)
    return bent


def _path(draw: random.Random, each: Request, _stage: Stage) -> Request:
    path, place = each.path, draw.randrange(1, len(each.path) + 1)
    match draw.randrange(3):
        case 0:
            path = path[:place] + draw.choice(PIECES) + path[place:]
        case 1:
            path = path[:place] + path[place + draw.randint(1, 4) :]
        case _:
            path = path[:place] + chr(draw.randrange(0x21, 0x7F)) + path[place + 1 :]
    return replace(each, path="/" + path.lstrip("/").replace("?", "%3F").replace("#", "%23"))


def _name(draw: random.Random, each: Request, stage: Stage) -> Request:
    """What the path names is another's, not there, or no name at all."""
    held = [name for name, value in stage.names.items() if f"/{value}" in each.path]
    if not held:
        return each
    name = draw.choice(held)
    odd = [stage.foreign.get(name, "0" * 12), *(quote(text, safe="") for text in TEXTS[:12]), *PIECES[:4]]
    return replace(each, path=each.path.replace(f"/{stage.names[name]}", f"/{draw.choice(odd) or 'x'}"))


def _query(draw: random.Random, each: Request, _stage: Stage) -> Request:
    said = [f"{draw.choice(ASKED.split())}={draw.choice([*PIECES, *map(quote, TEXTS)])}" for _ in range(2)]
    return replace(each, query="&".join([*filter(None, [each.query]), *said]))


def _header(draw: random.Random, each: Request, _stage: Stage) -> Request:
    name = draw.choice(list(HEADERS))
    return replace(each, headers={**each.headers, name: draw.choice(HEADERS[name])})


def _content(draw: random.Random, each: Request, _stage: Stage) -> Request:
    if isinstance(each.body, bytes) or draw.random() < 0.15:
        raw = bytearray(each.content or b"{}")
        place = draw.randrange(len(raw))
        raw[place : place + draw.randrange(4)] = draw.choice([b"", b"\xff", b"\x00", b'"', b"{", b"NaN", b'\\ud800"'])
        return replace(each, body=bytes(raw))
    if each.media == FORM:
        typed = dict(each.body)
        name = draw.choice([*typed, "unheard_of"])
        if draw.random() < 0.2:
            typed.pop(name, None)
        else:
            typed[name] = draw.choice(TEXTS)
        return replace(each, body=typed)
    body = copy.deepcopy(each.body)
    places = list(_places(body))
    if not places:
        return replace(each, body={draw.choice(TEXTS): draw.choice(VALUES)})
    draw.choice(places)(draw)
    return replace(each, body=body)


def _places(node: Any) -> list[Callable[[random.Random], None]]:
    """Ways to spoil each place of a JSON value."""
    found: list[Callable[[random.Random], None]] = []
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        found += [lambda draw, key=key: _spoil(draw, node, key), *_places(node[key])]
    return found


def _spoil(draw: random.Random, node: Any, key: Any) -> None:
    match draw.randrange(5):
        case 0:
            del node[key]
        case 1 if isinstance(node, dict):
            node[draw.choice(["factory_id", "rating", "__proto__", "", MARKER])] = draw.choice(VALUES)
        case 2:
            node[key] = [node[key]] * draw.choice((0, 2, 40))
        case _:
            node[key] = draw.choice(VALUES)
