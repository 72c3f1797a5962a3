"""Routes whose module is imported when somebody first asks for one of its paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalice.app import RouteEntry

    Entries = dict[str, RouteEntry]


class Routes(dict[str, "Entries"]):
    """In the place of Chalice's own table: path → method → handler. It grows as it is asked.

    ``modules``: which modules serve a path. ``register`` brings the routes of one of them in here. A path that nobody
    serves has no methods, as in Chalice's own.
    """

    def __init__(self, modules: Mapping[str, Sequence[str]], register: Callable[[str], None]) -> None:
        super().__init__()
        self._modules, self._register = modules, register
        self._begun: set[str] = set()

    def __missing__(self, path: str) -> Entries:
        for name in self._modules.get(path, ()):
            self._bring(name)
        return self.setdefault(path, {})

    def __iter__(self) -> Iterator[str]:
        """Every path that is served, whether its module is here or not."""
        return iter(self._modules)

    def bring_all(self) -> None:
        """Register everything that there is."""
        for path in self._modules:
            self[path]

    def _bring(self, name: str) -> None:
        if name in self._begun:  # it is registering itself, and so asks for its paths here
            return
        self._begun.add(name)
        try:
            self._register(name)
        except BaseException:
            self._begun.discard(name)
            raise
