"""Chromium as it is found on this machine, driven by Playwright: for the browser tests, the pictures and Lighthouse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """Where Chromium is: what ``CHROMIUM`` says, else the first of ``NAMES``; ``None`` if there is none."""
    return os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium. Raises ``FileNotFoundError`` where there is none."""
    from playwright.sync_api import sync_playwright

    where = path()
    if where is None:
        raise FileNotFoundError("There is no Chromium here (Debian: apt-get install chromium; or set CHROMIUM).")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=where, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
