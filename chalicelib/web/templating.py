"""Jinja, set up in the one way in which our templates are written. A page that was made flat does without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.domain import identity
from chalicelib.web import claim_words, flat, linked_data
from chalicelib.web.listed import address_lines, count_valid, groupby_value, useful_first
from chalicelib.web.voice import PlainVoice, Voice

if TYPE_CHECKING:
    from chalicelib.web.pages import Page

COMPILED = Path(__file__).with_name("compiled")
_SOURCES = Path(__file__).resolve().parents[2] / "templates"


def render(template: str, page: Page, css: str, context: dict[str, Any]) -> str:
    """A page as HTML; of a ``.txt`` template plain text, in which nothing is escaped."""
    voice = (Voice if _is_markup(template) else PlainVoice)(page.language, page.base_path, css)
    return templates().get_template(template).render(**helpers(page, voice), **context)


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
    env.globals.update(isolate=_marked(flat.isolate), code=_marked(flat.code), address_lines=address_lines)
    env.globals.update(linked=linked_data, claim_words=claim_words)
    env.filters.update(shown=identity.shown, ld=linked_data.element, useful_first=useful_first, count_valid=count_valid)
    env.filters.update(groupby_value=groupby_value, in_area=lambda topic, areas: areas[topic])
    return env


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates: as they were compiled when this was packaged, else their sources."""
    return environment(ModuleLoader(str(COMPILED)) if COMPILED.is_dir() else FileSystemLoader(_SOURCES))


def helpers(page: Page, voice: Voice) -> dict[str, Any]:
    """The names that a template may use: ``page``, and functions in the reader's language."""
    return {
        "page": page,
        "css": Markup(voice.css),  # nosec B704: our own style sheet
        "languages": voice.languages,
        "_": _marked(voice.text),
        "ngettext": _numbered(voice),
        "say": _marked(voice.say),
        "word": _marked(voice.word),
        "day": _marked(voice.day),
        "moment": _marked(voice.moment),
        "country": voice.country,
        "link": voice.link,
        "other_language": lambda code: voice.other_language(page, code),
        "source": _marked(voice.source),
        "description": voice.description,
        "own_words": voice.own_words,
    }


def _is_markup(template: str | None) -> bool:
    return not (template or "").endswith(".txt")


def _marked(says: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *given, **values: Markup(says(*given, **values))  # nosec B704: it escapes what it is given


def _numbered(voice: Voice) -> Callable[..., Markup]:
    def number(singular: str, plural: str, number: int, **values: Any) -> Markup:
        escaped = {name: escape(value) for name, value in values.items()}
        return Markup(voice.number(singular, plural, number, **escaped))  # nosec B704: escaped

    return number
