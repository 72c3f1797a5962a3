"""What somebody typed or pasted into the one box: a code, an address of ours or of GS1, a number; else it is a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote, urlsplit

from iso3166 import countries_by_alpha2

from chalicelib.domain import identity
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.errors import Malformed
from chalicelib.store import reader

_OURS = re.compile(r"/([fcp])/([^/]+)/?\Z", re.IGNORECASE)
_GS1 = re.compile(r"/(01|414|253)/([^/]+)((?:/(?:10|21|22|254)/[^/]+){0,3})/?\Z")
_GDTI = re.compile(r"([0-9]{13})[!-.0-9:-?A-Z_a-z%]{0,34}\Z")
_WORD = re.compile(r"(?<!\S)[^\W\d_]{4,}(?!\S)")
_DIGIT = re.compile(r"[0-9]")

_CODES: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("factory", identity.parse_factory_id, "f"),
    ("certificate", identity.parse_certificate_code, "c"),
    ("product", identity.parse_product_code, "p"),
)
_ELEMENTS: tuple[tuple[str, Callable[[str], str], re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "01",
        identity.parse_gtin,
        re.compile(r"\(01\)([0-9]{14})(?:\(10\)([^()]{1,20}))?(?:\(21\)([^()]{1,20}))?\Z"),
        ("10", "21"),
    ),
    ("414", identity.parse_gln, re.compile(r"\(414\)([0-9]{13})(?:\(254\)([^()]{1,20}))?\Z"), ("254",)),
    ("253", identity.parse_gdti, re.compile(r"\(253\)([0-9]{13}[^()]{0,17})\Z"), ()),
)
"""Numbers as they are printed below a bar code: the key, how it is read, and what may follow it."""


def path_named(typed: str) -> str | None:
    """The page that a code or an address names for certain. Codes and addresses are not looked up, numbers are."""
    return _address(typed) or _elements(typed) or _code(typed) or _bar_code(typed)


def certificates(typed: str) -> list[PublicCertificate]:
    """The certificates that bear a number as typed; where a certifier confirmed any, only those."""
    try:
        found = reader.certificates_by_number(identity.squeeze_number(typed))
    except Malformed:
        return []
    return [page for page in found if page.confirmed] or found


def document(typed: str) -> str | None:
    """The page of a GDTI that stands there bare, if it is on record: other numbers may look like one."""
    gdti = _parsed(identity.parse_gdti, typed.replace(" ", ""))
    return f"/253/{quote(gdti, safe='')}" if gdti and reader.certificates_with_gdti(gdti) else None


def unlisted_code(typed: str) -> str | None:
    """The page of a code that is well formed, though it looks like a name or is not on record."""
    return next((f"/{letter}/{code}" for _, parse, letter in _CODES if (code := _parsed(parse, typed))), None) or (
        identity.product_path(gtin) if (gtin := _parsed(identity.parse_gtin, typed)) else None
    )


def slip(typed: str) -> str | None:
    """Which kind of code somebody meant who mistyped it: ``factory``, ``certificate``, ``product``, ``gtin``."""
    text = _last_of_address(typed)
    if not _DIGIT.search(text) or _WORD.search(text):
        return None
    for kind, parse in (*((kind, parse) for kind, parse, _ in _CODES), ("gtin", identity.parse_gtin)):
        try:
            parse(text)
        except Malformed as fault:
            known = kind != "factory" or identity.squeeze(text)[:2] in countries_by_alpha2
            if "typing error" in fault.detail and known:
                return kind
    return None


def _parsed(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except Malformed:
        return None


def _path_of(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").path
    except ValueError:
        return ""


def _last_of_address(typed: str) -> str:
    found = _OURS.search(_path_of(typed)) or _GS1.search(_path_of(typed)) if "/" in typed else None
    return unquote(found.group(2)) if found else typed


def _address(typed: str) -> str | None:
    if "/" not in typed:
        return None
    path = _path_of(typed)
    if ours := _OURS.search(path):
        _, parse, letter = next(row for row in _CODES if row[2] == ours.group(1).lower())
        code = _parsed(parse, unquote(ours.group(2)))
        return f"/{letter}/{code}" if code else None
    return _digital_link(found) if (found := _GS1.search(path)) else None


def _digital_link(found: re.Match[str]) -> str | None:
    key, value, qualifiers = found.groups()
    rest = "/".join(quote(unquote(part), safe="") for part in qualifiers.split("/"))
    if key == "01":
        gtin = _parsed(identity.parse_gtin, unquote(value))
        return f"/01/{gtin}{rest}" if gtin else None
    if key == "414":
        gln = _parsed(identity.parse_gln, unquote(value))
        return f"/414/{gln}{rest}" if gln else None
    document = _GDTI.match(value)
    known = document and _parsed(identity.parse_gln, document.group(1))
    return f"/253/{quote(unquote(value), safe='')}{rest}" if known else None


def _elements(typed: str) -> str | None:
    text = typed.replace(" ", "")
    for key, parse, printed, following in _ELEMENTS:
        found = printed.match(text)
        value = _parsed(parse, found.group(1)) if found else None
        if found and value:
            named = zip((key, *following), (value, *found.groups()[1:]), strict=True)
            return "".join(f"/{each}/{quote(said, safe='')}" for each, said in named if said)
    return None


def _code(typed: str) -> str | None:
    """A name may look like a code: one with a digit and no word is a code, another must be on record."""
    certain = _DIGIT.search(typed) and not _WORD.search(typed)
    for kind, parse, letter in _CODES:
        code = _parsed(parse, typed)
        if code and (certain or _on_record(kind, code)):
            return f"/{letter}/{code}"
    return None


def _on_record(kind: str, code: str) -> bool:
    if kind == "factory":
        return reader.factory(code) is not None
    return reader.certificate(code) is not None if kind == "certificate" else reader.has_product(code)


def _bar_code(typed: str) -> str | None:
    gtin = _parsed(identity.parse_gtin, typed)
    if gtin and reader.has_product(gtin):
        return identity.product_path(gtin)
    gln = _parsed(identity.parse_gln, typed)
    held = reader.factories_with_gln(gln) if gln else []
    return f"/f/{held[0]['factory_id']}" if len(held) == 1 else None
