"""The only door to addresses that others gave us: https, to the internet alone, bounded in time and in bytes.

A name is resolved once. Every address that it leads to must be public, and the connection goes to one of these very
addresses, so that a name which leads elsewhere a moment later leads nowhere. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.domain.webhook import is_public

SECONDS = 10.0
"""For all of it: a host that sends a byte a second gets no more."""
_PER_STEP = 5.0


class NotDelivered(Exception):
    """It was not taken; the message says why, in a few words without the address."""


class _Pinned(http.client.HTTPSConnection):
    """To one address, in the name of the host: in the handshake, in the certificate's check, in the Host header."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._context_used = ssl.create_default_context()
        super().__init__(host=host, port=port, timeout=_PER_STEP, context=self._context_used)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), _PER_STEP)  # so that a slow handshake is cut
        self.sock = self._context_used.wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, content: bytes, headers: Mapping[str, str]) -> None:
    """Send it; ``NotDelivered`` unless it was answered with a status of 200 to 299."""
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or 443
    connection = _Pinned(host, port, address_of(host, port))
    clock = threading.Timer(SECONDS, _cut, [connection])
    clock.daemon = True
    clock.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, content, {**headers, "Connection": "close"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(type(error).__name__) from error
    finally:
        clock.cancel()
        connection.close()
    if not 200 <= status <= 299:
        raise NotDelivered(f"HTTP {status}")


def address_of(host: str, port: int) -> str:
    """Where a name leads; ``NotDelivered`` if any of its addresses is not of the internet."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotDelivered("no such host") from error
    if not found or not all(is_public(address) for address in found):
        raise NotDelivered("not an address of the internet")
    return found[0]


def _cut(connection: http.client.HTTPConnection) -> None:
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already
