"""Lighthouse's mobile preset on the main pages of a demo world: ``python -m infra.lighthouse`` (``make lighthouse``).

Ends with 1 if a score of any page is below ``LEAST``. It is no part of ``make test``: it takes minutes, and a score
of performance is worth little while the machine does something else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from infra import browser
from infra.demo.running import ROOT, running
from infra.pictures import pages

LEAST = 0.98
PROGRAM = ROOT / "tests" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def main() -> int:
    """Print a line a page; ``DEMO=.local/demo.json`` takes a demo that runs already, with ``INDEX_PAGES=1``."""
    chromium = browser.path()
    if chromium is None or shutil.which("node") is None or not PROGRAM.exists():
        print("Lighthouse needs Chromium, Node and `npm ci --prefix tests/lighthouse`.", file=sys.stderr)
        return 2
    noted = os.environ.get("DEMO")
    with tempfile.TemporaryDirectory(prefix="factory-id-lighthouse-") as folder:
        own = running(Path(folder), INDEX_PAGES="1")
        with nullcontext(json.loads(Path(noted).read_text("utf-8"))) if noted else own as note:
            print(f"{'':<14}" + "".join(f"{category:>16}" for category in CATEGORIES))
            good = [_told(name, _scores(chromium, note["base_url"] + path)) for name, path in _addresses(note).items()]
    return 0 if all(good) else 1


def _addresses(note: dict[str, Any]) -> dict[str, str]:
    """The main pages; of the directory the one that search engines may list: lists of what was typed they may not."""
    return {**pages(note), "directory": "/factories"}


def _scores(chromium: str, url: str) -> dict[str, Any]:
    """The report of one page. Raises ``CalledProcessError`` if Lighthouse fails."""
    flags = " ".join(["--headless=new", *browser.ARGUMENTS])
    said = subprocess.run(
        [str(PROGRAM), url, "--output=json", "--quiet", f"--chrome-flags={flags}", "--no-enable-error-reporting"],
        env={**os.environ, "CHROME_PATH": chromium},
        stdout=subprocess.PIPE,
        check=True,
        timeout=180,
    )
    report: dict[str, Any] = json.loads(said.stdout)
    return report


def _told(name: str, report: dict[str, Any]) -> bool:
    """Print the scores of a page and what lowered them; says whether all are high enough."""
    scores = [float(report["categories"][category]["score"] or 0) for category in CATEGORIES]
    print(f"{name:<14}" + "".join(f"{score:>16.2f}" for score in scores), flush=True)
    good = all(score >= LEAST for score in scores)
    if not good:
        for audit in report["audits"].values():
            if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] != "informative":
                print(f"    {audit['id']}: {audit['title']} {audit.get('displayValue', '')}")
    return good


if __name__ == "__main__":
    sys.exit(main())
