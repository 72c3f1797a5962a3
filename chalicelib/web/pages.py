"""HTML pages out of templates: everything escaped, no name left undefined, made flat when packaged.

How a template says something: ``{{ _("Valid until %(day)s", day=day(answer.certificate.valid_to)) }}``. The text of
the catalogue is escaped, and so is every value put into it that is not markup made by a helper (``voice.py``): neither
a translator nor a factory's name can bring markup into a page. A literal per cent sign is written ``%%``.

On a desk, and for what the inside shows, Jinja runs the templates. The public side's pages are made flat when they are
packaged (``infra/flat``): the same bytes, from a function that joins strings, without Jinja.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalicelib.web.voice import Voice

if TYPE_CHECKING:
    from datetime import datetime
    from types import ModuleType

    from jinja2 import BaseLoader, Environment

    from chalicelib.web.language import Language

SHEETS = ("style.css",)
"""The style sheets of a public page."""
_FLAT = "chalicelib.web.compiled"
_MOST_KEPT = 200
"""Pages, each in one language, whose unchanging texts are kept: some 20 kB each."""


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """The voice of pages that differ in nothing that all pages know, and by template what is the same on each."""

    voice: Voice
    texts: dict[str, tuple[Any, ...]]


_kept: dict[tuple[Any, ...], _Kept] = {}


def render(template: str, page: Page, **context: Any) -> str:
    """A page as HTML; of a ``.txt`` template plain text, in which nothing is escaped."""
    made = _made_flat(template)
    if made is None:
        from chalicelib.web import templating

        return templating.render(template, page, _style(page.sheets), context)
    kept = _kept_for(page)
    texts = kept.texts.get(template)
    if texts is None:
        if sum(len(each.texts) for each in _kept.values()) >= _MOST_KEPT:
            _kept.clear()
            kept = _kept_for(page)
        texts = kept.texts[template] = made.texts(page, kept.voice)
    return str(made.body(page, kept.voice, texts, context))


def _kept_for(page: Page) -> _Kept:
    spoken = page.language
    key = (spoken.code, spoken.asked, page.base_url, page.base_path, page.host, page.index, page.sheets)
    kept = _kept.get(key)
    if kept is None:
        kept = _kept[key] = _Kept(Voice(spoken, page.base_path, _style(page.sheets)), {})
    return kept


@cache
def _made_flat(template: str) -> ModuleType | None:
    """The module of a page that was made flat; ``None`` where Jinja runs the templates."""
    if _sheets() is None:
        return None
    return import_module(f"{_FLAT}.{module_name(template)}")


@cache
def _sheets() -> dict[str, str] | None:
    """The style sheets by name, squeezed when this was packaged."""
    try:
        found: dict[str, str] = import_module(f"{_FLAT}.sheets").SHEETS
    except ImportError:
        return None
    return found


def module_name(template: str) -> str:
    """What the module of a page that was made flat is called: ``factory.html`` → ``factory_html``."""
    return template.replace(".", "_")


def environment(loader: BaseLoader) -> Environment:
    """Jinja, set up in the one way in which our templates are written."""
    from chalicelib.web import templating

    return templating.environment(loader)


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
    squeezed = _sheets()
    if squeezed is not None:
        return "".join(squeezed[sheet] for sheet in sheets)
    from chalicelib.web import templating

    return "".join(squeeze(templating.templates().get_template(sheet).render()) for sheet in sheets)


def squeeze(sheet: str) -> str:
    """A style sheet without its comments and blanks."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", sheet).replace(";}", "}").strip()
