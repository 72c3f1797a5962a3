"""What a page calls that was made flat when it was packaged (``infra/flat``): small functions, since each runs often.

A page made flat is a module with two functions. ``texts`` makes what is the same on every such page in a language,
once; ``body`` puts what differs between these. Functions here whose result is HTML return a plain ``str``: the compiler
knows which they are, and escapes everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from markupsafe import Markup


class Missing:
    """A name that a page uses and was not given: an error wherever it is used, as Jinja's StrictUndefined."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *_: object) -> NoReturn:
        raise NameError(f"{self._name!r} is undefined")

    __str__ = __bool__ = __len__ = __iter__ = __call__ = __getitem__ = __contains__ = _refuse
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __add__ = __radd__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()


def esc(value: Any) -> str:
    """A value as it may stand in HTML: as ``markupsafe.escape``, but no object is made for it."""
    kind = type(value)
    if kind is not str:
        if kind is Markup:
            return value  # type: ignore[no-any-return]
        if hasattr(value, "__html__"):
            return str(value.__html__())
        value = str(value)
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    if ">" in value:
        value = value.replace(">", "&gt;")
    if '"' in value:
        value = value.replace('"', "&#34;")
    if "'" in value:
        value = value.replace("'", "&#39;")
    return value  # type: ignore[no-any-return]


def attr(thing: Any, name: str) -> Any:
    """``thing.name`` in a template: an attribute, or what a mapping holds by that name."""
    if type(thing) is dict:
        return thing[name]
    try:
        return getattr(thing, name)
    except AttributeError:
        if isinstance(thing, Mapping):
            return thing[name]
        raise


def has(thing: Any, name: str) -> bool:
    """``thing.name is defined`` in a template."""
    return name in thing if isinstance(thing, Mapping) else hasattr(thing, name)


def joined(*parts: Any) -> str:
    """``a ~ b`` in a template: text, or markup if one of them is."""
    for part in parts:
        if type(part) is not str and hasattr(part, "__html__"):
            return Markup("".join(map(esc, parts)))  # nosec B704: each is escaped
    return "".join(map(str, parts))


def isolate(text: Any) -> str:
    """As ``pages.isolate``."""
    return f"<bdi>{esc(text)!s}</bdi>"


def code(text: Any) -> str:
    """As ``pages.code``."""
    return f'<bdi class="code">{esc(text)!s}</bdi>'


def unique(values: Iterable[Any]) -> list[Any]:
    """Each once, in order."""
    return list(dict.fromkeys(values))


def striptags(html: str) -> str:
    """The text of some HTML, in one line."""
    return Markup(html).striptags()  # nosec B704: it becomes text


class Loop:
    """``loop`` in a template."""

    __slots__ = ("first", "index", "index0", "last")

    def __init__(self, index0: int, count: int) -> None:
        self.index0, self.index = index0, index0 + 1
        self.first, self.last = index0 == 0, index0 == count - 1


def looped(values: list[Any]) -> Iterator[tuple[Loop, Any]]:
    """Values, each with where in the loop it stands."""
    count = len(values)
    return ((Loop(place, count), value) for place, value in enumerate(values))
