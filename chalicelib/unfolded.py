"""What the dataclasses of a package lean on: there their methods stand in the bytecode, see ``infra/unfold.py``.

The standard library writes them as text and compiles it at each start, half a millisecond a class. Nothing here is
imported where the sources run as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

set_field = object.__setattr__


class _Factory:
    """In a signature, for a default that is made for each object."""

    def __repr__(self) -> str:
        return "<factory>"


FACTORY: Any = _Factory()


class Told:
    """``__dataclass_fields__`` or ``__dataclass_params__`` of a class, from the standard library when somebody asks."""

    __slots__ = ("_fields", "_name")

    def __init__(self, name: str, fields: Callable[[Any], list[Any]]) -> None:
        self._name, self._fields = name, fields

    def __get__(self, thing: object, owner: type) -> Any:
        import dataclasses

        made = dataclasses.make_dataclass(owner.__name__, self._fields(dataclasses.field), frozen=True, slots=True)
        told = getattr(made, self._name)
        setattr(owner, self._name, told)
        return told


def refuse_to_set(_thing: object, name: str, _value: object) -> None:
    """``__setattr__`` of a frozen class."""
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def refuse_to_delete(_thing: object, name: str) -> None:
    """``__delattr__`` of a frozen class."""
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def state(thing: Any) -> list[Any]:
    """``__getstate__``: what ``copy`` and ``pickle`` keep."""
    return [getattr(thing, name) for name in thing.__match_args__]


def restore(thing: Any, values: list[Any]) -> None:
    """``__setstate__``."""
    for name, value in zip(thing.__match_args__, values, strict=True):
        set_field(thing, name, value)


def replace(thing: Any, /, **changes: Any) -> Any:
    """``dataclasses.replace``."""
    for name in thing.__match_args__:
        if name not in changes:
            changes[name] = getattr(thing, name)
    return thing.__class__(**changes)


def fields(thing: Any) -> Any:
    """``dataclasses.fields``."""
    import dataclasses

    return dataclasses.fields(thing)


def is_dataclass(thing: Any) -> bool:
    """``dataclasses.is_dataclass``."""
    kind = thing if isinstance(thing, type) else type(thing)
    return "__dataclass_fields__" in {name for each in kind.__mro__ for name in vars(each)}


def asdict(thing: Any) -> dict[str, Any]:
    """``dataclasses.asdict``."""
    import dataclasses

    return dataclasses.asdict(thing)
