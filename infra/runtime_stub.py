"""A Lambda Runtime API on 127.0.0.1, for running a function as Lambda does, with ``awslambdaric``."""

from __future__ import annotations

import json
import queue
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

ARN = "arn:aws:lambda:eu-central-1:000000000000:function:factory-id"


class InvocationError(RuntimeError):
    """The function raised, did not start, or did not answer in time; the message is what the runtime reported."""


class RuntimeApi:
    """Hands events to one function, and its answers back. A context manager."""

    def __init__(self) -> None:
        self._events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._answers: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.events, self._server.answers = self._events, self._answers
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def invoke(self, event: dict[str, Any], timeout: float = 30.0) -> dict[str, Any]:
        """The function's answer to ``event``. Raises InvocationError."""
        self._events.put((str(uuid.uuid4()), json.dumps(event).encode()))
        try:
            kind, body = self._answers.get(timeout=timeout)
        except queue.Empty:
            raise InvocationError(f"no answer in {timeout} s") from None
        if kind != "response":
            raise InvocationError(body.decode(errors="replace"))
        answer: dict[str, Any] = json.loads(body)
        return answer

    def __enter__(self) -> RuntimeApi:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.put(("", b""))  # lets a waiting handler go
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    events: queue.Queue[tuple[str, bytes]]
    answers: queue.Queue[tuple[str, bytes]]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A function that is ended hangs up in the middle: no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: with Nagle's algorithm the second would wait 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """The runtime asks for its next event."""
        request_id, event = self.server.events.get()
        if not request_id:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(event)))
        self.send_header("Lambda-Runtime-Aws-Request-Id", request_id)
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", ARN)
        self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        """The runtime hands over an answer, or what went wrong."""
        body = self._body()
        self.server.answers.put(("response" if self.path.endswith("/response") else "error", body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
