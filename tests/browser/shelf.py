"""What pages answer in each language, asked once for all tests that look at the bytes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import APIRequestContext

from chalicelib.web import language
from tests.browser.demo import Demo
from tests.browser.made import Made


def spoken(url: str, code: str) -> str:
    """An address in a language."""
    return f"{url}{'&' if '?' in url else '?'}lang={code}"


class Shelf:
    """The answers of public pages and, to people who signed in, of the portal's: by language."""

    def __init__(self, demo: Demo, asker: Callable[[str], APIRequestContext]) -> None:
        self._demo = demo
        self._asker = asker
        self._kept: dict[tuple[str, str], dict[str, Made]] = {}

    def public(self, address: str) -> dict[str, Made]:
        """What a public page answers."""
        return self._held("", address, self._public)

    def portal(self, who: str, address: str) -> dict[str, Made]:
        """What a page of the portal answers to ``factory``, ``member``, ``certifier`` or ``staff``."""

        def ask(url: str) -> Made:
            answer = self._asker(who).get(url)
            return Made(answer.status, answer.headers, answer.text())

        return self._held(who, address, ask)

    def _public(self, url: str) -> Made:
        with self._demo.asked(url) as reply:
            return Made.of(reply)

    def _held(self, who: str, address: str, ask: Callable[[str], Made]) -> dict[str, Made]:
        if (who, address) not in self._kept:
            url = self._demo.url(address)
            self._kept[who, address] = {code: ask(spoken(url, code)) for code in language.offered()}
        return self._kept[who, address]
