"""An open loop: requests are due at a fixed rate, however long answers take, and their time counts from then.

So a stall is seen by all that were due meanwhile, not by one alone (coordinated omission).
"""

from __future__ import annotations

import itertools
import math
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Reading = Callable[["Ask", int, Mapping[str, str], bytes], tuple[str, ...]]
_PATIENCE = 30.0


@dataclass(frozen=True)
class Ask:
    """A request, the status it should get, how its answer is read, and the certificates that it asks for."""

    method: str
    target: str
    expects: int
    reads: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    codes: tuple[str, ...] = ()

    def raw(self) -> bytes:
        """As it goes over HTTP."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        length = f"Content-Length: {len(self.body)}\r\n" if self.body else ""
        head = f"{self.method} {self.target} HTTP/1.1\r\nHost: factory-id.example\r\n"
        return f"{head}{lines}{length}\r\n{self.body}".encode()


@dataclass(frozen=True, slots=True)
class Shot:
    """What came of the request number ``ask``: when it was due, sent, answered; one clock. Status 0: no answer."""

    ask: int
    due: float
    sent: float
    ended: float
    status: int
    said: tuple[str, ...]


class Link:
    """A kept connection to a process."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def exchange(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send, and wait for the answer."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(raw)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length, parts, got = int(headers["content-length"]), [body], len(body)
        while got < length:
            parts.append(self._more())
            got += len(parts[-1])
        return int(first.split(" ")[1]), headers, b"".join(parts)

    def close(self) -> None:
        """A request after that connects again."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def _more(self) -> bytes:
        assert self._socket is not None
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionError("The process hung up.")
        return received


def fire(ports: Sequence[int], asks: Sequence[Ask], reading: Reading, rate: float, seconds: float) -> list[Shot]:
    """Send ``rate`` requests a second, each to the first process that is free: one at a time, as Lambda does."""
    raw = [ask.raw() for ask in asks]
    numbers, shots = itertools.count(), list[list[Shot]]()
    many, begin = int(rate * seconds), time.monotonic() + 0.05

    def work(port: int, into: list[Shot]) -> None:
        link = Link(port)
        while (number := next(numbers)) < many:
            due = begin + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            which, sent = number % len(asks), time.monotonic()
            try:
                status, headers, body = link.exchange(raw[which])
                ended = time.monotonic()
                told = reading(asks[which], status, headers, body)
            except (OSError, ValueError, KeyError, IndexError) as error:
                link.close()
                status, ended, told = 0, time.monotonic(), (str(error),)
            into.append(Shot(which, due, sent, ended, status, told))
        link.close()

    threads = []
    for port in ports:
        shots.append([])
        threads.append(threading.Thread(target=work, args=(port, shots[-1])))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return [shot for each in shots for shot in each]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of so many requests at a rate: how many a second were answered, the times in ms, and what was wrong."""

    rate: float
    number: int
    answered: float
    p50: float
    p99: float
    p999: float
    longest: float
    later: int
    wrong: int

    def holds(self, p99: float) -> bool:
        """Whether the rate is kept up: nothing wrong, 99 of 100 within so many ms, no queue left at the end."""
        return self.wrong == 0 and self.p99 <= p99 and self.answered >= 0.97 * self.rate


def figures(rate: float, shots: Sequence[Shot], wrong: int) -> Figures:
    """The figures of what was fired."""
    times = sorted(shot.ended - shot.due for shot in shots)
    took = max(shot.ended for shot in shots) - min(shot.due for shot in shots)
    half, most, nearly, longest = (1000 * times[math.ceil(len(times) * share) - 1] for share in (0.5, 0.99, 0.999, 1))
    later = sum(shot.status == 503 for shot in shots)
    return Figures(rate, len(shots), len(shots) / took, half, most, nearly, longest, later, wrong)
