"""axe-core, put into a page by the browser's own debugger: no page of ours lets a script in."""

from __future__ import annotations

from functools import lru_cache

from playwright.sync_api import Page

from tests import tools

RUN = """async (chosen = {}) => {
    const options = {resultTypes: ['violations'], selectors: false, preload: false, ...chosen};
    const found = await axe.run(document, options);
    return found.violations.map(each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.html).join(' | ')}`);
}"""
"""What axe finds wrong, each with the elements concerned, as a function of JavaScript: of all rules, or of some.

``selectors``, ``preload``: no rule that runs here needs them (what is preloaded are sheets and films from elsewhere).
"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, each with the elements concerned."""
    bring(page)
    found: list[str] = page.evaluate(RUN)
    return found


def bring(page: Page) -> None:
    """Put axe into the page; it is there until the page is left."""
    page.evaluate(_source())


@lru_cache(maxsize=1)
def _source() -> str:
    return tools.npm_file("axe-core/axe.min.js").read_text(encoding="utf-8")
