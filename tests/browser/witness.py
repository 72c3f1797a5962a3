"""What a browser says and asks while pages are open in it."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

_STATUS = "Failed to load resource: the server responded with a status of"


class Witness:
    """Listens to all pages of a context."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)

    def testify(self) -> None:
        """Fail if a page complained (a violation of its Content-Security-Policy is a complaint) or went elsewhere."""
        assert self.complaints == []
        assert [each.url for each in self.requests if not each.url.startswith(self.base)] == []

    def forget(self) -> None:
        """From now on a new test looks."""
        self.complaints.clear()
        self.requests.clear()

    def _said(self, message: ConsoleMessage) -> None:
        # An error page is reported as a resource that failed to load.
        if message.type in ("error", "warning") and not message.text.startswith(_STATUS):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("data:", "about:")):
            self.requests.append(request)
