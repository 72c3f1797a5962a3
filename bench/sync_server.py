"""The service in a process of its own, which counts the write units that it asks of DynamoDB: ``sync_resume`` uses it.

It prints its port; stopped by SIGTERM it prints what it counted, as JSON.
"""

from __future__ import annotations

import json
import signal
import threading
from collections import Counter
from typing import Any
from unittest.mock import patch

from botocore.httpsession import URLLib3Session

from bench import traffic


class Meter:
    """Counts requests and write units as they are sent, keeping nothing of them."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self._lock = threading.Lock()

    def send(self, session: URLLib3Session, request: Any, *, real: Any = URLLib3Session.send) -> Any:
        """In place of botocore's own ``send``."""
        operation = traffic.operation(request.headers.get("X-Amz-Target", ""))
        units = traffic.all_write_units(operation, request.body)
        with self._lock:
            self.counted["requests"] += 1
            self.counted["transactions"] += operation == "TransactWriteItems"
            self.counted["write_units"] += units
        return real(session, request)


def main() -> None:
    """Serve until SIGTERM."""
    from app import app
    from infra.serve import Site

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    meter = Meter()

    def send(session: URLLib3Session, request: Any) -> Any:  # a method bound to the meter would not get the session
        return meter.send(session, request)

    with patch.object(URLLib3Session, "send", send):
        site = Site(app, "127.0.0.1", 0).start()
        print(site.port, flush=True)
        stopped.wait()
        site.stop()
    print(json.dumps(meter.counted), flush=True)


if __name__ == "__main__":
    main()
