"""What can be wrong, in the words of the trade. The web room turns each into an HTTP answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class DomainError(Exception):
    """Something that the caller can understand and mend.

    What is said of it is a literal, or a ``phrase`` of a literal and values: so the catalogues can have it.
    """

    @property
    def detail(self) -> str:
        """What is said of it, as it was said: ``str`` of it would be a plain text, that cannot be translated."""
        return self.args[0] if self.args else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in an input: where (a JSON Pointer, RFC 6901), and what."""

    pointer: str
    detail: str


class Malformed(DomainError):
    """The input breaks a rule; ``faults`` says which, ``detail`` in one sentence."""

    def __init__(self, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)

    def at(self, pointer: str) -> Self:
        """The same, said of one member or parameter: ``raise Malformed("…").at("/on")``."""
        self.faults = (Fault(pointer, self.detail),)
        return self


class NotFound(DomainError):
    """Nothing of that name is on record, or the caller may not know that it is."""


class Conflict(DomainError):
    """True input that contradicts what is held."""


class StaleVersion(Conflict):
    """The caller edited a version that has been replaced since."""


class TooMany(Conflict):
    """More of something than may be in a stretch of time."""


class OtherContent(DomainError):
    """An idempotency key that was used before comes with another content."""


class NotAllowed(DomainError):
    """The caller is known, and may not do this."""


class TooLarge(DomainError):
    """More bytes, lines or parts than are taken at once."""


class Gone(DomainError):
    """An invitation or sign-in link that no longer works: used, expired, superseded, withdrawn or never made."""


class Unavailable(DomainError):
    """The record could not be read or written just now. Not knowing is not knowing: never valid, never unknown.

    ``seconds``: when it is worth asking again, where that is known.
    """

    def __init__(self, detail: str = "", *, seconds: int | None = None) -> None:
        super().__init__(detail)
        self.seconds = seconds
