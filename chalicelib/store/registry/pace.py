"""How many transactions are in flight at once: fewer while the tables are busy, more again when they are not."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Condition

from chalicelib import clock
from chalicelib.store.registry.commit import Commit, Throttled

PATIENCE = 10.0
"""Seconds without a single transaction that went through, after which a batch gives up."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds, with full jitter


class Pace:
    """Lets so many transactions of a batch fly, from one to ``most``. Threads share it.

    One that is throttled halves their number, once for all that flew beside it, and waits with growing pauses; as many
    as there may be that went through add one. So batches of several callers find their shares of what the tables take.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._flying = 0
        self._cuts = 0
        self._went = clock.ticking()
        self._changed = Condition()

    @property
    def limit(self) -> int:
        """How many may fly now."""
        return int(self._limit)

    def send(self, transaction: Commit) -> None:
        """Send it when it is its turn, again while it is throttled. Raises as ``Commit.once`` does."""
        for turn in count():
            with self._place() as cuts:
                try:
                    transaction.once()
                except Throttled:
                    self._fewer(cuts)
                    if clock.ticking() - self._went > PATIENCE:
                        raise
                else:
                    self._more()
                    return
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(turn, 10))))  # nosec B311: jitter

    @contextmanager
    def _place(self) -> Iterator[int]:
        """A place in the air; and how often their number was cut by then."""
        with self._changed:
            self._changed.wait_for(lambda: self._flying < self.limit)
            self._flying += 1
            cuts = self._cuts
        try:
            yield cuts
        finally:
            with self._changed:
                self._flying -= 1
                self._changed.notify_all()

    def _fewer(self, cuts: int) -> None:
        with self._changed:
            if cuts == self._cuts:
                self._limit = max(1.0, self._limit / 2)
                self._cuts += 1

    def _more(self) -> None:
        with self._changed:
            self._limit = min(float(self._most), self._limit + 1 / self._limit)
            self._went = clock.ticking()
