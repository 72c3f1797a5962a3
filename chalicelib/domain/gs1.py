"""GS1 Digital Link: what an address with GS1 keys names, read strictly (URI Syntax 1.7).

Strictly means: nothing is padded, corrected or skipped. ``/01/09521234543213/10/L1?17=260131`` names lot ``L1`` of a
product; ``17`` is an attribute. Whatever breaks GS1's rules is ``Malformed``, before anything is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from chalicelib.domain import gs1_values
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase

Pair = tuple[str, str]
"""An AI and its value."""

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("00", "253", "255", "401", "402", "8003", "8013"), ()),
    "01": (("22", "10", "21"), ("235",)),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""Every primary key with the orders in which its qualifiers may follow, each of which may be left out."""

SERVED = ("01", "414", "253")
"""The keys that this service resolves: products, factories, certificates."""

_LEGAL = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*\Z")
_HOST = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\Z")
_DIGITS = re.compile(r"[0-9]+\Z")
_SCHEMES = ("http://", "https://", "HTTP://", "HTTPS://")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A key with its qualifiers in GS1's order, and the attributes that stood in the query."""

    key: str
    value: str
    qualifiers: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address below the root, without attributes: ``/01/09521234543213/10/L1``."""
        return "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in self._named())

    @property
    def element_string(self) -> str:
        """As printed below a bar code: ``(01)09521234543213(10)L1``."""
        return "".join(f"({ai}){value}" for ai, value in (*self._named(), *self.attributes.items()))

    @property
    def canonical(self) -> str:
        """The address that GS1 calls canonical, at id.gs1.org: attributes of fixed length first."""
        ordered = sorted(self.attributes, key=lambda ai: not gs1_values.is_fixed_length(ai))
        query = "&".join(f"{ai}={quote(self.attributes[ai], safe='')}" for ai in ordered)
        return f"https://id.gs1.org{self.path}" + (f"?{query}" if query else "")

    def _named(self) -> Iterator[Pair]:
        yield self.key, self.value
        yield from self.qualifiers.items()


def read(path: Sequence[Pair], query: Iterable[Pair] = (), *, short_gtins: bool = False) -> DigitalLink:
    """What decoded pairs of a path and a query name; ``Malformed`` if they break a rule.

    Names in the query that are not all digits belong to somebody else and are passed over. ``short_gtins`` takes GTINs
    of 8, 12 and 13 digits too, as older codes have them.
    """
    (key, value), *qualifiers = [(ai, _widened(ai, text, short_gtins)) for ai, text in path]
    if key not in KEYS:
        raise Malformed(phrase("%(name)s is no GS1 key.", name=gs1_values.name(key)))
    order = tuple(ai for ai, _ in qualifiers)
    if not _fits(key, order):
        raise Malformed(
            phrase(
                "After %(name)s these cannot follow in this order: %(given)s.",
                name=gs1_values.name(key),
                given=", ".join(order)[:100],
            )
        )
    for ai, text in ((key, value), *qualifiers):
        gs1_values.check(ai, text)
    attributes = [(ai, _widened(ai, text, short_gtins)) for ai, text in query if _DIGITS.match(ai)]
    _check_attributes(key, order, attributes)
    return DigitalLink(key, value, dict(qualifiers), dict(attributes))


def parse_uri(uri: str, *, short_gtins: bool = False) -> DigitalLink:
    """What a whole Digital Link names, at whatever host; ``Malformed`` if it is none."""
    if not uri.startswith(_SCHEMES) or not _LEGAL.match(uri):
        raise Malformed("This is no web address, or it holds characters that a web address cannot have.")
    rest, _, query = uri.partition("#")[0].partition("://")[2].partition("?")
    host, _, path = rest.partition("/")
    if not _HOST.match(host):
        raise Malformed("The host of this address cannot exist.")
    pairs = [(unquote(ai), _decoded(text)) for ai, text in _pairs(path.split("/"))]
    attributes = [part.partition("=")[::2] for part in query.split("&") if part]
    return read(
        pairs, [(_decoded(ai), _decoded(text.replace("+", " "))) for ai, text in attributes], short_gtins=short_gtins
    )


def _pairs(segments: list[str]) -> list[Pair]:
    """From the last key in a path to its end. Whatever stands before it is no concern of GS1."""
    for place in range(len(segments) - 2, -1, -2):
        ai = segments[place]
        if ai in KEYS:
            return list(zip(segments[place::2], segments[place + 1 :: 2], strict=True))
        if not gs1_values.is_known(ai):
            break
    raise Malformed("This address names no GS1 key.")


def _fits(key: str, qualifiers: tuple[str, ...]) -> bool:
    """Whether these follow a key in one of its orders, some left out."""
    return not qualifiers or any(qualifiers == tuple(ai for ai in order if ai in qualifiers) for order in KEYS[key])


def _check_attributes(key: str, qualifiers: tuple[str, ...], attributes: list[Pair]) -> None:
    seen = {key, *qualifiers}
    for ai, text in attributes:
        if not gs1_values.is_known(ai):
            raise Malformed(phrase("GS1 knows no AI %(ai)s.", ai=ai[:20]))
        if ai in seen:
            raise Malformed(phrase("%(name)s stands there twice.", name=gs1_values.name(ai)))
        if not gs1_values.is_attribute(ai) or any(ai in order and set(qualifiers) <= set(order) for order in KEYS[key]):
            raise Malformed(phrase("%(name)s cannot stand after the question mark.", name=gs1_values.name(ai)))
        gs1_values.check(ai, text)
        seen.add(ai)


def _widened(ai: str, text: str, short_gtins: bool) -> str:
    if ai != "01" or len(text) not in (8, 12, 13) or not _DIGITS.match(text):
        return text
    if short_gtins:
        return text.zfill(14)
    raise Malformed(phrase("In an address a GTIN has 14 digits, with zeros in front: %(gtin)s.", gtin=text.zfill(14)))


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed("The address holds bytes that are no UTF-8.") from error
