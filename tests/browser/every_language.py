"""A page looked at in every language on one visit.

A visit costs more than the look: so a page is opened once, and then what it answers in the other languages is put
into its place, under the same policy (that it is the same is checked). What a browser makes of bytes that it visits
and of bytes that are put in is the same, which is checked too, for each page.
"""

from __future__ import annotations

import gzip
from typing import Any

from playwright.sync_api import Page

from chalicelib.web import language
from tests.browser import axe, fit
from tests.browser.made import Made

MOST_BYTES = 14_000
_POLICY = "content-security-policy"
_TOOLS = f"""versions => {{
    window.versions = versions;
    window.show = version => {{
        const parsed = new DOMParser().parseFromString(version.html, 'text/html');
        document.replaceChild(document.adoptNode(parsed.documentElement), document.documentElement);
        if (version.dir) document.documentElement.dir = version.dir;
    }};
    window.overflow = {fit.OVERFLOW};
    window.violations = {axe.RUN};
}}"""
# Most of axe's rules look at the elements and their attributes, at colours, and at whether there is a name or a text,
# not at which. A document's form is all of that: where a form was looked at in one language, in the same direction and
# under the same sheet (the policy, which is the same, holds its hash), those rules would find the same again. What
# depends on the words, on their language or on their width is asked in every language; and all of it wherever the form
# is another one. Options and hidden inputs have no part in a form, being sorted by their words or naming the language;
# nor has the list of languages, in which each time another one is no link.
_OF_WORDS = [
    "document-title",
    "html-has-lang",
    "html-lang-valid",
    "html-xml-lang-mismatch",
    "image-redundant-alt",
    "label-content-name-mismatch",
    "label-title-only",
    "landmark-unique",
    "scrollable-region-focusable",
    "table-duplicate-name",
    "valid-lang",
]
_FORM = """() => {
    const words = ['alt', 'aria-label', 'datetime', 'lang', 'placeholder', 'title'], ways = ['action', 'href'];
    const worded = ({name, value}) => words.includes(name) || ways.includes(name) && !value.startsWith('#');
    const said = each => each.name + (worded(each) ? !!each.value.trim() : `=${each.value}`);
    const texts = each => [...each.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
    return document.documentElement.dir + [...document.body.querySelectorAll('*')]
        .filter(each => !each.closest('option, input[type=hidden], footer nav'))
        .map(each => [each.tagName, ...[...each.attributes].map(said), texts(each)].join(' ')).join();
}"""
_AXE = f"""async ofWords => {{
    const form = {_FORM}, forms = new Set(), found = [];
    for (const version of versions.filter(each => !each.dir)) {{
        show(version);
        const known = forms.has(form()), lang = document.documentElement.lang;
        forms.add(form());
        const out = await violations(known ? {{runOnly: ofWords}} : {{}});
        if (lang !== version.code) found.push(`${{version.code}}: says that it is ${{lang}}`);
        found.push(...out.map(each => `${{version.code}}: axe ${{each}}`));
    }}
    return found;
}}"""
_FIT = """at => versions.flatMap(version => {
    show(version);
    return overflow().map(each => `${version.code}: ${at} ${version.dir}: ${each}`);
})"""
_AS_VISITED = """html => {
    const visited = document.documentElement.outerHTML;
    show({html});
    return visited === document.documentElement.outerHTML;
}"""


def faults(page: Page, url: str, status: int, answers: dict[str, Made]) -> list[str]:
    """What is wrong with a page in any language: status, weight, requests, axe, what does not fit.

    ``answers``: what the address answers, by language.
    """
    asked: list[str] = []

    def note(request: Any) -> None:
        if request.url.startswith("http"):
            asked.append(request.url)

    page.on("request", note)
    page.set_viewport_size({"width": 360, "height": 740})
    answer = page.goto(url)
    assert answer is not None
    visited = Made(answer.status, answer.headers, answer.text())
    found = [f"{code}: {each}" for code, made in answers.items() for each in _of_bytes(made, status, visited)]
    found += [f"as visited: {each}" for each in _of_bytes(visited, status, visited)]
    axe.bring(page)
    page.evaluate(_TOOLS, [*_versions(answers)])
    if not page.evaluate(_AS_VISITED, visited.html):
        found.append("a page that is put in is not as if visited")
    found += page.evaluate(_AXE, _OF_WORDS)
    found += fit.at_each_size(page, lambda at: page.evaluate(_FIT, at))
    page.remove_listener("request", note)
    return [*found, *(f"asks for more: {each}" for each in asked[1:])]


def _of_bytes(made: Made, status: int, visited: Made) -> list[str]:
    found = []
    if made.status != status:
        found.append(f"status {made.status}")
    if (weight := len(gzip.compress(made.html.encode(), 6))) > MOST_BYTES:
        found.append(f"{weight} bytes")
    if made.headers[_POLICY] != visited.headers[_POLICY]:
        found.append(f"another policy: {made.headers[_POLICY]}")
    return found


def _versions(answers: dict[str, Made]) -> list[dict[str, str]]:
    """Each language in its own direction, and English from right to left too."""
    versions = [{"code": code, "html": made.html, "dir": ""} for code, made in answers.items()]
    return [*versions, {"code": language.DEFAULT, "html": answers[language.DEFAULT].html, "dir": "rtl"}]
