"""Pictures of the main pages for the README and ``docs/pictures``: ``python -m infra.pictures`` (``make pictures``).

It starts a demo world of its own, and takes each page narrow and wide, in English and, where it is offered, in Arabic.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from infra import locales
from infra.browser import chromium
from infra.demo.running import ROOT, running

TARGET = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
WIDTHS = {360: 740, 1280: 900}
"""Width of the window → the height of what is first seen, in CSS pixels."""
LANGUAGES = ("en", "ar")
_COLOURS = (256, 128, 64, 32)
_GAP = 24


def main() -> int:
    """Write all pictures; ``DEMO=.local/demo.json`` takes a demo that runs already."""
    locales.build()
    noted = os.environ.get("DEMO")
    with tempfile.TemporaryDirectory(prefix="factory-id-pictures-") as folder:
        own = running(Path(folder))
        with nullcontext(json.loads(Path(noted).read_text("utf-8"))) if noted else own as note, chromium() as browser:
            TARGET.mkdir(parents=True, exist_ok=True)
            _all(browser, note)
    return 0


def _all(browser: Browser, note: dict[str, Any]) -> None:
    from chalicelib.web import language

    for code in LANGUAGES:
        if code not in language.offered():
            print(f"{language.LANGUAGES[code]} is not offered yet: no pictures in it.", file=sys.stderr)
            continue
        for name, path in pages(note).items():
            for width, height in WIDTHS.items():
                taken = shot(browser, f"{note['base_url']}{path}", code, width, height)
                save(taken, TARGET / f"{name}-{width}-{code}.png")
    save(overview(browser, note), TARGET / "overview.png")


def pages(note: dict[str, Any]) -> dict[str, str]:
    """The five main pages: name → path."""
    return {
        "home": "/",
        "factory": f"/f/{note['factory']}",
        "certificate": f"/c/{note['certificates']['valid']}",
        "product": f"/01/{note['gtin']}",
        "directory": "/factories?q=knit",
    }


def shot(browser: Browser, url: str, code: str, width: int, height: int) -> Image.Image:
    """What is first seen of a page in a language, at one device pixel a CSS pixel; two on a phone."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2 if width < 600 else 1, locale=code
    )
    try:
        page = context.new_page()
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={code}")
        return Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    finally:
        context.close()


def overview(browser: Browser, note: dict[str, Any]) -> Image.Image:
    """A factory's page beside a valid and a withdrawn certificate, as phones show them."""
    paths = [
        f"/f/{note['factory']}",
        f"/c/{note['certificates']['valid']}",
        f"/c/{note['certificates']['withdrawn']}",
    ]
    taken = [shot(browser, f"{note['base_url']}{path}", "en", 360, 740) for path in paths]
    width, height = taken[0].size
    sheet = Image.new("RGB", (len(taken) * (width + _GAP) + _GAP, height + 2 * _GAP), "#b6c0c6")
    for place, picture in enumerate(taken):
        sheet.paste(picture, (_GAP + place * (width + _GAP), _GAP))
    return sheet


def save(picture: Image.Image, path: Path) -> None:
    """As a PNG of at most ``MOST_BYTES``, with as many colours as fit; raises ``ValueError`` if none do."""
    for colours in _COLOURS:
        held = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            held, "PNG", optimize=True
        )
        if held.tell() <= MOST_BYTES:
            path.write_bytes(held.getvalue())
            print(
                f"{os.path.relpath(path)}: {picture.width} × {picture.height}, {held.tell():,} bytes, {colours} colours"
            )
            return
    raise ValueError(f"{path.name} is over {MOST_BYTES} bytes even with {_COLOURS[-1]} colours")


if __name__ == "__main__":
    sys.exit(main())
