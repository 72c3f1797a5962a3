"""The service over HTTP: one connection, repeated where that is safe until it answers or patience ends."""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from factory_id.endings import Stopped, WrongUse

TIMEOUT = 120  # seconds
LONGEST_PAUSE = 60.0
_JSON = "application/json"
_PASSING = frozenset({429, 500, 502, 503, 504})
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The content read as JSON; ``Stopped`` if it is none, since then this is not the service."""
        try:
            return json.loads(self.content)
        except ValueError as error:
            told = f"The address answered {self.status} with something else than JSON. Is the URL that of the service?"
            raise Stopped(told) from error

    @property
    def why(self) -> str:
        """What a problem document says."""
        try:
            problem = json.loads(self.content)
            faults = [f"{fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", [])]
            return "; ".join(faults) or str(problem.get("detail") or problem.get("title") or self.status)
        except (ValueError, KeyError, TypeError, AttributeError):
            return f"the answer was {self.status}"


class Refused(Exception):
    """The service refused: ``reply`` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.why)
        self.reply = reply


class Service:
    """The service at a URL, called with a key or without one."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        patience: float = 900,
        note: Callable[[str], None] = lambda _text: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``patience``: seconds of trying in vain after which to give up. ``note`` is told of each pause."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise WrongUse(f"{url!r} is no URL of a service: write it as https://factory-id.example")
        if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise WrongUse("Over http:// everybody on the way could read the key: use https://")
        self.url = url.rstrip("/")
        self.note = note
        self._parts, self._base = parts, parts.path.rstrip("/")
        self._key, self._patience, self._sleep = key, patience, sleep
        self._connection: HTTPConnection | None = None

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        repeat: bool = True,
        accept: str = _JSON,
    ) -> Reply:
        """A request and its reply. ``body``: bytes as they are, anything else as JSON.

        ``repeat``: whether it may be sent again when the reply was lost. Raises ``Refused`` for any 4xx that nothing
        but another request can mend, ``Stopped`` where going on makes no sense.
        """
        payload = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Accept": accept, "User-Agent": "factory-id", **(headers or {})}
        if payload is not None:
            sent["Content-Type"] = _JSON
        if self._key:
            sent["Authorization"] = f"Bearer {self._key}"
        reply = self._persistently(method, self._base + path, payload, sent, repeat)
        if reply.status == 401:
            raise Stopped("The key is not valid, or it was revoked. Put a valid one into FACTORY_ID_KEY or --key-file.")
        if reply.status == 403:
            raise Stopped(f"This key may not do that: {reply.why} Use a key made for it.")
        if 300 <= reply.status < 400:
            raise Stopped(f"The address leads elsewhere ({reply.headers.get('location', '?')}): give that as the URL.")
        if reply.status >= 400:
            raise Refused(reply)
        return reply

    def _persistently(
        self, method: str, path: str, payload: bytes | None, headers: dict[str, str], repeat: bool
    ) -> Reply:
        began, turn = time.monotonic(), 0
        while True:
            reply, why = self._once(method, path, payload, headers)
            if reply is not None and reply.status not in _PASSING:
                return reply
            pause = self._pause(reply, turn)
            if not repeat or time.monotonic() - began + pause > self._patience:
                again = "" if repeat else " It is not known whether it was done: look before you send it again."
                raise Stopped(f"{self.url} does not answer as it should: {why}.{again}")
            self.note(f"{why}: trying again in {pause:.0f} s …")
            self._sleep(pause)
            turn += 1

    def _once(self, method: str, path: str, payload: bytes | None, headers: dict[str, str]) -> tuple[Reply | None, str]:
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.request(method, path, body=payload, headers=headers)
            answer = self._connection.getresponse()
            folded = {name.lower(): value for name, value in answer.getheaders()}
            reply = Reply(answer.status, folded, answer.read())
        except ssl.SSLCertVerificationError as error:
            raise Stopped(
                f"{self.url} could not prove who it is ({error.verify_message}). Nothing was sent."
            ) from error
        except (OSError, HTTPException) as error:
            self.close()
            return None, f"no connection ({error or type(error).__name__})"
        return reply, reply.why if reply.status in _PASSING else ""

    def _connected(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=TIMEOUT)
        return HTTPConnection(host, port, timeout=TIMEOUT)

    @staticmethod
    def _pause(reply: Reply | None, turn: int) -> float:
        asked = reply.headers.get("retry-after", "") if reply is not None else ""
        jitter = random.uniform(0.5, 1)  # nosec B311: no secret
        if asked.isascii() and asked.isdigit():
            return min(LONGEST_PAUSE, float(asked)) + jitter
        return jitter * min(LONGEST_PAUSE, 0.5 * 2.0**turn)

    def close(self) -> None:
        """Let the connection go; the next call makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
