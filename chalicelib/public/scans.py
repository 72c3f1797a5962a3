"""One line in the log for each scan: what was scanned, and nothing that tells who scanned it.

The public side has no right to write, so it counts nothing itself: ``internal/scans`` reads the lines and adds them up.
``docs/decisions/0023-counting-scans.md`` says why what stands in a line is little enough.
"""

from __future__ import annotations

import hmac
import json
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from chalice.app import Response

from chalicelib import clock
from chalicelib.public import edge
from chalicelib.web.request import Ask

PROGRAMS = (
    *("bot", "crawl", "spider", "slurp", "preview", "externalhit", "whatsapp", "embed", "fetch", "monitor", "uptime"),
    *(
        "headless",
        "lighthouse",
        "curl",
        "wget",
        "python",
        "java/",
        "go-http",
        "okhttp",
        "axios",
        "node",
        "ruby",
        "perl",
    ),
)
"""Words of a User-Agent that make it a program, in small letters. A browser has none of them."""
PLACE_DIGITS = 4
"""Hexadecimal digits of a place: so few that, even with the secret, each stands for 256 networks of IPv4."""
log_line: Callable[[str], object] = sys.stdout.write
"""Where a line goes. Lambda takes what is printed to the log; the demo puts its own queue here."""


def counted(ask: Ask, kind: str, code: str, answer: Response, serial: str | None = None) -> Response:
    """The answer as it is, after a line was written of it. Whatever goes wrong here is nobody's trouble.

    ``kind``: ``f``, ``c`` or ``p``. Only GET is a scan: HEAD and linksets are asked for by programs. An answer that
    becomes a 304 is one, since somebody looks at the page again.
    """
    if edge.SETTINGS.scan_secret and ask.method == "GET" and answer.status_code == 200:
        with suppress(Exception):
            log_line(line(ask, kind, code, serial) + "\n")
    return answer


def line(ask: Ask, kind: str, code: str, serial: str | None = None) -> str:
    """What the log says of a scan: no address, no User-Agent."""
    told: dict[str, object] = {"scan": kind, "code": code}
    if serial:
        told["serial"] = serial
    return json.dumps({**told, "place": _place(_address(ask)), "country": _country(ask), "bot": is_program(ask)})


def is_program(ask: Ask) -> bool:
    """Whether a program asks, or a browser that fetches a page before anybody wanted it."""
    agent = ask.header("user-agent").lower()
    purpose = f"{ask.header('sec-purpose')} {ask.header('purpose')}".lower()
    early = any(word in purpose for word in ("prefetch", "preview", "prerender"))
    agent = agent.replace("cubot", "")  # a make of phones
    return not agent or early or any(word in agent for word in PROGRAMS)


def _place(address: str) -> str:
    """A mark for the network of an address that is another one tomorrow; empty if the address is not known."""
    network = _network(address)
    if not network:
        return ""
    salt = hmac.digest(edge.SETTINGS.scan_secret.encode(), clock.today().isoformat().encode(), "sha256")
    return hmac.digest(salt, network, "sha256").hex()[:PLACE_DIGITS]


def _network(address: str) -> bytes:
    """The first 24 bits of an IPv4 address, or 48 of IPv6."""
    for family, bytes_kept in ((socket.AF_INET, 3), (socket.AF_INET6, 6)):
        try:
            return socket.inet_pton(family, address)[:bytes_kept]
        except OSError:
            continue
    return b""


def _address(ask: Ask) -> str:
    if not edge.SETTINGS.behind_cloudfront:
        return ask.address
    viewer = ask.header("cloudfront-viewer-address").rpartition(":")[0]  # behind the last colon is the port
    return viewer.strip("[]")


def _country(ask: Ask) -> str:
    """Where CloudFront says that it is. Anybody could send the header to a gateway without CloudFront before it."""
    told = ask.header("cloudfront-viewer-country") if edge.SETTINGS.behind_cloudfront else ""
    return told if len(told) == 2 and told.isascii() and told.isalpha() and told.isupper() else "unknown"
