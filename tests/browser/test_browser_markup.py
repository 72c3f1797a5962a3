"""The Nu HTML Checker (vnu), on every kind of page in every language."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from chalicelib.web import language
from tests import tools
from tests.browser import addresses, made
from tests.browser.demo import Demo
from tests.browser.shelf import Shelf
from tests.browser.test_browser_portal import PAGES

pytestmark = pytest.mark.xdist_group("browser")


def test_the_markup_of_every_page_in_every_language_is_valid(
    demo: Demo, shelf: Shelf, owner_state: tuple[str, object], tmp_path: Path
):
    signed_in_pages = 0
    for number, address in enumerate(addresses.all_pages()):
        _keep(tmp_path, f"{number}", address, shelf.public(address))
    for name, make in made.KINDS.items():
        _keep(tmp_path, f"made-{name}", name, {code: make(demo, code) for code in language.offered()})
    for number, (who, address) in enumerate(PAGES):
        answers = shelf.portal(who, address.format(factory=owner_state[0]))
        for code, answer in answers.items():
            assert answer.headers["content-language"] == code
            signed_in_pages += "/portal/sign-out" in answer.html
        _keep(tmp_path, f"portal-{number}", f"{who} {address}", answers)
    assert signed_in_pages > len(PAGES)
    assert _faults(tmp_path) == []


def _keep(folder: Path, name: str, address: str, answers: dict[str, made.Made]) -> None:
    for code, answer in answers.items():
        (folder / f"{code}-{name}.html").write_text(answer.html, encoding="utf-8")
        (folder / f"{code}-{name}.txt").write_text(f"{code} {address}", encoding="utf-8")


def _faults(folder: Path) -> list[str]:
    """What vnu calls an error or a warning in the pages of a folder, each with its address."""
    command = [tools.command("java"), "-jar", str(tools.npm_file("vnu-jar/build/dist/vnu.jar"))]
    pages = [str(path) for path in folder.glob("*.html")]
    said = subprocess.run(
        [*command, "--format", "json", "--stdout", "--exit-zero-always", "--no-langdetect", *pages],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [
        f"{_address(each['url'])} {each['message']}: {each.get('extract', '')}"
        for each in json.loads(said.stdout)["messages"]
        if each["type"] == "error" or each.get("subType") == "warning"
    ]


def _address(url: str) -> str:
    return Path(url.removeprefix("file:")).with_suffix(".txt").read_text(encoding="utf-8")
