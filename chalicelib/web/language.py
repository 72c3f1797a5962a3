"""Which language a reader gets, and how that language says things: texts, countries, dates.

Everything comes from Python modules that ``python -m infra.locales`` makes out of ``templates/messages`` and of the
CLDR (Unicode's Common Locale Data Repository); one language is loaded when somebody first asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from chalicelib.domain.phrase import Phrase

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "bn": "বাংলা",
    "tr": "Türkçe",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""The eight languages and their own names."""

DEFAULT = "en"
_LONGEST_HEADER = 500  # characters that are looked at; browsers send fewer than 100
_MOST_RANGES = 20


@dataclass(frozen=True, slots=True)
class Language:
    """One language. ``asked``: the reader chose it by ``?lang=``, so that links should carry it on."""

    code: str
    direction: str
    words: ModuleType
    asked: bool = False

    def gettext(self, message: str) -> str:
        """A text of the catalogue; the English one where there is no translation."""
        found = self.words.MESSAGES.get(message, message)
        return found if isinstance(found, str) else found[0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A text that depends on a number."""
        forms = self.words.MESSAGES.get(singular)
        if isinstance(forms, tuple):
            count = abs(number)
            place = count if count < 200 else 100 + count % 100
            return str(forms[int(self.words.PLURALS[place])])
        return singular if number == 1 else plural

    def has(self, text: str) -> bool:
        """Whether a text that code hands over can be said in this language."""
        message = text.message if isinstance(text, Phrase) else text
        return self.code == DEFAULT or message in self.words.MESSAGES

    def say(self, text: str) -> str:
        """A text that code hands over, a ``Phrase`` or not; the English one where there is no translation."""
        if not isinstance(text, Phrase):
            return self.gettext(text)
        return self.gettext(text.message) % {name: self._value(value) for name, value in text.values.items()}

    def _value(self, value: object) -> str:
        if isinstance(value, date):
            return self.date(value)
        return self.say(value) if isinstance(value, Phrase) else str(value)

    def country(self, code: str) -> str:
        """The name of a country (ISO 3166-1 alpha-2), or the code itself if it has none."""
        return str(self.words.COUNTRIES.get(code, code))

    def country_code(self, said: str) -> str | None:
        """The code of a country by its name in this language, whatever its case; ``None`` if no country has it."""
        wanted = said.strip().casefold()
        return next((code for code, name in self.words.COUNTRIES.items() if name.casefold() == wanted), None)

    def date(self, day: date) -> str:
        """A day in words: ``22 November 2026``."""
        month = self.words.MONTHS[day.month - 1]
        return str(self.words.DAY.format(day=day.day, month=month, month_number=day.month, year=day.year))

    def day_and_time(self, moment: datetime) -> str:
        """An instant in words, to the minute, in UTC: ``22 November 2026, 15:20 UTC``."""
        moment = moment.astimezone(UTC)
        return str(self.words.DAY_AND_TIME.format(f"{moment:%H:%M} UTC", self.date(moment.date())))


def choose(lang_param: str | None, accept_language: str | None) -> Language:
    """The language for a reader: ``?lang=`` wins, then ``Accept-Language`` by quality, else English. Never raises."""
    asked = _offered_code(lang_param or "")
    if asked:
        return replace(language(asked), asked=True)
    for wanted in _by_quality(accept_language or ""):
        code = _offered_code(wanted)
        if code:
            return language(code)
    return language(DEFAULT)


def offered() -> tuple[str, ...]:
    """Codes of the languages whose catalogue is complete enough to be read."""
    return tuple(import_module("chalicelib.web.locale").OFFERED)


@lru_cache(maxsize=len(LANGUAGES))
def language(code: str) -> Language:
    """One of ``LANGUAGES``, whether offered or not."""
    words = import_module(f"chalicelib.web.locale.{code}")
    return Language(code=code, direction=words.DIRECTION, words=words)


def _offered_code(tag: str) -> str | None:
    code = tag[:16].replace("_", "-").partition("-")[0].strip().lower()
    return code if code in LANGUAGES and code in offered() else None


def _by_quality(header: str) -> list[str]:
    """The language ranges of an Accept-Language header, most wanted first (RFC 9110, 12.5.4)."""
    ranges = []
    for part in header[:_LONGEST_HEADER].split(",")[:_MOST_RANGES]:
        tag, _, rest = part.partition(";")
        quality = _quality(rest)
        if tag.strip() and quality > 0:
            ranges.append((quality, tag.strip()))
    return [tag for _, tag in sorted(ranges, key=lambda entry: -entry[0])]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0 <= quality <= 1 else 0.0
