"""What the functions write to their logs: one line of JSON for each thing worth knowing, and nothing about anybody.

A line has a name and a few facts: numbers, yes or no, kinds, IDs of records. Of an error it says which kind it was and
where in the code, never its message, which may hold what somebody typed. ``infra/alarms.py`` counts lines by name. No
line says a level: Lambda takes each for INFO, which is what it is told to send (``infra/template.py``).
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST_STEPS = 12
"""Of the way to an error, the last ones."""
Fact = str | int | float | bool | None


def _print(line: str) -> None:
    sys.stdout.write(line)


write: Callable[[str], object] = _print
"""Where a line goes: Lambda takes what is printed to the log; the demo keeps it in a file."""


def say(name: str, **facts: Fact) -> None:
    """Write a line. ``name``: what happened. That it cannot be written is nobody's trouble."""
    with suppress(OSError, ValueError):
        write(json.dumps({"event": name, **facts}) + "\n")


def failed(name: str, error: BaseException, **facts: Fact) -> None:
    """Write that something went wrong: the error's kind, that of its cause, and the way to it."""
    cause = error.__cause__ or error.__context__
    steps = traceback.extract_tb(error.__traceback__)[-MOST_STEPS:]
    way = " > ".join(f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps)
    say(name, error=_kind(error), cause=_kind(cause) if cause else None, way=way, **facts)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
