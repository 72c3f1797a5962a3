"""The Nu HTML Checker (vnu), on every kind of page in every language."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from chalicelib.web import language
from tests import tools
from tests.browser import addresses
from tests.browser.demo import Demo
from tests.browser.test_browser_pages import spoken
from tests.browser.test_browser_portal import PAGES

pytestmark = pytest.mark.xdist_group("browser")


def test_the_markup_of_every_page_in_every_language_is_valid(demo: Demo, tmp_path: Path):
    for number, address in enumerate(addresses.all_pages()):
        for code in language.offered():
            _keep(tmp_path, f"{number}-{code}", address, _read(spoken(demo.url(address), code)))
    assert _faults(tmp_path) == []


def test_the_markup_of_every_page_of_the_portal_is_valid(
    demo: Demo, owner: Page, owner_state: tuple[str, object], tmp_path: Path
):
    for number, address in enumerate(PAGES):
        for code in language.offered():
            answer = owner.goto(spoken(demo.base + address.format(factory=owner_state[0]), code))
            assert answer is not None
            _keep(tmp_path, f"{number}-{code}", address, answer.text())
    assert _faults(tmp_path) == []


def _keep(folder: Path, name: str, address: str, html: str) -> None:
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    (folder / f"{name}.txt").write_text(address, encoding="utf-8")


def _faults(folder: Path) -> list[str]:
    """What vnu calls an error or a warning in the pages of a folder, each with its address."""
    command = [tools.command("java"), "-jar", str(tools.npm_file("vnu-jar/build/dist/vnu.jar"))]
    pages = [str(path) for path in folder.glob("*.html")]
    said = subprocess.run(
        [*command, "--format", "json", "--stdout", "--exit-zero-always", *pages],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [
        f"{Path(each['url']).with_suffix('.txt').read_text()} {each['message']}: {each.get('extract', '')}"
        for each in json.loads(said.stdout)["messages"]
        if each["type"] == "error" or each.get("subType") == "warning"
    ]


def _read(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=20) as reply:
            return str(reply.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return str(error.read().decode())
