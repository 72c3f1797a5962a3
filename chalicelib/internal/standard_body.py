"""An entry of the map as it is sent: read member by member, every fault with its place, nothing that is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain import text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_country
from chalicelib.domain.standard import FACT_TOPICS, RESERVED, TOPICS, Degree, Kind, Standard
from chalicelib.internal import body
from chalicelib.store import standard_codec

MOST_CRITERIA, MOST_FACTS, MOST_SOURCES, MOST_CODES = 200, 40, 20, 40
LONGEST_SUMMARY, LONGEST_FACT, LONGEST_URL = 400, 300, 300
EARLIEST = date(1990, 1, 1)
_NAMES: dict[str, body.Check] = {"short_name": text.clean, "website": text.clean_website}


def read(standard_id: str, given: Any, today: date) -> Standard:
    """The standard that a body says; ``Malformed`` with every fault. Without a kind it says names only."""
    code = text.clean_tenant(standard_id)
    if code in RESERVED:
        raise Malformed("Pages of the map have this name already. Choose another.")
    about: dict[str, body.Check] = {
        "kind": body.one_of(*Kind),
        "summary": lambda value: text.clean(value, LONGEST_SUMMARY),
        "sectors": _several("/sectors", text.clean_code, MOST_CODES),
        "countries": _several("/countries", clean_country, MOST_CODES),
        "facts": _each("/facts", _fact, MOST_FACTS),
        "criteria": _each("/criteria", _criterion, MOST_CRITERIA),
        "sources": _each("/sources", _source, MOST_SOURCES),
        "reviewed": lambda value: text.clean_day(value, EARLIEST, today).isoformat(),
    }
    cleaned = body.read(given, {"name": text.clean, "owner": text.clean}, {**_NAMES, **about})
    _check_whole(cleaned, about)
    return standard_codec.standard(code, {name: value for name, value in cleaned.items() if value is not None})


def _check_whole(cleaned: dict[str, Any], about: Iterable[str]) -> None:
    """What no member shows by itself: a kind that is missing, an address in clear, a criterion that stands twice."""
    faults = []
    if cleaned["kind"] is None and any(cleaned[name] for name in about):
        faults.append(Fault("/kind", "is missing"))
    if cleaned["kind"] is not None and not str(cleaned["website"] or "https:").startswith("https:"):
        faults.append(Fault("/website", "must begin with https://"))
    seen = set()
    for place, each in enumerate(cleaned["criteria"] or ()):
        if (each["topic"], each["title"]) in seen:
            faults.append(Fault(f"/criteria/{place}", "is the same criterion as one before it"))
        seen.add((each["topic"], each["title"]))
    if faults:
        raise Malformed("Something is missing or not as it should be.", faults)


def _fact(given: Any, place: str) -> dict[str, Any]:
    checks: dict[str, body.Check] = {
        "topic": body.one_of(*FACT_TOPICS),
        "text": lambda value: text.clean(value, LONGEST_FACT),
        "source": lambda value: _source(value, f"{place}/source"),
    }
    return body.read(given, checks, pointer=place)


def _criterion(given: Any, place: str) -> dict[str, Any]:
    checks: dict[str, body.Check] = {
        "topic": body.one_of(*TOPICS),
        "degree": body.one_of(*Degree),
        "source": lambda value: _source(value, f"{place}/source"),
    }
    return body.read(given, checks, {"title": text.clean}, place)


def _source(given: Any, place: str) -> dict[str, Any]:
    return body.read(given, {"title": text.clean}, {"url": _clean_url}, place)


def _clean_url(value: Any) -> str:
    """An https address that leads where it seems to lead."""
    if not isinstance(value, str) or len(value) > LONGEST_URL:
        raise Malformed("must begin with https://")
    url = text.clean_website(value)
    if urlsplit(url).scheme != "https":
        raise Malformed("must begin with https://")
    return url


def _several(place: str, clean: body.Check, most: int) -> body.Check:
    """A list of codes, each once."""

    def cleaned(value: Any) -> list[Any]:
        return list(dict.fromkeys(_each(place, lambda entry, _: clean(entry), most)(value)))

    return cleaned


def _each(place: str, read_one: Callable[[Any, str], Any], most: int) -> body.Check:
    """A list of at most so many, each entry read at its place: every fault of every entry."""

    def cleaned(value: Any) -> list[Any]:
        found: list[Any] = []
        faults: list[Fault] = []
        for number, entry in enumerate(body.listed(value, most)):
            where = f"{place}/{number}"
            try:
                found.append(read_one(entry, where))
            except Malformed as error:
                faults.extend(error.faults or [Fault(where, error.detail)])
        if faults:
            raise Malformed("Something is missing or not as it should be.", faults)
        return found

    return cleaned
