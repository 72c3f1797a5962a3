"""Functions that are called without a request, and fail: Lambda writes to the log what the error says that leaves them.

What somebody typed may stand in it. So the journal has a line of it, and what leaves says its kind only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import journal

Handler = Callable[[Mapping[str, Any], object], dict[str, int]]


class Failed(Exception):
    """A function failed. It says by which kind of error, and nothing more."""


def discreet(handler: Handler) -> Handler:
    """``handler``, of which no error leaves but ``Failed``."""

    def call(event: Mapping[str, Any], context: object) -> dict[str, int]:
        try:
            return handler(event, context)
        except Exception as error:  # whatever it is, the log has its way
            journal.failed("function_failed", error)
            kind = type(error).__qualname__
        raise Failed(kind)  # out here, so that it has neither a cause nor a context

    return call
