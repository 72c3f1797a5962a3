"""The fields of a factory's profile, and how each is checked. What is not in this table cannot be stored.

Who may see a field is decided in ``disclosure``: one that is added here only is private.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from iso3166 import countries_by_alpha2

from chalicelib.domain import identity, mailbox, text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.phrase import phrase

WORKFORCE_BANDS = ("1-50", "51-200", "201-500", "501-1000", "1001-5000", "5001+")
MANY = 30


Check = Callable[[Any], Any]
"""Returns the cleaned value, or raises ``Malformed`` with words that follow the field's name."""


def clean_country(value: object) -> str:
    """An ISO 3166-1 alpha-2 code in capitals."""
    if not isinstance(value, str) or value not in countries_by_alpha2:
        raise Malformed("must be an ISO 3166-1 alpha-2 country code in capitals, such as BD")
    return value


def clean_email(value: object) -> str:
    """An e-mail address as it stands on record."""
    if not isinstance(value, str) or len(value) > mailbox.LONGEST:
        raise Malformed("must be an e-mail address")
    return mailbox.kept(value)


def _list_of(clean: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    def clean_list(value: object) -> list[str]:
        if not isinstance(value, list) or len(value) > MANY:
            raise Malformed(phrase("must be a list of at most %(most)s", most=MANY))
        return list(dict.fromkeys(clean(entry) for entry in value))

    return clean_list


def _clean_coordinates(value: object) -> dict[str, float]:
    if not isinstance(value, dict) or set(value) != {"latitude", "longitude"}:
        raise Malformed('must be {"latitude": …, "longitude": …} in degrees')
    cleaned = {}
    for name, limit in (("latitude", 90), ("longitude", 180)):
        degrees = value[name]
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not -limit <= degrees <= limit:
            raise Malformed(
                phrase("%(name)s must be a number of degrees between -%(most)s and %(most)s", name=name, most=limit)
            )
        cleaned[name] = round(float(degrees), 5)
    return cleaned


def _clean_workforce(value: object) -> str:
    if value not in WORKFORCE_BANDS:
        raise Malformed(phrase("must be one of %(allowed)s", allowed=", ".join(WORKFORCE_BANDS)))
    return str(value)


def clean_language(value: object) -> str:
    """A BCP 47 language tag, as far as its form goes."""
    if not isinstance(value, str) or not 2 <= len(value) <= 11 or not value.replace("-", "").isalnum():
        raise Malformed("must be a BCP 47 language tag such as bn")
    return value


def _clean_descriptions(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise Malformed('must map language tags to texts: {"en": "…", "bn": "…"}')
    texts = {clean_language(tag): text.clean(entry, text.LONG, lines=True) for tag, entry in value.items()}
    return dict(sorted(texts.items()))


def _short(value: object) -> str:
    return text.clean(value)


def _clean_gln(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("must be text of 13 digits")
    return identity.parse_gln(value)


FIELDS: Mapping[str, Check] = {
    "name": _short,
    "country": clean_country,
    "local_name": _short,
    "aliases": _list_of(_short),
    "address": _short,
    "city": _short,
    "region": _short,
    "postal_code": _short,
    "coordinates": _clean_coordinates,
    "gln": _clean_gln,
    "product_categories": _list_of(text.clean_code),
    "processes": _list_of(text.clean_code),
    "workforce": _clean_workforce,
    "languages": _list_of(clean_language),
    "descriptions": _clean_descriptions,
    "website": text.clean_website,
    "contact_name": _short,
    "contact_email": clean_email,
    "contact_phone": _short,
}

PERSONAL = frozenset({"contact_name", "contact_email", "contact_phone"})
"""Personal data: its values are kept out of the history, which nobody can erase."""


def clean_fields(
    given: Mapping[str, Any], pointer: str, *, required: Collection[str] = (), removable: bool = False
) -> tuple[dict[str, Any], list[Fault]]:
    """Check a set of fields: the cleaned values, and every fault with its place. ``None`` passes if ``removable``."""
    cleaned: dict[str, Any] = {}
    faults = [Fault(f"{pointer}/{name}", "is missing") for name in required if name not in given]
    for name, value in given.items():
        check = FIELDS.get(name)
        try:
            if check is None:
                raise Malformed("is not a field of a factory")
            if value is None and removable and name not in ("name", "country"):
                cleaned[name] = None
            elif name not in required and value in ([], {}):
                cleaned[name] = value
            else:
                cleaned[name] = check(value)
        except Malformed as fault:
            faults.append(Fault(f"{pointer}/{escaped(name)}", fault.detail))
    return cleaned, faults


def escaped(name: str) -> str:
    """A name as a token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")[:100]
