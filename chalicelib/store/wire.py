"""Calls to AWS over HTTP/1.1, with little more than a socket: the road of all that the public asks of DynamoDB.

Only calls that may be repeated take it: reads, signing, and transactions that know themselves again (``commit``).
All failures are ``Unavailable``: not knowing is not knowing. A call is tried three times, with growing pauses, as
botocore's standard mode would; connections are kept.
"""

from __future__ import annotations

import json
import random
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.settings import Settings
from chalicelib.store import credentials, signature
from chalicelib.store.signature import DYNAMODB, Credentials, Service

CONNECT_SECONDS, READ_SECONDS = 1.0, 3.0
TRIES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.4  # seconds, with full jitter
_MOST_HEAD, _MOST_BODY = 65_536, 20_000_000  # bytes; DynamoDB's answers have at most 16 MB
_THROTTLED = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
)
_BUSY = (
    *_THROTTLED,
    "InternalServerError",
    "TransactionInProgressException",
    "LimitExceededException",
    "DependencyTimeoutException",
    "KMSInternalException",
)
_written = json.JSONEncoder(separators=(",", ":")).encode


class _Failed(Exception):
    """A try that may go better the next time."""


class Refused(Unavailable):
    """The service answered that it would not. ``kind`` is its name for that; ``answered``, all that it said."""

    def __init__(self, status: int, answered: dict[str, Any]) -> None:
        super().__init__("The registry could not be reached just now.")
        self.kind = str(answered.get("__type", "")).rpartition("#")[2]
        self.answered = answered
        self.passing = status >= 500 or self.kind in _BUSY
        self.__cause__ = _Failed(f"{status} {self.kind}")

    @property
    def throttled(self) -> bool:
        """Whether it was asked more than it takes."""
        return self.kind in _THROTTLED


class Wire:
    """The way to one endpoint. Threads may share it. ``given`` tells what to sign with, if not the settings do."""

    def __init__(
        self, chosen: Settings, service: Service = DYNAMODB, given: Callable[[], Credentials] | None = None
    ) -> None:
        local = chosen.dynamodb_endpoint if service is DYNAMODB else chosen.kms_endpoint
        endpoint = local or f"https://{service.name}.{chosen.region}.{_suffix(chosen.region)}"
        self._service = service
        address = urlsplit(endpoint)
        self._secure = address.scheme == "https"
        self._name, self._port = address.hostname or "", address.port or (443 if self._secure else 80)
        self._host = address.netloc.rpartition("@")[2]
        self._region = chosen.region
        self._authorities = chosen.ca_bundle
        self._credentials = given or credentials.source(chosen)
        self._idle: list[_Connection] = []

    @property
    def host(self) -> str:
        """The name that is asked, with the port if it is not the usual one."""
        return self._host

    def call(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What the service answers to an operation such as ``GetItem``, as it writes it (``{"S": …}``)."""
        return self.send(operation, _written(payload).encode())

    def send(self, operation: str, body: bytes, *, waits: bool = True) -> dict[str, Any]:
        """As ``call``, of what is encoded already. Unless it ``waits``, it is for the caller to wait when throttled."""
        for turn in range(TRIES):
            if turn:
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**turn)))  # nosec B311: jitter
            try:
                return self._tried(operation, body)
            except Refused as error:
                if not error.passing or (error.throttled and not waits) or turn == TRIES - 1:
                    raise
            except (OSError, _Failed) as error:
                failed: Exception = error
        raise Unavailable("The registry could not be reached just now.") from failed

    def warm(self) -> None:
        """Read the certificate authorities while a starting function has time for it.

        No connection is opened: one in a snapshot would be dead when the function wakes up.
        """
        if self._secure:
            _trusting(self._authorities)

    def close(self) -> None:
        """Close what is kept open. A call after that opens a connection again."""
        while self._idle:
            self._idle.pop().close()

    def _tried(self, operation: str, body: bytes) -> dict[str, Any]:
        status, answered = self._asked(operation, body)
        if status != 200:
            raise Refused(status, answered)
        return answered

    def _asked(self, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        given = self._credentials()
        made = signature.headers(given, self._region, self._host, self._service, operation, body, clock.now())
        head = "".join([f"{name}: {value}\r\n" for name, value in made])
        request = f"POST / HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body
        return self._exchanged(request)

    def _exchanged(self, request: bytes) -> tuple[int, dict[str, Any]]:
        """Send on a kept connection if there is one; the other side may have closed it meanwhile: then on a new one."""
        while self._idle:
            kept = self._idle.pop()
            try:
                return self._answered(kept, request)
            except TimeoutError:
                kept.close()
                raise
            except (OSError, _Failed):
                kept.close()
        fresh = self._opened()
        try:
            return self._answered(fresh, request)
        except (OSError, _Failed):
            fresh.close()
            raise

    def _answered(self, connection: _Connection, request: bytes) -> tuple[int, dict[str, Any]]:
        status, body, keeps = connection.exchange(request)
        if keeps:
            self._idle.append(connection)
        else:
            connection.close()
        try:
            answered = json.loads(body.decode()) if body else {}
        except ValueError:
            answered = {}
            if status == 200:
                raise _Failed("not JSON") from None
        return status, answered if isinstance(answered, dict) else {}

    def _opened(self) -> _Connection:
        plain = socket.create_connection((self._name, self._port), timeout=CONNECT_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(READ_SECONDS)
        if not self._secure:
            return _Connection(plain)
        return _Connection(_trusting(self._authorities).wrap_socket(plain, server_hostname=self._name))


class _Connection:
    """An HTTP/1.1 connection (RFC 9112) to a server that tells how long its answers are, as AWS does."""

    def __init__(self, plain: socket.socket) -> None:
        self._socket = plain
        self._rest = b""

    def close(self) -> None:
        self._socket.close()

    def exchange(self, request: bytes) -> tuple[int, bytes, bool]:
        """The status and body of the answer, and whether the connection stays open."""
        self._socket.sendall(request)
        head = self._until(b"\r\n\r\n").lower()
        version, _, rest = head.partition(b" ")
        if not version.startswith(b"http/1.") or not rest[:3].isdigit() or b"\r\ntransfer-encoding:" in head:
            raise _Failed("no answer of the service")
        length = _named(head, b"content-length")
        if not length.isdigit() or int(length) > _MOST_BODY:
            raise _Failed("an answer of unknown length")
        body = self._exactly(int(length))
        check = _named(head, b"x-amz-crc32")
        if check.isdigit() and int(check) != zlib.crc32(body):
            raise _Failed("bytes were changed on the way")
        return int(rest[:3]), body, _named(head, b"connection") != b"close" and version != b"http/1.0"

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            if len(self._rest) > _MOST_HEAD:
                raise _Failed("a head too long")
            self._more(65_536)
        head, _, self._rest = self._rest.partition(mark)
        return head

    def _exactly(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._more(length - len(self._rest))
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _more(self, most: int) -> None:
        got = self._socket.recv(most)
        if not got:
            raise _Failed("the connection was closed")
        self._rest += got


def _named(head: bytes, name: bytes) -> bytes:
    """The value of a header, empty if there is none. ``head`` is in small letters."""
    _, found, rest = head.partition(b"\r\n" + name + b":")
    return rest.partition(b"\r\n")[0].strip() if found else b""


@cache
def _trusting(authorities: str) -> ssl.SSLContext:
    """Trusts these certificate authorities, or the machine's; made when first needed, since it takes its time."""
    return ssl.create_default_context(cafile=authorities or None)


def _suffix(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
