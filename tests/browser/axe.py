"""axe-core, put into a page by the browser's own debugger: no page of ours lets a script in."""

from __future__ import annotations

from functools import lru_cache

from playwright.sync_api import Page

from tests import tools

_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations']});
    return found.violations.map(each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.html).join(' | ')}`);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, each with the elements concerned."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN)
    return found


@lru_cache(maxsize=1)
def _source() -> str:
    return tools.npm_file("axe-core/axe.min.js").read_text(encoding="utf-8")
