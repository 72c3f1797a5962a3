"""Lists that are picked from: a box to tick for each code that has words, and a line for all others.

The lists are open: what stands in no list is kept as a code of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.web import words
from chalicelib.web.language import Language

KNOWN: Mapping[str, Mapping[str, str]] = {
    "product_categories": words.CATEGORY,
    "processes": words.PROCESS,
    "languages": words.SPOKEN,
}
"""The codes of each field that have words. Languages bear their own names, which are not translated."""
TICKED = "on"
_BETWEEN = re.compile(r"[\n,،、，;]")


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick: its input, what it says, and in which language if that is not the page's."""

    id: str
    title: str
    ticked: bool
    lang: str | None = None


def box(field: str, code: str) -> str:
    """The input of a code."""
    return f"{field}-{code}"


def field_of(name: str) -> str | None:
    """The field that a box belongs to; ``None`` if it is none."""
    field, _, code = name.partition("-")
    return field if code in KNOWN.get(field, ()) else None


def whole(typed: Mapping[str, str]) -> dict[str, str]:
    """A form with the boxes that are not ticked, which browsers do not send."""
    unticked = {box(field, code): "" for field, known in KNOWN.items() if field in typed for code in known}
    return {**unticked, **typed}


def written(field: str, value: Sequence[str]) -> dict[str, str]:
    """The inputs of a field: a box for each known code, and the others in a line."""
    known = KNOWN[field]
    boxes = {box(field, code): TICKED if code in value else "" for code in known}
    return {field: ", ".join(code for code in value if code not in known), **boxes}


def read(field: str, texts: Mapping[str, str], held: Sequence[str], spoken: Language | None) -> list[str]:
    """The codes that the inputs say. Those that are held keep their order, so that nothing seems changed."""
    ticked = [code for code in KNOWN[field] if texts[box(field, code)]]
    typed = [word.strip() for word in _BETWEEN.split(texts[field]) if word.strip()]
    wanted = dict.fromkeys([*ticked, *(_code(field, word, spoken) for word in typed)])
    return [*(code for code in held if code in wanted), *(code for code in wanted if code not in held)]


def boxes(field: str, texts: Mapping[str, str], spoken: Language) -> list[Box]:
    """The boxes as the page shows them, by their words; of several codes with one word, those ticked or the first."""
    if field == "languages":
        return [_box(field, code, title, texts, code) for code, title in words.SPOKEN.items()]
    by_title: dict[str, list[str]] = {}
    for code, title in KNOWN[field].items():
        by_title.setdefault(spoken.gettext(title), []).append(code)
    shown = []
    for title, codes in sorted(by_title.items()):
        ticked = [code for code in codes if texts[box(field, code)]]
        shown += [_box(field, code, title, texts) for code in ticked or codes[:1]]
    return shown


def named(field: str, codes: Sequence[str], spoken: Language) -> list[str]:
    """Codes in words."""
    known = KNOWN[field]
    return [spoken.gettext(known[code]) if code in known else code for code in codes]


def _box(field: str, code: str, title: str, texts: Mapping[str, str], lang: str | None = None) -> Box:
    name = box(field, code)
    return Box(name, title, bool(texts[name]), lang)


def _code(field: str, word: str, spoken: Language | None) -> str:
    """The code that somebody means by a word: a code, a word of the page's language or of English, or a new code."""
    folded = word.casefold()
    for code, title in KNOWN[field].items():
        if folded in (code.casefold(), title.casefold(), spoken.gettext(title).casefold() if spoken else ""):
            return code
    return word if field == "languages" else re.sub(r"[\s_]+", "_", word.lower())
