"""HTML pages out of Jinja templates: autoescape on, no name left undefined, precompiled when packaged.

How a template says something: ``{{ _("Valid until %(day)s", day=day(answer.certificate.valid_to)) }}``. The text of
the catalogue is escaped, and so is every value put into it that is not markup made by a helper below: neither a
translator nor a factory's name can bring markup into a page. A literal per cent sign is written ``%%``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import BaseLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.domain import identity
from chalicelib.domain.phrase import Phrase
from chalicelib.web import claim_words, linked_data, words
from chalicelib.web import language as languages
from chalicelib.web.words import N_

if TYPE_CHECKING:
    from chalicelib.domain.disclosure import CertificateAnswer, PublicFactory
    from chalicelib.web.language import Language

_COMPILED = Path(__file__).with_name("compiled")
_SOURCES = Path(__file__).resolve().parents[2] / "templates"
SHEETS = ("style.css",)
"""The style sheets of a public page."""
_MOST_USEFUL = ("valid", "not_yet_valid", "suspended", "withdrawn", "expired", "unknown")


@dataclass(frozen=True, slots=True)
class Page:
    """What every page knows. ``path`` is its canonical path, without ``base_path``.

    ``checked_at`` is in UTC; ``None`` for a page that was made before anybody asked for it.
    """

    language: Language
    base_url: str
    base_path: str
    host: str
    path: str
    checked_at: datetime | None
    index: bool = True
    sheets: tuple[str, ...] = SHEETS


def render(template: str, page: Page, **context: Any) -> str:
    """A page as HTML; of a ``.txt`` template plain text, in which nothing is escaped."""
    env = _environment()
    speaker = None if _is_markup(template) else _PlainSpeaker(page)
    return env.get_template(template).render(**_helpers(page, speaker), **context)


def environment(loader: BaseLoader) -> Environment:
    """The one way to set Jinja up, for rendering and for compiling ahead."""
    env = Environment(  # nosec B701: on, but for mails in plain text
        loader=loader,
        autoescape=_is_markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=100,
    )
    env.globals.update(isolate=isolate, code=code, address_lines=address_lines)
    env.globals.update(linked=linked_data, claim_words=claim_words)
    env.filters.update(shown=identity.shown, ld=linked_data.element, useful_first=useful_first, count_valid=count_valid)
    env.filters.update(groupby_value=groupby_value, in_area=lambda topic, areas: areas[topic])
    return env


def _is_markup(template: str | None) -> bool:
    return not (template or "").endswith(".txt")


def style(sheets: tuple[str, ...] = SHEETS) -> str:
    """The style sheet as it stands in every page that is made with these sheets."""
    return _style(sheets)


@lru_cache(maxsize=4)
def style_hash(sheets: tuple[str, ...] = SHEETS) -> str:
    """What the Content-Security-Policy says of the style sheet: ``style-src 'sha256-…'``, without the quotes."""
    return hash_of(_style(sheets))


def hash_of(sheet: str) -> str:
    """The same of a style sheet that stands in one page only."""
    return "sha256-" + base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


@lru_cache(maxsize=4)
def _style(sheets: tuple[str, ...]) -> str:
    source = "".join(_environment().get_template(sheet).render() for sheet in sheets)
    sheet = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", sheet).replace(";}", "}").strip()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader: BaseLoader = ModuleLoader(str(_COMPILED)) if _COMPILED.is_dir() else FileSystemLoader(_SOURCES)
    return environment(loader)


def _helpers(page: Page, speaker: _Speaker | None = None) -> dict[str, Any]:
    """The names that a template may use: ``page``, and functions in the reader's language."""
    speak = speaker or _Speaker(page)
    return {
        "page": page,
        "css": Markup(_style(page.sheets)),  # nosec B704: our own style sheet
        "languages": [(code, languages.LANGUAGES[code]) for code in languages.offered()],
        "_": speak.text,
        "ngettext": speak.number,
        "say": speak.say,
        "word": speak.word,
        "day": speak.day,
        "moment": speak.moment,
        "country": speak.country,
        "link": speak.link,
        "other_language": speak.other_language,
        "source": speak.source,
        "description": speak.description,
        "own_words": speak.own_words,
    }


