"""The public function in a process of its own: it answers over HTTP, one request at a time as Lambda does, or repeats.

``worker.py serve`` prints its port; ``serve careless`` keeps answers and files, to show that it would be seen.
``worker.py repeat FILE NUMBER EVERY [leak]`` sends itself the requests of a JSON
file in turn, and prints what it holds after every so many. Nothing but the function and the standard library is
imported: the function's packages alone are on the path.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import selectors
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

STATE = "/-/state"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_connect = socket.create_connection
_made = Counter[str]()


def _counted(*given: Any, **named: Any) -> socket.socket:
    _made["connections"] += 1
    return _connect(*given, **named)


socket.create_connection = _counted  # before the function, whose wire opens its connections by it

from start import app  # type: ignore[import-not-found]  # noqa: E402


def state() -> dict[str, int]:
    """What this process holds and did."""
    return {
        "memory": int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE,
        "files": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "connections": _made["connections"],
        "answered": _made["answered"],
        "cpu": round(time.process_time() * 1_000_000),
    }


def event(method: str, target: str, headers: dict[str, str], body: str) -> dict[str, Any]:
    """A request as a function URL hands it over."""
    path, _, query = target.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "factory-id.example", "x-forwarded-proto": "https", **headers},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "00000000-0000-0000-0000-000000000000",
            "stage": "$default",
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def ask(method: str, target: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], bytes]:
    """The function's answer."""
    answer = app(event(method, target, headers, body), None)
    _made["answered"] += 1
    raw = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return answer["statusCode"], answer["headers"], raw


class Server:
    """Whoever is connected is answered in turn."""

    def __init__(self, *, careless: bool) -> None:
        self._kept: dict[str, Any] | None = {} if careless else None
        self._files: list[Any] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def serve(self) -> None:
        """For ever."""
        waiting = selectors.DefaultSelector()
        waiting.register(self._listening, selectors.EVENT_READ)
        while True:
            for ready, _ in waiting.select():
                if ready.fileobj is self._listening:
                    connection, _ = self._listening.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    waiting.register(connection, selectors.EVENT_READ)
                elif not self._answered(ready.fileobj):  # type: ignore[arg-type]
                    waiting.unregister(ready.fileobj)
                    ready.fileobj.close()  # type: ignore[union-attr]

    def _answered(self, connection: socket.socket) -> bool:
        """Read one request and answer it; whether there was one."""
        received = b""
        while b"\r\n\r\n" not in received:
            more = connection.recv(65_536)
            if not more:
                return False
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65_536)
        if target == STATE:
            status, named, content = 200, dict[str, str](), json.dumps(state()).encode()
        else:
            status, named, content = self._ask(method, target, headers, body.decode())
        told = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        connection.sendall(f"HTTP/1.1 {status} -\r\n{told}content-length: {len(content)}\r\n\r\n".encode() + content)
        return True

    def _ask(self, method: str, target: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], bytes]:
        if self._kept is None:
            return ask(method, target, headers, body)
        self._files.append(os.open(os.devnull, os.O_RDONLY))
        where = target + body
        self._kept[where] = self._kept.get(where) or ask(method, target, headers, body)
        return self._kept[where]  # type: ignore[no-any-return]


def repeat(file: Path, number: int, every: int, *, leak: bool) -> None:
    """Ask so often. With ``leak`` each answer is kept four times over, to show that it would be seen."""
    requests = json.loads(file.read_text("utf-8"))
    kept: list[bytes] = []
    statuses, unlike = Counter[int](), Counter[str]()
    for turn in range(1, number + 1):
        method, target, headers, body, there = requests[turn % len(requests)]
        status, _, content = ask(method, target, headers, body)
        statuses[status] += 1
        if status != 503 and (status >= 500 or (status < 400) != there):
            unlike[f"{method} {target[:80]} {status}"] += 1
        if leak:
            kept.append(content * 4)
        if turn % every == 0:
            gc.collect()
            print(json.dumps({**state(), "statuses": statuses, "unlike": unlike}), flush=True)


def main() -> None:
    """What is asked for on the command line."""
    what, *more = sys.argv[1:]
    if what == "serve":
        server = Server(careless="careless" in more)
        print(server.port, flush=True)
        server.serve()
    else:
        repeat(Path(more[0]), int(more[1]), int(more[2]), leak="leak" in more)


if __name__ == "__main__":
    main()
