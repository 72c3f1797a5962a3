"""A public table in memory behind a socket that fails now and then, for a function that is watched while it asks."""

from __future__ import annotations

import json
import random
import socket
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.guarded import Table

FAULTS = ("throttled", "failed", "hung up", "cut short")


class Upstream:
    """Answers as DynamoDB does, but for a ``share`` of the requests. ``fired`` counts what it did to those."""

    def __init__(self, items: list[dict[str, Any]], share: float) -> None:
        self.fired = Counter[str]()
        self.connections = 0
        self._table, self._share, self._random = Table(items), share, random.Random(8)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as read:
            while self._answered(connection, read):
                pass

    def _answered(self, connection: socket.socket, read: Any) -> bool:
        """Answer one request; whether the connection stays."""
        named: dict[str, str] = {}
        while (line := read.readline().decode("latin-1")) not in ("\r\n", ""):
            name, _, value = line.partition(":")
            named[name.lower()] = value.strip()
        if not named:
            return False
        asked = json.loads(read.read(int(named["content-length"])))
        fault = self._random.choice(FAULTS) if self._random.random() < self._share else ""
        if fault:
            self.fired[fault] += 1
        if fault == "hung up":
            return False
        if fault == "throttled":
            sent = _answer(400, {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"})
        elif fault == "failed":
            sent = _answer(500, {"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"})
        else:
            sent = _answer(200, self._table.call(named["x-amz-target"].partition(".")[2], asked))
        connection.sendall(sent[:-1] if fault == "cut short" else sent)
        return fault != "cut short"


def _answer(status: int, content: dict[str, Any]) -> bytes:
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(body)}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
    return head.encode() + body


@contextmanager
def upstream(items: list[dict[str, Any]], share: float) -> Iterator[Upstream]:
    """One that is closed afterwards."""
    running = Upstream(items, share)
    try:
        yield running
    finally:
        running.close()