class _Speaker:
    """Says things in the language of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.language = page.language

    def text(self, message: str, **values: Any) -> Markup:
        """A text of the catalogue with its values."""
        return escape(self.language.gettext(message)) % values

    def number(self, singular: str, plural: str, number: int, **values: Any) -> Markup:
        """A text that depends on a number, which it names ``%(number)s``."""
        return escape(self.language.ngettext(singular, plural, number)) % {"number": number, **values}

    def say(self, message: str) -> Markup:
        """A text that code hands over: translated if the catalogue has it, else as it is, marked as English."""
        if not self.language.has(message):
            return Markup('<span lang="en" dir="ltr">%s</span>') % message
        if not isinstance(message, Phrase):
            return escape(self.language.gettext(message))
        return self.text(message.message, **{name: self._value(value) for name, value in message.values.items()})

    def _value(self, value: object) -> Markup:
        """A value of a phrase: a number, a code or somebody's words, which may run in another direction."""
        if isinstance(value, Phrase):
            return self.say(value)
        return self.day(value) if isinstance(value, date) else isolate(str(value))

    def word(self, kind: str, code: str) -> Markup:
        """A code of an open list in words; an unknown one as it was sent."""
        known = words.LISTS[kind].get(code)
        return escape(self.language.gettext(known)) if known else Markup("<bdi>%s</bdi>") % code

    def day(self, value: date | str) -> Markup:
        """A day in words; of an instant (RFC 3339), its day in UTC."""
        day = value if isinstance(value, date) else date.fromisoformat(value[:10])
        return Markup('<time datetime="%s">%s</time>') % (day.isoformat(), self.language.date(day))

    def moment(self, value: datetime) -> Markup:
        """An instant in words, to the minute, in UTC."""
        stamp = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Markup('<time datetime="%s">%s</time>') % (stamp, self.language.day_and_time(value))

    def country(self, code: str) -> str:
        """The name of a country."""
        return self.language.country(code)

    def link(self, path: str) -> str:
        """The address of another page here. It keeps the language that the reader asked for."""
        address = self.page.base_path + quote(path, safe="/?=&%")
        if not self.language.asked:
            return address or "/"
        return f"{address or '/'}{'&' if '?' in path else '?'}lang={self.language.code}"

    def other_language(self, code: str) -> str:
        """The address of this page in another language."""
        address = self.page.base_path + quote(self.page.path, safe="/?=&%")
        return f"{address}{'&' if '?' in address else '?'}lang={code}"

    def source(self, factory: PublicFactory, *fields: str) -> Markup:
        """Who said some fields and when, in a line; the newest of each source."""
        said: dict[str, str] = {}
        for field in fields:
            known = factory.sources.get(field)
            if known:
                said[known["source"]] = max(said.get(known["source"], ""), known["date"])
        texts = [self._source(who, on) for who, on in sorted(said.items(), reverse=True)]
        return Markup('<span class="source">%s</span>') % self.text(N_(", ")).join(texts) if texts else Markup("")

    def _source(self, who: str, on: str) -> Markup:
        if who == "ics_audit":
            return self.text(N_("from the ICS audit of %(day)s"), day=self.day(on))
        if who == "factory":
            return self.text(N_("from the factory, %(day)s"), day=self.day(on))
        if who == "staff":
            return self.text(N_("from the staff of this registry, %(day)s"), day=self.day(on))
        return self.text(N_("from a brand that it supplies, %(day)s"), day=self.day(on))

    def description(self, factory: PublicFactory) -> tuple[str, str] | None:
        """A factory's own words and their language: the reader's if there, else English, else any."""
        return self.own_words(factory.fields.get("descriptions") or {})

    def own_words(self, texts: Mapping[str, str]) -> tuple[str, str] | None:
        """Of texts by language the one for the reader: in the reader's language if there, else in English, else any."""
        for spoken in (self.language.code, "en", *texts):
            if spoken in texts:
                return str(texts[spoken]), spoken
        return None


class _PlainSpeaker(_Speaker):
    """Says things in plain text, for the text part of a mail: nothing is escaped, for nothing reads it as markup."""

    def text(self, message: str, **values: Any) -> Markup:
        """A text of the catalogue with its values."""
        return Markup(self.language.gettext(message) % {name: str(value) for name, value in values.items()})  # nosec B704: plain text

    def day(self, value: date | str) -> Markup:
        """A day in words."""
        return Markup(self.language.date(value if isinstance(value, date) else date.fromisoformat(value[:10])))  # nosec B704: plain text

    def moment(self, value: datetime) -> Markup:
        """An instant in words, to the minute, in UTC."""
        return Markup(self.language.day_and_time(value))  # nosec B704: plain text


def isolate(text: str) -> Markup:
    """A name or free text that may run in another direction than the sentence around it."""
    return Markup("<bdi>%s</bdi>") % text


def code(text: str) -> Markup:
    """A code or number, as it is printed."""
    return Markup('<bdi class="code">%s</bdi>') % text


def address_lines(factory: PublicFactory, fields: Mapping[str, Any] | None = None) -> list[str]:
    """The lines of an address as far as they are known, without the country: of a factory, or of other fields."""
    given = factory.fields if fields is None else fields
    known = {name: str(value) for name, value in given.items() if name in _ADDRESS and value}
    town = " ".join(known[name] for name in ("postal_code", "city") if name in known)
    return [line for line in (known.get("address", ""), town, known.get("region", "")) if line]


def groupby_value(named: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The names of a mapping by their values, both in order."""
    found: dict[str, list[str]] = {}
    for name, value in named.items():
        found.setdefault(value, []).append(name)
    return list(found.items())


_ADDRESS = ("address", "postal_code", "city", "region")


def useful_first(answers: Iterable[CertificateAnswer]) -> list[CertificateAnswer]:
    """Certificates in the order in which they help a reader: those that hold first, confirmed before declared."""
    return sorted(answers, key=lambda answer: (_MOST_USEFUL.index(answer.status), not answer.certificate.confirmed))


def count_valid(answers: Iterable[CertificateAnswer]) -> int:
    """How many certificates hold and are confirmed by their certifier."""
    return sum(answer.status == "valid" and answer.certificate.confirmed for answer in answers)
