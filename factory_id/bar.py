"""Progress on standard error: a bar on a terminal, a line for every tenth in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TextIO

_WIDTH = 24
_REDRAW = 0.1  # seconds


class Bar:
    """``with Bar("audits", total) as bar: bar.advance(500)``. ``already`` counts what an earlier run did."""

    def __init__(self, name: str, total: int, already: int = 0, out: TextIO | None = None) -> None:
        """Nothing is shown before the first step."""
        self._name, self._total, self._already = name, total, already
        self._done = already
        self._out = out or sys.stderr
        self._on_terminal = self._out.isatty()
        self._began = time.monotonic()
        self._drawn = 0.0
        self._tenth = 10 * already // max(1, total)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._on_terminal and self._drawn:
            self._draw()
            self._out.write("\n")
            self._out.flush()

    def advance(self, steps: int) -> None:
        """So many more are done."""
        self._done += steps
        if self._on_terminal:
            if time.monotonic() - self._drawn >= _REDRAW:
                self._draw()
            return
        tenth = 10 * self._done // max(1, self._total)
        if tenth > self._tenth:
            self._tenth = tenth
            self._say(self._told())

    def note(self, text: str) -> None:
        """A line of its own, above the bar."""
        if self._on_terminal and self._drawn:
            self._out.write("\r\x1b[2K")
        self._say(text)

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def _draw(self) -> None:
        filled = _WIDTH * self._done // max(1, self._total)
        self._out.write(f"\r\x1b[2K[{'#' * filled}{'.' * (_WIDTH - filled)}] {self._told()}")
        self._out.flush()
        self._drawn = time.monotonic()

    def _told(self) -> str:
        seconds = time.monotonic() - self._began
        speed = (self._done - self._already) / seconds if seconds > 0 else 0
        told = f"{self._name}: {self._done:,} of {self._total:,}"
        if speed <= 0:
            return told
        told += f", {speed:,.0f}/s" if speed >= 1 else ""
        return told if self._done >= self._total else f"{told}, {lasting((self._total - self._done) / speed)} to go"


def lasting(seconds: float) -> str:
    """How long something takes, for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
