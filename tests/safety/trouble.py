"""What befalls a commit: it is throttled, its reply is lost, or somebody else comes first."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain.errors import Unavailable
from chalicelib.store.registry.commit import Commit


class Rival:
    """What somebody else does, once."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act

    def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


class Trouble:
    """What befalls the next commits. ``throttled``: nothing is written. ``lost``: written, and botocore sends it again.

    ``gone``: written, and nobody learns of it.
    """

    def __init__(self) -> None:
        self.coming: list[str] = []
        self.rival: Rival | None = None

    def around(self, commit: Commit, send: Callable[[Commit], None]) -> None:
        """Send a commit, and let happen to it what is to come."""
        rival, self.rival = self.rival, None
        if rival is not None:
            rival()
        kind = self.coming.pop() if self.coming else ""
        if kind == "throttled":
            raise Unavailable("Throttled.")
        send(commit)
        if kind == "lost":
            send(commit)
        if kind == "gone":
            raise Unavailable("The reply was lost.")
