"""How a command ends: its exit codes, and the two ways in which it cannot do what was asked."""

from __future__ import annotations

DONE = 0
SOME_REFUSED = 1
WRONG_USE = 2
STOPPED = 3


class WrongUse(Exception):
    """What was asked cannot be meant: a file that is not there, a column that is missing. Nothing was sent."""


class Stopped(Exception):
    """The command could not go on. The message says what to do next."""
