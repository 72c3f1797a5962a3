"""The state machine: Hypothesis chooses the steps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.safety.play import Play

SITES, NUMBERS = st.integers(0, 2), st.integers(0, 2)
ROW = st.tuples(SITES, st.sampled_from("XY"), st.integers(1, 4), st.integers(0, 1), st.integers(0, 3))
PICK = st.integers(0, 10**6)


class Machine(RuleBasedStateMachine):
    """Steps of all kinds in any order. ``begun`` opens a world: a context manager that hands over a play."""

    begun: Callable[[], AbstractContextManager[Play]]

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.play: Play = self._stack.enter_context(type(self).begun())

    def teardown(self) -> None:
        self._stack.close()

    def _site(self, pick: int) -> str:
        names = sorted(self.play.sites)
        return names[pick % len(names)]

    @initialize(rows=st.lists(ROW, min_size=2, max_size=6))
    def begin(self, rows: list[Any]) -> None:
        self.play.sync(rows)

    @rule(rows=st.lists(ROW, min_size=1, max_size=5))
    def sync(self, rows: list[Any]) -> None:
        self.play.sync(rows)

    @rule(kinds=st.lists(st.sampled_from(("throttled", "lost", "gone")), min_size=1, max_size=3))
    def trouble(self, kinds: list[str]) -> None:
        self.play.trouble.coming = kinds

    @rule(row=ROW, audience=st.sampled_from(("public", "network", "private")))
    def collide(self, row: Any, audience: str) -> None:
        self.play.collide(row, {"city": audience})

    @rule(pick=PICK)
    def repeat(self, pick: int) -> None:
        names = sorted(self.play.replies)
        self.play.repeat(names[pick % len(names)])

    @rule(pick=PICK, city=st.sampled_from(("Dhaka", "Bogura")))
    def edit(self, pick: int, city: str) -> None:
        self.play.edit(self._site(pick), city)

    @rule(
        pick=PICK,
        fields=st.dictionaries(
            st.sampled_from(("city", "contact_email", "contact_name", "audits")),
            st.sampled_from(("public", "network", "private")),
            min_size=1,
        ),
    )
    def privacy(self, pick: int, fields: dict[str, str]) -> None:
        self.play.privacy(self._site(pick), fields)

    @rule(pick=PICK, member=st.integers(0, 1), side=st.sampled_from(("factory", "member")), public=st.booleans())
    def agree(self, pick: int, member: int, side: str, public: bool) -> None:
        self.play.agree(self._site(pick), member, side, public)

    @rule(pick=PICK, member=st.integers(0, 1), side=st.sampled_from(("factory", "member")))
    def end(self, pick: int, member: int, side: str) -> None:
        self.play.end(self._site(pick), member, side)

    @rule(pick=PICK, into=PICK)
    def merge(self, pick: int, into: int) -> None:
        self.play.merge(self._site(pick), self._site(into))

    @rule(pick=PICK)
    def unmerge(self, pick: int) -> None:
        self.play.unmerge(self._site(pick))

    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        self.play.close(self._site(pick))

    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        self.play.reopen(self._site(pick))

    @rule(pick=PICK, number=NUMBERS, days=st.integers(-2, 2))
    def certify(self, pick: int, number: int, days: int) -> None:
        self.play.certify(self._site(pick), number, days)

    @precondition(lambda self: self.play.certificates)
    @rule(
        pick=PICK,
        standing=st.sampled_from(("active", "suspended", "withdrawn")),
        back=st.integers(0, 2),
        foreign=st.booleans(),
    )
    def state(self, pick: int, standing: str, back: int, foreign: bool) -> None:
        numbers = sorted(self.play.certificates)
        self.play.state(numbers[pick % len(numbers)], standing, back, foreign and pick % 3 == 0)

    @precondition(lambda self: self.play.certificates)
    @rule(days=st.integers(0, 3), midnight=st.booleans())
    def later(self, days: int, midnight: bool) -> None:
        self.play.later(days, midnight=midnight)

    @precondition(lambda self: self.play.certificates)
    @rule()
    def earlier(self) -> None:
        self.play.earlier()

    @rule()
    def number(self) -> None:
        self.play.number()


def machine(begin: Callable[[], AbstractContextManager[Play]]) -> type[Machine]:
    """A machine whose worlds are opened so."""
    return type("Steps", (Machine,), {"begun": staticmethod(begin)})
