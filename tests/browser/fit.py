"""Whether a page fits: a window of 320 pixels, one of 1280 zoomed to 200 %, and text of double size."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

SIZES = ((320, 16), (640, 16), (640, 32))
"""The width of the window and the size of text, in pixels."""
OVERFLOW = """() => {
    const root = document.scrollingElement, wide = root.clientWidth;
    if (root.scrollWidth <= wide) return [];
    const out = [...document.body.querySelectorAll('*')].filter(each => {
        const box = each.getBoundingClientRect();
        return box.width && (box.right > wide + 1 || box.left < -1) && !each.matches('.skip');
    });
    return [`${root.scrollWidth} > ${wide}`, ...out.map(each => each.outerHTML.slice(0, 120))];
}"""
"""What sticks out of the window, as a function of JavaScript."""
_DIRECTED = f"direction => {{ document.documentElement.dir = direction; return ({OVERFLOW})() }}"


def overflows(page: Page, *directions: str) -> list[str]:
    """What sticks out sideways at each size, in both directions or in those that are named."""
    named = directions or ("ltr", "rtl")

    def look(at: str) -> list[str]:
        return [f"{at} {each}: {out}" for each in named for out in page.evaluate(_DIRECTED, each)]

    return at_each_size(page, look)


def at_each_size(page: Page, look: Callable[[str], list[str]]) -> list[str]:
    """What ``look`` finds at each size, whose name it is given."""
    developer = page.context.new_cdp_session(page)
    found = []
    for width, text in SIZES:
        page.set_viewport_size({"width": width, "height": 640})
        developer.send("Page.setFontSizes", {"fontSizes": {"standard": text}})
        found += look(f"{width} pixels, text of {text}")
    developer.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    developer.detach()
    return found
