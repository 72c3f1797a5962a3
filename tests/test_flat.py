"""Pages made flat say what Jinja says, byte for byte; and what cannot be made flat is refused when it is packaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup, escape

from infra import locales

locales.build()

import app  # noqa: E402
from bench import guard, guarded  # noqa: E402
from chalicelib.public import climate  # noqa: E402
from chalicelib.store import public_table  # noqa: E402
from chalicelib.web import flat as small  # noqa: E402
from chalicelib.web import language, pages, templating  # noqa: E402
from chalicelib.web.voice import Voice  # noqa: E402
from infra import flat  # noqa: E402
from infra import pages as made_ahead  # noqa: E402
from infra.package import SURFACES  # noqa: E402
from tests import test_pages_render as made_up  # noqa: E402

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
EVIL = "</script><b>&\"'%(x)s"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stage = tmp_path_factory.mktemp("flat")
    made_ahead.flatten_pages(TEMPLATES, stage, SURFACES["public"].without_pages)
    return stage / "chalicelib" / "web"


@pytest.fixture
def flattened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """From now on each page is rendered both ways, and held against each other. The templates that were."""
    seen: list[str] = []
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(pages, "_FLAT", "compiled")
    _forget()
    without_jinja = pages.render

    def both(template: str, page: pages.Page, **context: Any) -> str:
        expected = templating.render(template, page, pages.style(page.sheets), context)
        for _ in range(2):  # as it is made once, and as it was kept
            assert without_jinja(template, page, **context) == expected
        seen.append(template)
        return expected

    monkeypatch.setattr(pages, "render", both)
    yield seen
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    pages._sheets.cache_clear()
    pages._made_flat.cache_clear()
    pages._style.cache_clear()
    pages._kept.clear()


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_page_of_made_up_records_says_the_same_in_every_language(flattened, code):
    made_up.every_page(code)
    assert {"factory.html", "certificate.html", "product.html", "home.html", "problem.html"} <= {*flattened}


def test_every_public_route_says_the_same(flattened, monkeypatch):
    told = guard.world()
    monkeypatch.setattr(public_table, "_wire", guarded.Table(told["items"]))
    for asked in guarded.ASKED.values():
        for spoken in ("en", "ar"):
            event = guarded.event(*asked, told["names"])
            event["headers"]["Accept-Language"] = spoken
            assert app.app(event, None)["statusCode"] in (200, 303, 404)
    assert len(set(flattened)) > 15


@pytest.mark.usefixtures("flattened")
def test_words_of_others_stay_words():
    context = {"what": "search", "typed": EVIL}
    assert str(escape(EVIL)) in pages.render("not_found.html", made_up.page(), **context)


@pytest.mark.parametrize("sheets", [pages.SHEETS, climate.SHEETS])
@pytest.mark.usefixtures("flattened")
def test_the_style_is_the_same(sheets):
    squeezed = pages.style(sheets)
    sources = [(TEMPLATES / sheet).read_text("utf-8") for sheet in sheets]
    assert squeezed == pages.squeeze("\n".join(sources))


@pytest.mark.usefixtures("flattened")
def test_what_is_kept_is_kept_for_one_language_and_one_way_to_it():
    asked = language.choose("fr", None)
    assert "lang=fr" in pages.render("home.html", _page(asked))
    assert (
        "lang=fr"
        not in pages.render("home.html", _page(language.choose(None, "fr"))).split("<main")[1].split("<nav")[0]
    )
    assert 'lang="ar"' in pages.render("home.html", _page(language.choose(None, "ar")))


@pytest.mark.usefixtures("flattened")
def test_a_name_that_a_page_was_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        pages.render("not_found.html", made_up.page(), what="page")
    page = made_up.page()
    made = pages._made_flat("not_found.html")
    voice = Voice(page.language, "", "")
    with pytest.raises(NameError, match="typed"):
        made.body(page, voice, made.texts(page, voice), {"what": "page"})


@pytest.mark.usefixtures("flattened")
def test_no_more_is_kept_than_fits(monkeypatch):
    monkeypatch.setattr(pages, "_MOST_KEPT", 2)
    for code in language.LANGUAGES:
        pages.render("home.html", made_up.page(code))
    assert sum(len(each.texts) for each in pages._kept.values()) <= 2


def test_no_more_is_kept_than_fits_of_many_pages_in_few_languages(monkeypatch):
    made = SimpleNamespace(texts=lambda _page, _voice: ("text",), body=lambda *_rest: "body")
    monkeypatch.setattr(pages, "_made_flat", lambda _template: made)
    monkeypatch.setattr(pages, "_MOST_KEPT", 5)
    monkeypatch.setattr(pages, "_kept", {})
    for number in range(6):
        for code in ("en", "fr"):
            assert pages.render(f"{number}.html", made_up.page(code)) == "body"
            assert f"{number}.html" in pages._kept_for(made_up.page(code)).texts
            assert sum(len(each.texts) for each in pages._kept.values()) <= 5


def _page(spoken: language.Language) -> pages.Page:
    return pages.Page(spoken, "https://x.example", "/base", "x.example", "/p", datetime(2026, 11, 22, tzinfo=UTC))


class Record:
    name = "Müller & <Söhne>"
    kind = None


PARTS = {
    "base.html": "<{% block a %}base{% endblock %}|{% block b %}b{% endblock %}|{{ self.a() }}>",
    "row.html": "[{{ each }}{{ mark }}]",
    "macros.html": "{% set dot = '.' %}{% macro shout(what, times=2) %}{{ what }}{{ dot }}{{ times }}{% endmacro %}",
    "asks.html": "{% macro who() %}{{ x }}{% endmacro %}",
}
SNIPPETS = [
    "{{ x }}{{ html }}{{ n }}{{ record.name }}{{ held.name }}{{ held['name'] }}",
    "{% set y = 1 %}{% for i in many %}{% set y = y + i %}{{ y }}{% endfor %}{{ y }}",
    "{% if n > 2 %}{% set z = 'a' %}{% else %}{% set z = 'b' %}{% endif %}{{ z }}",
    "{% for i in many if i > 1 %}{{ loop.index }}{{ loop.first }}{{ i }}{% if not loop.last %}, {% endif %}"
    "{% endfor %}",
    "{% for i in empty %}{{ i }}{% else %}nothing{{ x }}{% endfor %}",
    "{% for a, b in pairs %}{{ a }}={{ b }};{% endfor %}{% for a, b in held.items() %}{{ a }}{{ b }}{% endfor %}",
    "{% for each in many %}{% set mark = '!' %}{% include 'row.html' %}{% endfor %}",
    "{% from 'macros.html' import shout %}{{ shout(x) }}{{ shout('<', times=3) }}",
    "{% import 'macros.html' as m with context %}{{ m.shout(html) }}",
    "{% from 'asks.html' import who with context %}{{ who() }}",
    "{% extends 'base.html' %}{% set t = x %}{% block a %}{{ t }}{{ super() }}{% endblock %}",
    "{{ '<' ~ x ~ n }}{{ html ~ x }}{{ ('<' ~ n)|length }}",
    "{{ x if n else html }}{{ x if not n }}{{ '&' if n else '' }}",
    "{{ n is none }}{{ record.kind is none }}{{ x is defined }}{{ y is defined }}{{ held.other is defined }}",
    "{{ n is even }}{{ n is none }}",
    "{{ many|length }}{{ many|reverse|list }}{{ many|join(', ') }}{{ '%g'|format(n) }}",
    "{{ x|replace('<', '(') }}{{ x|urlencode }}{{ html|striptags }}{{ n|string }}{{ many|unique|list }}",
    "{{ many|select('in', (1, 3))|list }}{{ many|reject('in', (1, 3))|list }}{{ html|safe }}{{ (7 / 2)|round|int }}",
    "{{ _('Valid') }}{{ _('Go to %(code)s', code=x) }}{{ _('Go to %(code)s', code=code(n)) }}{{ _('100 %%') }}",
    "{{ ngettext('%(number)s x', '%(number)s y', n) }}{{ word('status', 'valid') }}{{ word('status', x) }}",
    "{{ country('BD') }}{{ country(x) }}{{ day('2026-03-01') }}",
    "{{ link('/a') }}{{ link('/a b?c=' ~ x) }}{{ isolate(x) }}{{ code(html) }}{{ say('Valid') }}{{ say(x) }}",
    "{% for c, n in languages %}{% if c == page.language.code %}{{ n }}{% else %}{{ other_language('') }}{{ c }}100%"
    "{% endif %}{% endfor %}",
    "{% for c, n in languages %}{{ other_language(c) }}{{ x }}{% endfor %}",
    "{{ many[0] }}{{ x[:3] }}{{ pairs[1][0] }}{{ (1, 2)[1] }}{{ {'a': x}['a'] }}",
    "{{ n in many and not (n == 3 or 2 < n) }}",
    "{% if page.index %}i{% else %}{{ page.path }}{% endif %}{% if page.language.asked %}asked{% endif %}",
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_part_of_a_template_says_the_same(snippet):
    context = {
        "x": EVIL,
        "html": Markup("<i>&amp;</i>"),
        "n": 3,
        "many": [1, 2, 3],
        "empty": [],
        "pairs": [("a", "<"), ("b", EVIL)],
        "held": {"name": "<held>", "items_": 1},
        "record": Record(),
    }
    env = pages.environment(DictLoader({**PARTS, "snippet.html": snippet}))
    page = _page(language.choose("ar", None))
    voice = Voice(page.language, page.base_path, "")
    expected = env.get_template("snippet.html").render(**templating.helpers(page, voice), **context)
    module: dict[str, Any] = {}
    exec(compile(flat.source(env, "snippet.html"), "snippet", "exec"), module)
    assert module["body"](page, voice, module["texts"](page, voice), context) == expected


@pytest.mark.parametrize(
    "snippet",
    [
        "{% call x() %}{% endcall %}",
        "{{ x|tojson }}",
        "{{ x is mapping }}",
        "{% include name %}",
        "{% set f = code %}",
        "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
    ],
)
def test_what_is_not_understood_is_refused(snippet):
    env = pages.environment(DictLoader({"snippet.html": snippet}))
    with pytest.raises(flat.Unsupported, match=r"snippet\.html"):
        flat.source(env, "snippet.html")


@pytest.mark.parametrize("value", [EVIL, Markup("<b>"), 3, None, 2.5, language.DEFAULT, ["<"]])
def test_a_value_is_escaped_as_markupsafe_does(value):
    assert small.esc(value) == escape(value)
