"""Which variable a name means at a place of a template: what Jinja finds out at each request is settled here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from jinja2 import nodes

_INNER = (nodes.For, nodes.Macro, nodes.Block)
"""What has a scope of its own, so that ``set`` in it is not seen outside."""


@dataclass(slots=True)
class Function:
    """A macro as a Python function, or a template imported as a whole, whose macros are in ``scope``."""

    code: str = ""
    parameters: tuple[str, ...] = ()
    scope: Scope | None = None


class Same(str):
    """A variable of a loop that is alike on each page of a language."""

    __slots__ = ()


@dataclass(slots=True)
class Scope:
    """Names of one part of a template; what is not among them is looked for in ``outer``."""

    outer: Scope | None
    names: dict[str, str | Function] = field(default_factory=dict)

    def find(self, name: str) -> str | Function | None:
        """The variable or function that a name means; ``None`` if nothing here gave it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


class Names:
    """Makes variables that no other part of a page uses."""

    def __init__(self) -> None:
        self._next = count(1)

    def new(self, name: str) -> str:
        """A variable for a name of the template."""
        return f"v{next(self._next)}_{name}"


def assigned(body: list[nodes.Node]) -> list[str]:
    """The names that ``set`` gives in a part of a template, in its conditions too, but not in its loops and macros."""
    return list(dict.fromkeys(_assigned(body)))


def _assigned(body: list[nodes.Node]) -> Iterator[str]:
    for node in body:
        if isinstance(node, nodes.Assign):
            yield from targets(node.target)
        elif isinstance(node, nodes.If):
            for part in (node.body, *(each.body for each in node.elif_), node.else_):
                yield from _assigned(part)
        elif not isinstance(node, _INNER):
            continue


def targets(target: nodes.Expr) -> list[str]:
    """The names in ``set a, b`` or ``for a, b in``."""
    found = [target] if isinstance(target, nodes.Name) else getattr(target, "items", [])
    return [each.name for each in found]
