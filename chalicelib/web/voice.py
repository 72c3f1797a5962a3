"""Says things in one language, as HTML: what templates call, whether Jinja runs them or they were made flat.

What is HTML is a plain ``str`` here: a page made flat puts it out as it is, and for Jinja it is marked as markup
(``templating.helpers``). Every text of the catalogue is escaped, and so is every value that is not markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.phrase import Phrase
from chalicelib.web import language as languages
from chalicelib.web import words
from chalicelib.web.flat import esc, isolate
from chalicelib.web.words import N_

if TYPE_CHECKING:
    from chalicelib.domain.disclosure import PublicFactory
    from chalicelib.web.language import Language
    from chalicelib.web.pages import Page

_SAFE = "/?=&%"
_AS_IT_IS = re.compile(r"[A-Za-z0-9_.~/?=&%-]*").fullmatch
_MOST_KEPT = 2000
"""Days and words that a voice keeps."""


class Voice:
    """The voice of all pages in one language, for readers who came to it in the same way."""

    def __init__(self, language: Language, base_path: str, css: str) -> None:
        self.language, self.base_path, self.css = language, base_path, css
        self.languages = [(code, languages.LANGUAGES[code]) for code in languages.offered()]
        self._kept: dict[Any, str] = {}
        self._here = ("", "")

    def pattern(self, message: str) -> str:
        """A text of the catalogue, with places for its values."""
        return esc(self.language.gettext(message))

    def text(self, message: str, **values: Any) -> str:
        """A text of the catalogue with its values."""
        return self.pattern(message) % {name: esc(value) for name, value in values.items()}

    def number(self, singular: str, plural: str, number: int, **values: Any) -> str:
        """A text that depends on a number, which it names ``%(number)s``. The values are HTML already."""
        return esc(self.language.ngettext(singular, plural, number)) % {"number": esc(number), **values}

    def say(self, message: str) -> str:
        """A text that code hands over: translated if the catalogue has it, else as it is, marked as English."""
        if not self.language.has(message):
            return f'<span lang="en" dir="ltr">{esc(message)!s}</span>'
        if not isinstance(message, Phrase):
            return self.pattern(message)
        return self.pattern(message.message) % {name: self._value(value) for name, value in message.values.items()}

    def _value(self, value: object) -> str:
        """A value of a phrase: a number, a code or somebody's words, which may run in another direction."""
        if isinstance(value, Phrase):
            return self.say(value)
        return self.day(value) if isinstance(value, date) else isolate(str(value))

    def word(self, kind: str, code: str) -> str:
        """A code of an open list in words; an unknown one as it was sent."""
        kept = self._kept.get((kind, code))
        if kept is not None:
            return kept
        known = words.LISTS[kind].get(code)
        return self._keep((kind, code), self.pattern(known)) if known else isolate(code)

    def day(self, value: date | str) -> str:
        """A day in words; of an instant (RFC 3339), its day in UTC."""
        kept = self._kept.get(value)
        return self._keep(value, self._day(value)) if kept is None else kept

    def _day(self, value: date | str) -> str:
        day = value if isinstance(value, date) else date.fromisoformat(value[:10])
        return f'<time datetime="{day.isoformat()}">{esc(self.language.date(day))!s}</time>'

    def moment(self, value: datetime) -> str:
        """An instant in words, to the minute, in UTC."""
        stamp = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f'<time datetime="{stamp}">{esc(self.language.day_and_time(value))!s}</time>'

    def country(self, code: str) -> str:
        """The name of a country."""
        return self.language.country(code)

    def link(self, path: str) -> str:
        """The address of another page here. It keeps the language that the reader asked for."""
        address = self.base_path + (path if _AS_IT_IS(path) else quote(path, safe=_SAFE))
        if not self.language.asked:
            return address or "/"
        return f"{address or '/'}{'&' if '?' in path else '?'}lang={self.language.code}"

    def other_language(self, page: Page, code: str) -> str:
        """The address of a page in another language."""
        path, address = self._here
        if path != page.path:
            address = self.base_path + quote(page.path, safe=_SAFE)
            address += "&lang=" if "?" in address else "?lang="
            self._here = page.path, address
        return address + code

    def source(self, factory: PublicFactory, *fields: str) -> str:
        """Who said some fields and when, in a line; the newest of each source."""
        said: dict[str, str] = {}
        for field in fields:
            known = factory.sources.get(field)
            if known:
                who, on = known["source"], known["date"]
                said[who] = max(said[who], on) if who in said else on
        newest = tuple(said.items() if len(said) < 2 else sorted(said.items(), reverse=True))
        kept = self._kept.get(newest)
        return self._keep(newest, self._sources(newest)) if kept is None else kept

    def _sources(self, newest: tuple[tuple[str, str], ...]) -> str:
        texts = [self._named(who) % {"day": self.day(on)} for who, on in newest]
        return f'<span class="source">{self.text(N_(", ")).join(texts)}</span>' if texts else ""

    def _named(self, who: str) -> str:
        if who == "ics_audit":
            return self.pattern(N_("from the ICS audit of %(day)s"))
        if who == "factory":
            return self.pattern(N_("from the factory, %(day)s"))
        if who == "staff":
            return self.pattern(N_("from the staff of this registry, %(day)s"))
        return self.pattern(N_("from a brand that it supplies, %(day)s"))

    def description(self, factory: PublicFactory) -> tuple[str, str] | None:
        """A factory's own words and their language: the reader's if there, else English, else any."""
        return self.own_words(factory.fields.get("descriptions") or {})

    def own_words(self, texts: Mapping[str, str]) -> tuple[str, str] | None:
        """Of texts by language the one for the reader: in the reader's language if there, else in English, else any."""
        for spoken in (self.language.code, "en", *texts):
            if spoken in texts:
                return str(texts[spoken]), spoken
        return None

    def _keep(self, name: Any, said: str) -> str:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[name] = said
        return said


class PlainVoice(Voice):
    """Says things in plain text, for the text part of a mail: nothing is escaped, for nothing reads it as markup."""

    def text(self, message: str, **values: Any) -> str:
        """A text of the catalogue with its values."""
        return self.language.gettext(message) % {name: str(value) for name, value in values.items()}

    def _day(self, value: date | str) -> str:
        return self.language.date(value if isinstance(value, date) else date.fromisoformat(value[:10]))

    def moment(self, value: datetime) -> str:
        """An instant in words, to the minute, in UTC."""
        return self.language.day_and_time(value)
