"""What every page knows by name, as ``pages.helpers`` has it, and what the compiler may rely on."""

from __future__ import annotations

from dataclasses import dataclass


class Unsupported(Exception):
    """A template does something that cannot be made flat."""


@dataclass(frozen=True, slots=True)
class Helper:
    """A function: how it is written in Python; whether what it returns is HTML, and the same for the same arguments."""

    code: str
    html: bool = False
    same: bool = False


HELPERS = {
    "say": Helper("voice.say", html=True, same=True),
    "word": Helper("voice.word", html=True, same=True),
    "day": Helper("voice.day", html=True, same=True),
    "moment": Helper("voice.moment", html=True, same=True),
    "source": Helper("voice.source", html=True),
    "isolate": Helper("isolate", html=True, same=True),
    "code": Helper("code", html=True, same=True),
    "country": Helper("voice.country", same=True),
    "link": Helper("voice.link", same=True),
    "description": Helper("voice.description"),
    "own_words": Helper("voice.own_words"),
    "address_lines": Helper("address_lines"),
    "range": Helper("range", same=True),
}
"""``_``, ``ngettext`` and ``other_language`` are not among them: they are written in ways of their own."""

VALUES = {"css": "voice.css", "languages": "voice.languages"}
"""Values that are the same on each page of a language. ``css`` is markup."""

MODULES = {"linked": "linked_data", "claim_words": "claim_words"}

SAME_OF_PAGE = ("language", "base_url", "base_path", "host", "index")
"""Attributes of ``page`` that are the same on each page of a language."""

PLAIN_FILTERS = {
    "shown": "shown",
    "length": "len",
    "list": "list",
    "string": "str",
    "round": "round",
    "int": "int",
    "reverse": "reversed",
    "unique": "unique",
    "useful_first": "useful_first",
    "count_valid": "count_valid",
    "groupby_value": "groupby_value",
    "striptags": "striptags",
    "urlencode": "quote",
}
"""Filters of one argument, by the function that does the same."""

HTML_FILTERS = {"ld": "linked_data.element", "safe": "str"}

DIRECT_METHODS = ("get", "items", "isoformat", "isdigit", "split", "startswith", "date")
"""Methods of Python's own types: whatever has one of these names has it as an attribute."""

IMPORTS = """from urllib.parse import quote

from markupsafe import Markup

from chalicelib.domain.identity import shown
from chalicelib.web import claim_words, linked_data
from chalicelib.web.flat import Missing, attr, code, esc, has, isolate, joined, looped, striptags, unique
from chalicelib.web.listed import address_lines, count_valid, groupby_value, useful_first
"""
"""What a page's module begins with."""
