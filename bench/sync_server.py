"""The service in a process of its own, which counts the write units that it asks of DynamoDB: ``sync_resume`` uses it.

It prints its port; stopped by SIGTERM it prints what it counted, as JSON, and the most memory that it held: before the
first request, and in all (resident, MB).
"""

from __future__ import annotations

import json
import re
import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench import traffic
from chalicelib.store.wire import Wire


class Meter:
    """Counts requests and write units as they are sent, keeping nothing of them."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, operation: str, body: bytes) -> None:
        """Count one request."""
        units = traffic.all_write_units(operation, body)
        with self._lock:
            self.counted["requests"] += 1
            self.counted["transactions"] += operation == "TransactWriteItems"
            self.counted["write_units"] += units


def _most_memory() -> int:
    """Of this process alone: what ``getrusage`` tells may be that of the one which started it."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(told[1]) // 1024 if told else 0


def main() -> None:
    """Serve until SIGTERM."""
    from app import app
    from infra.serve import Site

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    meter = Meter()

    asked = Wire._asked

    def metered(self: Wire, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        meter.count(operation, body)
        return asked(self, operation, body)

    with patch.object(Wire, "_asked", metered):
        site = Site(app, "127.0.0.1", 0).start()
        meter.counted["memory_at_first"] = _most_memory()
        print(site.port, flush=True)
        stopped.wait()
        site.stop()
    meter.counted["memory"] = _most_memory()
    print(json.dumps(meter.counted), flush=True)


if __name__ == "__main__":
    main()
