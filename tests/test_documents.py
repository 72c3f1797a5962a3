"""What the documents name is there: files in the project, and the pages that they lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
OURS = ("bench", "chalicelib", "demo", "docs", "factory_id", "factory_labels", "infra", "photos", "templates", "tests")
FILE = re.compile(rf"`((?:{'|'.join(OURS)})/[\w./-]+\.(?:py|md|html|js|json|ya?ml|toml|csv))\b[^`]*`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "infra/*.md", "bench/**/*.md")
    for path in PROJECT.glob(pattern)
    if path.name != "on_paper.md"  # the template of docs/scale.md
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_whatever_a_page_names_or_leads_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [name for name in FILE.findall(text) if not (PROJECT / name).exists()]
    led_to = [name for name in LINK.findall(text) if not (page.parent / name).exists()]
    assert (named, led_to) == ([], [])
