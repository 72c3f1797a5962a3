"""A proxy before the local engine that throttles, fails, delays, and loses replies to what was committed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

from infra.engine import Engine, free_port
from infra.package import PROJECT

COMMITTED_REPLY_LOST = {"operation": "TransactWriteItems", "probability": 0.35, "response": {"abort_bytes": 0}}
THROTTLED = {"probability": 0.06, "error": {"code": "ThrottlingException", "status": 400}}
FAILED = {"probability": 0.06, "error": {"code": "InternalServerError", "status": 500}}
LATE = {"probability": 0.2, "latency": {"min": 1, "max": 8}}
RULES = [{"service": "dynamodb", **rule} for rule in (COMMITTED_REPLY_LOST, THROTTLED, FAILED, LATE)]
KINDS = ("response:abort", "error:ThrottlingException", "error:InternalServerError", "latency")
"""What the proxy calls what it did. A rule that it does not understand it takes in silence: so this is looked at."""
_PATIENCE = 30.0


class Faulty:
    """A proxy at ``url``. Without rules it hands everything through."""

    def __init__(self, upstream: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program = [sys.executable, "-m", "tests.safety.proxy", "--upstream", upstream, "--port", str(self.port)]
        self._process = subprocess.Popen(program, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._link = HTTPConnection("127.0.0.1", self.port, timeout=10)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                self._ask("GET", "health")
                return
            except OSError:
                self._link.close()
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("The proxy did not start.")

    def stop(self) -> None:
        """End it."""
        self._link.close()
        self._process.terminate()
        self._process.wait(_PATIENCE)

    def play(self, rules: list[dict[str, Any]]) -> None:
        """From now on."""
        self._ask("POST", "rules", rules)

    def fired(self) -> Counter[str]:
        """What it did so far, by kind."""
        told = self._asked("GET", "metrics").decode()  # its log of them holds no more than the last 2,000
        counted = Counter[str]()
        for action, number in re.findall(r'action="([^"]+)"} (\d+)', told):
            counted[action] += int(number)
        return counted

    def _ask(self, method: str, what: str, body: Any = None) -> Any:
        content = self._asked(method, what, body)
        return json.loads(content) if content else None

    def _asked(self, method: str, what: str, body: Any = None) -> bytes:
        try:
            return self._once(method, what, body)
        except ConnectionError:  # it hangs up on who says nothing for minutes
            self._link.close()
            return self._once(method, what, body)

    def _once(self, method: str, what: str, body: Any) -> bytes:
        sent = None if body is None else json.dumps(body)
        self._link.request(method, f"/_microburst/{what}", sent, {"Content-Type": "application/json"})
        reply = self._link.getresponse()
        content = reply.read()
        assert reply.status < 300, (reply.status, content)
        return content


@contextmanager
def faulty(engine: Engine) -> Iterator[Faulty]:
    """A proxy before an engine. Its first answer takes it seconds, in which it reads what DynamoDB is."""
    proxy = Faulty(engine.url)
    try:
        engine.client("dynamodb", endpoint_url=proxy.url).list_tables()
        yield proxy
    finally:
        proxy.stop()
